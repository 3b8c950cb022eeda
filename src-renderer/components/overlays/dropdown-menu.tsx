import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { type MenuEntry, MenuLines, menuClass } from './menu-parts.tsx';

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
          <MenuLines parts={Primitive} entries={entries} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
