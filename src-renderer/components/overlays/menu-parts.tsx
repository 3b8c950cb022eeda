import { ChevronRight } from 'lucide-react';
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
  | {
      readonly kind: 'menu';
      readonly label: string;
      readonly icon?: ReactNode;
      readonly entries: readonly MenuEntry[];
    }
  | { readonly kind: 'separator' }
  | { readonly kind: 'label'; readonly label: string };

export const menuClass =
  'z-50 min-w-44 max-h-(--radix-popper-available-height) animate-pop-in overflow-y-auto rounded-lg border border-border-strong bg-raised p-1 shadow-popup';
const itemClass =
  'flex h-7 items-center gap-2 rounded-sm px-2 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-active data-[state=open]:bg-active [&_svg]:size-3.5 [&_svg]:text-muted';
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
  readonly Sub: ComponentType<{ readonly children: ReactNode }>;
  readonly SubTrigger: ComponentType<{ readonly className: string; readonly children: ReactNode }>;
  readonly SubContent: ComponentType<{ readonly className: string; readonly children: ReactNode }>;
  readonly Portal: ComponentType<{ readonly children: ReactNode }>;
}

/** The lines of a menu. */
export function MenuLines({ parts, entries }: { readonly parts: LineParts; readonly entries: readonly MenuEntry[] }) {
  return entries.map((entry, index) => (
    <Line key={'label' in entry ? entry.label : `separator-${index}`} parts={parts} entry={entry} />
  ));
}

function Line({ parts, entry }: { readonly parts: LineParts; readonly entry: MenuEntry }) {
  const { Item, Label, Separator } = parts;
  if (entry.kind === 'separator') return <Separator className="mx-1 my-1 h-px bg-border" />;
  if (entry.kind === 'label') return <Label className="px-2 py-1 text-xs text-muted">{entry.label}</Label>;
  if (entry.kind === 'menu') return <SubMenu parts={parts} entry={entry} />;
  return (
    <Item className={cn(itemClass, entry.danger && dangerClass)} disabled={entry.disabled} onSelect={entry.onSelect}>
      <Content entry={entry} />
    </Item>
  );
}

interface SubMenuProps {
  readonly parts: LineParts;
  readonly entry: Extract<MenuEntry, { readonly kind: 'menu' }>;
}

function SubMenu({ parts, entry: { icon, label, entries } }: SubMenuProps) {
  const { Sub, SubTrigger, SubContent, Portal } = parts;
  return (
    <Sub>
      <SubTrigger className={itemClass}>
        {icon}
        <span className="flex-1 truncate">
          <ForeignText text={label} />
        </span>
        <ChevronRight aria-hidden="true" className="ml-4" />
      </SubTrigger>
      <Portal>
        <SubContent className={menuClass}>
          <MenuLines parts={parts} entries={entries} />
        </SubContent>
      </Portal>
    </Sub>
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
