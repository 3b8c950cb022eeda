import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';
import { dangerClass, itemClass, type MenuEntry, MenuLine, menuClass } from './menu-parts.tsx';

export interface DropdownMenuProps {
  /** The button that opens it. */
  readonly children: ReactNode;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}

/** A menu under a button. */
export function DropdownMenu({ children, entries, align = 'end' }: DropdownMenuProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content align={align} sideOffset={4} className={menuClass}>
          {entries.map((entry, index) => (
            <Entry key={'label' in entry ? entry.label : `separator-${index}`} entry={entry} />
          ))}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  if (entry.kind === 'separator') return <Primitive.Separator className="mx-1 my-1 h-px bg-border" />;
  if (entry.kind === 'label') {
    return <Primitive.Label className="px-2 py-1 text-xs text-muted">{entry.label}</Primitive.Label>;
  }
  return (
    <Primitive.Item
      className={cn(itemClass, entry.danger && dangerClass)}
      disabled={entry.disabled}
      onSelect={entry.onSelect}
    >
      <MenuLine entry={entry} />
    </Primitive.Item>
  );
}
