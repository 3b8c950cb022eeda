import type { ComponentProps } from 'react';
import { cn } from '../components/ui/cn.ts';

export const inputClass =
  'w-full min-w-0 rounded-md border border-border-strong bg-background px-2 text-base text-foreground placeholder:text-faint transition-colors hover:border-faint focus-visible:outline-2 focus-visible:outline-accent disabled:opacity-50 aria-invalid:border-danger';

/** A one-line text field. */
export function Input({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input dir="auto" autoComplete="off" spellCheck={false} className={cn(inputClass, 'h-7', className)} {...props} />
  );
}
