import { ToggleGroup as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../components/ui/cn.ts';

export interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly className?: string;
}

/** One of two or three, all in sight. */
export function Segments<Value extends string>({ label, value, onChange, options, className }: SegmentsProps<Value>) {
  return (
    <Primitive.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next !== '' && onChange(next as Value)}
      className={cn('inline-flex h-7 shrink-0 rounded-md border border-border-strong bg-panel p-0.5', className)}
    >
      {options.map((option) => (
        <Primitive.Item
          key={option.value}
          value={option.value}
          className="rounded-sm px-2 text-sm text-muted select-none hover:text-foreground data-[state=on]:bg-background data-[state=on]:text-foreground data-[state=on]:shadow-sm dark:data-[state=on]:bg-active"
        >
          {option.label}
        </Primitive.Item>
      ))}
    </Primitive.Root>
  );
}
