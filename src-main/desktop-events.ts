import type { DesktopEvent } from '../src-core/desktop/contract.ts';
import { createSignal } from '../src-core/follow.ts';

/** The queue of events for one window. */
export interface DesktopEvents {
  emit(event: DesktopEvent): void;
  /** Events from now on, until `signal` is aborted, after those that are queued. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<DesktopEvent, void, undefined>;
}

const mostWaiting = 100;

/** Events before the window listens, as the file it was opened with, are queued. */
export function createDesktopEvents(): DesktopEvents {
  let waiting: DesktopEvent[] = [];
  const news = createSignal();
  return {
    emit: (event) => {
      waiting = [...waiting, event].slice(-mostWaiting);
      news.wake();
    },
    follow: async function* (signal) {
      while (!signal?.aborted) {
        const events = waiting;
        waiting = [];
        yield* events;
        if (waiting.length === 0) await news.wait(signal);
      }
    },
  };
}
