import { AppError } from '../scope/errors.ts';

const retryMs = { first: 200, most: 5_000 };

/** Repeats a write while the disk does not take it, less and less often; gives up once `closing` fires. */
export async function whenThereIsRoom<Result>(work: () => Promise<Result>, closing: AbortSignal): Promise<Result> {
  for (let delay = retryMs.first; ; delay = Math.min(retryMs.most, delay * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isOfTheDisk(error) || closing.aborted) throw error;
      await pause(delay, closing);
    }
  }
}

/** The disk is full or broken, or the file is locked: the same write may succeed later. */
export function isOfTheDisk(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'unavailable';
}

/** Waits, but not longer than until `signal` fires. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
