import { Check, Minus } from 'lucide-react';
import { Checkbox as Primitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../components/ui/cn.ts';

/** Chosen, not chosen, or (`'indeterminate'`) partly chosen. */
export function Checkbox({ className, checked, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      checked={checked}
      className={cn(
        'flex size-4 shrink-0 items-center justify-center rounded-sm border border-faint bg-background focus-visible:outline-offset-1 disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent',
        className,
      )}
      {...props}
    >
      <Primitive.Indicator className="text-accent-foreground [&_svg]:size-3 [&_svg]:stroke-3">
        {checked === 'indeterminate' ? <Minus /> : <Check />}
      </Primitive.Indicator>
    </Primitive.Root>
  );
}
