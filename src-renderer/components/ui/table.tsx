import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A dense table with a header that stays in sight. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return <table className={cn('w-full border-separate border-spacing-0 text-left', className)} {...props} />;
}

/** A header cell. */
export function TableHead({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={cn('sticky top-0 h-7 border-b bg-background px-2 text-xs font-medium text-muted', className)}
      {...props}
    />
  );
}

/** A row; give it `data-selected` when it is. */
export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('hover:bg-hover data-selected:bg-accent-soft', className)} {...props} />;
}

/** A cell. */
export function TableCell({ className, ...props }: ComponentProps<'td'>) {
  return <td className={cn('border-b px-2 py-1 align-top', className)} {...props} />;
}
