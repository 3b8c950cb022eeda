import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A region that scrolls on its own; reachable by keyboard, so name it when nothing inside takes the focus. */
export function ScrollArea({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('min-h-0 overflow-auto overscroll-contain', className)} {...props} />;
}
