import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { type MenuEntry, MenuLines, menuClass } from './menu-parts.tsx';

export interface DropdownMenuProps {
  /** The button that opens it. */
  readonly children: ReactNode;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
  /** Open as soon as it is there. */
  readonly defaultOpen?: boolean;
  /** Called when it is closed; true keeps the focus from going back to the button. */
  readonly onClosed?: () => boolean;
}

/** A menu under a button. */
export function DropdownMenu({ children, entries, align = 'end', defaultOpen, onClosed }: DropdownMenuProps) {
  return (
    <Primitive.Root {...(defaultOpen !== undefined && { defaultOpen })}>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          sideOffset={4}
          className={menuClass}
          onCloseAutoFocus={(event) => onClosed?.() && event.preventDefault()}
        >
          <MenuLines parts={Primitive} entries={entries} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
