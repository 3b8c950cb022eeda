import type { ReactNode } from 'react';
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
export const itemClass =
  'flex h-7 items-center gap-2 rounded-sm px-2 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-active [&_svg]:size-3.5 [&_svg]:text-muted';
export const dangerClass = 'text-danger [&_svg]:text-danger';

/** Icon, label and shortcut of a menu line. */
export function MenuLine({ entry }: { readonly entry: Extract<MenuEntry, { label: string; onSelect: () => void }> }) {
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
