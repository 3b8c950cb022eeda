import { Switch as Primitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../components/ui/cn.ts';

/** On or off, with effect at once. */
export function Switch({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        'h-4.5 w-8 shrink-0 rounded-full border border-transparent bg-faint transition-colors focus-visible:outline-offset-2 disabled:opacity-50 data-[state=checked]:bg-accent',
        className,
      )}
      {...props}
    >
      <Primitive.Thumb className="block size-3.5 translate-x-px rounded-full bg-background shadow-sm transition-transform data-[state=checked]:translate-x-[14px]" />
    </Primitive.Root>
  );
}
