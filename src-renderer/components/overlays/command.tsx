import { Command as Primitive } from 'cmdk';
import { Search } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '../ui/cn.ts';
import { markTexts } from '../ui/foreign-text.tsx';

/** A list that is filtered as one types. */
export function Command({ className, ...props }: ComponentProps<typeof Primitive>) {
  return <Primitive className={cn('flex min-h-0 flex-col', className)} {...props} />;
}

/** The search field of a `Command`. */
export function CommandInput({ className, ...props }: ComponentProps<typeof Primitive.Input>) {
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 border-b px-3">
      <Search aria-hidden="true" className="size-4 shrink-0 text-faint" />
      <Primitive.Input
        className={cn('h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint', className)}
        {...props}
      />
    </div>
  );
}

/** The scrolling list of a `Command`. */
export function CommandList({ className, ...props }: ComponentProps<typeof Primitive.List>) {
  return <Primitive.List className={cn('min-h-0 flex-1 overflow-y-auto p-1', className)} {...props} />;
}

/** Shown when nothing matches. */
export function CommandEmpty(props: ComponentProps<typeof Primitive.Empty>) {
  return <Primitive.Empty className="p-4 text-center text-muted" {...props} />;
}

/** A titled group of items. */
export function CommandGroup({ className, ...props }: ComponentProps<typeof Primitive.Group>) {
  return (
    <Primitive.Group
      className={cn(
        '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted',
        className,
      )}
      {...props}
    />
  );
}

/** One choice. */
export function CommandItem({ className, children, ...props }: ComponentProps<typeof Primitive.Item>) {
  return (
    <Primitive.Item
      className={cn(
        'flex min-h-8 items-center gap-2 rounded-sm px-2 py-1 select-none data-[disabled=true]:opacity-50 data-[selected=true]:bg-active [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-muted',
        className,
      )}
      {...props}
    >
      {markTexts(children)}
    </Primitive.Item>
  );
}
