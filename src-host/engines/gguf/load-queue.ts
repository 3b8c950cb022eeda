import type { LocalTarget } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { createMutex, orCancelled } from './waiting.ts';

/** Loads one model at a time; all that wait for a model share one load. */
export interface LoadQueue {
  /** Resolves when the load has succeeded; rejects with its error, or `cancelled` as soon as `signal` aborts. */
  join(target: LocalTarget, signal: AbortSignal | null): Promise<void>;
}

interface Load {
  readonly target: LocalTarget;
  readonly done: Promise<void>;
  waiting: number;
}

/** `load` gets a function that throws once nobody waits any more; `onLeave` is called when somebody stops waiting. */
export function createLoadQueue(
  load: (target: LocalTarget, checkWanted: () => void) => Promise<void>,
  onLeave: () => void,
): LoadQueue {
  const loads = new Map<string, Load>();
  const exclusive = createMutex();

  const enqueue = (target: LocalTarget): Load => {
    const checkWanted = (): void => {
      if (entry.waiting === 0) throw new AppError('cancelled', `Nobody waits for ${target.id} any more.`);
    };
    const done = exclusive(async () => {
      try {
        checkWanted();
        await load(target, checkWanted);
      } finally {
        if (loads.get(target.id) === entry) loads.delete(target.id);
      }
    });
    const entry: Load = { target, done, waiting: 0 };
    // Waiters get the failure; without waiters it must not become an unhandled rejection.
    done.catch(() => undefined);
    loads.set(target.id, entry);
    return entry;
  };

  return {
    async join(target, signal) {
      const queued = loads.get(target.id);
      const entry = queued && sameModel(queued.target, target) ? queued : enqueue(target);
      entry.waiting += 1;
      try {
        await orCancelled(entry.done, signal);
      } finally {
        entry.waiting -= 1;
        onLeave();
      }
    },
  };
}

/** Threads are not compared, because the measured number may be stored after the model was loaded. */
export function sameModel(a: LocalTarget, b: LocalTarget): boolean {
  return a.path === b.path && a.sha256 === b.sha256 && a.contextSize === b.contextSize && a.gpu === b.gpu;
}
