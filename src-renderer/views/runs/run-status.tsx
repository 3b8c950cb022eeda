import { Ban, CircleAlert, CircleCheck, CircleDashed, LoaderCircle, TriangleAlert } from 'lucide-react';
import { withMarks } from '../../../src-core/content/text/odd-characters.ts';
import type { RunStatus } from '../../../src-core/contract/runs.ts';
import { describeFinish } from '../../../src-core/runs/finish-reason.ts';
import { cn } from '../../components/ui/cn.ts';

const looks = {
  queued: { icon: CircleDashed, label: 'Waiting', className: 'text-faint' },
  running: { icon: LoaderCircle, label: 'Running', className: 'animate-spin text-accent-text' },
  succeeded: { icon: CircleCheck, label: 'Succeeded', className: 'text-success' },
  failed: { icon: CircleAlert, label: 'Failed', className: 'text-danger' },
  cancelled: { icon: Ban, label: 'Cancelled', className: 'text-faint' },
} as const satisfies Record<RunStatus, unknown>;

const unusual = (label: string) => ({ icon: TriangleAlert, label: withMarks(label), className: 'text-warning' });

/** The word for a status. */
export function statusLabel(status: RunStatus): string {
  return looks[status].label;
}

interface StatusIconProps {
  readonly status: RunStatus;
  /** An answer that is not simply complete is no plain success. */
  readonly finishReason?: string | null;
  readonly className?: string;
}

/** A status as an icon with a name. */
export function StatusIcon({ status, finishReason, className }: StatusIconProps) {
  const end = status === 'succeeded' ? describeFinish(finishReason) : null;
  const { icon: Icon, label, className: colour } = end === null ? looks[status] : unusual(end.label);
  return <Icon role="img" aria-label={label} className={cn('size-3.5 shrink-0', colour, className)} />;
}
