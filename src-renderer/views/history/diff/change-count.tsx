import type { LineCount } from '../../../../src-core/content/diff/line-diff.ts';
import { cn } from '../../../components/ui/cn.ts';

/** Lines added and removed, as in `+3 −1`. */
export function ChangeCount({ added, removed, className }: LineCount & { readonly className?: string }) {
  return (
    <span className={cn('tabular inline-flex gap-1 text-2xs whitespace-nowrap', className)}>
      <span className="sr-only">{`${added} lines added, ${removed} removed`}</span>
      <span aria-hidden="true" className={added > 0 ? 'text-success' : 'text-muted'}>
        +{added}
      </span>
      <span aria-hidden="true" className={removed > 0 ? 'text-danger' : 'text-muted'}>
        −{removed}
      </span>
    </span>
  );
}
