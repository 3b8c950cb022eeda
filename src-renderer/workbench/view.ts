import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { CommandId } from '../../src-core/desktop/commands.ts';

/** A part of the product with an icon in the activity bar. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Shows the view. */
  readonly command: CommandId;
  /** Its list in the side bar. */
  readonly Side: ComponentType;
  /** Always there, to carry out commands that work from every view, with their dialogs. */
  readonly Commands?: ComponentType;
  /** A group of the command palette: what is found for the words that are typed there. */
  readonly PaletteHits?: ComponentType<PaletteHitsProps>;
}

export interface PaletteHitsProps {
  readonly query: string;
  /** Closes the palette when one of them is opened. */
  readonly onOpened: () => void;
}

export interface EditorProps {
  /** What the tab shows, as in the id of a prompt. */
  readonly id: string;
  /** Key of the tab, for `describeTab`. */
  readonly tabKey: string;
}

/** Shows tabs of one kind. Only the active tab is mounted: state that must outlive a switch belongs in a store. */
export interface Editor {
  readonly kind: string;
  readonly icon: LucideIcon;
  readonly Component: ComponentType<EditorProps>;
}
