import { ContextMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { type MenuEntry, MenuLines, menuClass } from './menu-parts.tsx';

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
          <MenuLines parts={Primitive} entries={entries} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
