import type { LocalModel, Model } from '../../../../src-core/contract/models.ts';
import { cn } from '../../../components/ui/cn.ts';
import { stateLabel } from './describe-model.ts';

const colours = {
  unloaded: 'border border-faint',
  loading: 'animate-pulse bg-accent',
  ready: 'bg-success',
  crashed: 'bg-warning',
  quarantined: 'bg-danger',
} satisfies Record<LocalModel['state']['kind'], string>;

/** Whether a model can answer now: loaded, loading, not loaded, in trouble; a remote one shows nothing of the kind. */
export function StateDot({ model, className }: { readonly model: Model; readonly className?: string }) {
  if (model.kind === 'remote')
    return <span aria-hidden="true" className={cn('size-2 rounded-xs bg-info opacity-70', className)} />;
  const colour = model.present ? colours[model.state.kind] : colours.quarantined;
  return (
    <span
      role="img"
      aria-label={stateLabel(model)}
      title={stateLabel(model)}
      className={cn('size-2 rounded-full', colour, className)}
    />
  );
}
