import type { ComponentProps } from 'react';
import { cn } from '../components/ui/cn.ts';
import { inputClass } from './input.tsx';

/** A text field that grows with its text. */
export function Textarea({ className, rows = 2, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      dir="auto"
      rows={rows}
      spellCheck={false}
      className={cn(inputClass, 'field-sizing-content max-h-72 foreign resize-y py-1', className)}
      {...props}
    />
  );
}
