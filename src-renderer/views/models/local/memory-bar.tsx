import type { LocalModel } from '../../../../src-core/contract/models.ts';
import { formatBytes, formatNumber } from '../../../components/format.ts';

/** What loading the model takes of the memory that is free: weights, then context. */
export function MemoryBar({ model }: { readonly model: LocalModel }) {
  const { memory } = model;
  const needed = memory.weightsBytes + memory.contextBytes;
  const whole = Math.max(memory.freeBytes, needed, 1);
  const share = (bytes: number) => `${Math.max((bytes / whole) * 100, bytes > 0 ? 0.5 : 0)}%`;
  return (
    <div className="flex flex-col gap-1.5">
      <div
        role="img"
        aria-label={`Needs about ${formatBytes(needed)} of ${formatBytes(memory.freeBytes)} free memory`}
        className="flex h-2 overflow-hidden rounded-full bg-active"
      >
        <span className={memory.fits ? 'bg-accent' : 'bg-danger'} style={{ width: share(memory.weightsBytes) }} />
        <span
          className={memory.fits ? 'bg-accent opacity-55' : 'bg-danger opacity-55'}
          style={{ width: share(memory.contextBytes) }}
        />
      </div>
      <p className="text-sm text-muted">
        {memory.fits ? (
          <>
            About {formatBytes(needed)} of {formatBytes(memory.freeBytes)} free: {formatBytes(memory.weightsBytes)}{' '}
            weights and {formatBytes(memory.contextBytes)} for a context of{' '}
            {formatNumber(model.contextSize ?? memory.contextSize)} tokens.
          </>
        ) : (
          <span className="text-danger">
            Needs about {formatBytes(needed)}, but only {formatBytes(memory.freeBytes)} is free. Choose a smaller
            context, close other programs, or use a smaller quantisation.
          </span>
        )}
      </p>
    </div>
  );
}
