import type { ComponentType, ReactNode } from 'react';
import { cn } from '../ui/cn.ts';
import { ForeignText } from '../ui/foreign-text.tsx';
import { Kbd } from '../ui/kbd.tsx';

/** One line of a dropdown or context menu. */
export type MenuEntry =
  | {
      readonly kind?: 'item';
      readonly label: string;
      readonly icon?: ReactNode;
      /** As in `Mod+D`. */
      readonly shortcut?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly onSelect: () => void;
    }
  | { readonly kind: 'separator' }
  | { readonly kind: 'label'; readonly label: string };

export const menuClass =
  'z-50 min-w-44 max-h-(--radix-popper-available-height) animate-pop-in overflow-y-auto rounded-lg border border-border-strong bg-raised p-1 shadow-popup';
const itemClass =
  'flex h-7 items-center gap-2 rounded-sm px-2 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-active [&_svg]:size-3.5 [&_svg]:text-muted';
const dangerClass = 'text-danger [&_svg]:text-danger';

/** What Radix has for the lines of a dropdown and of a context menu. */
interface LineParts {
  readonly Item: ComponentType<{
    readonly className: string;
    readonly disabled: boolean | undefined;
    readonly onSelect: () => void;
    readonly children: ReactNode;
  }>;
  readonly Label: ComponentType<{ readonly className: string; readonly children: ReactNode }>;
  readonly Separator: ComponentType<{ readonly className: string }>;
}

/** The lines of a menu. */
export function MenuLines({ parts, entries }: { readonly parts: LineParts; readonly entries: readonly MenuEntry[] }) {
  return entries.map((entry, index) => (
    <Line key={'label' in entry ? entry.label : `separator-${index}`} parts={parts} entry={entry} />
  ));
}

function Line({ parts: { Item, Label, Separator }, entry }: { readonly parts: LineParts; readonly entry: MenuEntry }) {
  if (entry.kind === 'separator') return <Separator className="mx-1 my-1 h-px bg-border" />;
  if (entry.kind === 'label') return <Label className="px-2 py-1 text-xs text-muted">{entry.label}</Label>;
  return (
    <Item className={cn(itemClass, entry.danger && dangerClass)} disabled={entry.disabled} onSelect={entry.onSelect}>
      <Content entry={entry} />
    </Item>
  );
}

/** Icon, label and shortcut of a menu line. */
function Content({ entry }: { readonly entry: Extract<MenuEntry, { label: string; onSelect: () => void }> }) {
  return (
    <>
      {entry.icon}
      <span className="flex-1 truncate">
        <ForeignText text={entry.label} />
      </span>
      {entry.shortcut !== undefined && <Kbd shortcut={entry.shortcut} className="ml-4" />}
    </>
  );
}
