import { ContextMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';
import { dangerClass, itemClass, type MenuEntry, MenuLine, menuClass } from './menu-parts.tsx';

export interface ContextMenuProps {
  /** What is clicked with the right button (or Shift+F10). */
  readonly children: ReactNode;
  readonly entries: readonly MenuEntry[];
}

/** A menu at the pointer. Whatever it offers must be reachable in another way too. */
export function ContextMenu({ children, entries }: ContextMenuProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className={menuClass}>
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
