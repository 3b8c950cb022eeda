import { Popover as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';

export interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly className?: string;
  readonly 'aria-label'?: string;
}

/** A small panel at a button. */
export function Popover({
  trigger,
  children,
  open,
  onOpenChange,
  align = 'start',
  side,
  className,
  ...props
}: PopoverProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cn(
            'z-50 animate-pop-in rounded-lg border border-border-strong bg-raised p-3 shadow-popup focus:outline-none',
            className,
          )}
          {...props}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
