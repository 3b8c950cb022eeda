import { cn } from './cn.ts';

/** Stands where something that loads will be. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden="true" className={cn('h-4 animate-pulse rounded-sm bg-active', className)} />;
}

/** A few lines of skeleton for a list that loads. */
export function SkeletonList({ rows = 5 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-3">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity
        <div key={row} className="flex flex-col gap-1.5">
          <Skeleton className="w-3/5" />
          <Skeleton className="h-3 w-4/5 opacity-60" />
        </div>
      ))}
    </div>
  );
}
