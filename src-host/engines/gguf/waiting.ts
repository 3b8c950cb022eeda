import { AppError } from '../../../src-core/scope/errors.ts';

/** The result of `work`, or `cancelled` as soon as `signal` aborts; the work itself goes on. */
export function orCancelled<Result>(work: Promise<Result>, signal: AbortSignal | null): Promise<Result> {
  if (signal === null) return work;
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new AppError('cancelled', 'The run was cancelled.'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

/** Runs one piece of work after the other, in the order of the calls; a failure does not stop the next. */
export type Mutex = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Several can wait for it; `fire` wakes all that wait at that moment. */
export interface Signal {
  next(): Promise<void>;
  fire(): void;
}

export function createSignal(): Signal {
  let waiting: (() => void)[] = [];
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    fire() {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}
