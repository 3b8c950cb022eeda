import { Ban, CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import type { RunStatus } from '../../../src-core/contract/runs.ts';
import { cn } from '../../components/cn.ts';

const looks = {
  queued: { icon: CircleDashed, label: 'Waiting', className: 'text-faint' },
  running: { icon: LoaderCircle, label: 'Running', className: 'animate-spin text-accent-text' },
  succeeded: { icon: CircleCheck, label: 'Succeeded', className: 'text-success' },
  failed: { icon: CircleAlert, label: 'Failed', className: 'text-danger' },
  cancelled: { icon: Ban, label: 'Cancelled', className: 'text-faint' },
} as const satisfies Record<RunStatus, unknown>;

/** The word for a status. */
export const statusLabel = (status: RunStatus): string => looks[status].label;

/** A status as an icon with a name. */
export function StatusIcon({ status, className }: { readonly status: RunStatus; readonly className?: string }) {
  const { icon: Icon, label, className: colour } = looks[status];
  return <Icon role="img" aria-label={label} className={cn('size-3.5 shrink-0', colour, className)} />;
}
