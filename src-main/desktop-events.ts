import type { DesktopEvent } from '../src-core/desktop/contract.ts';
import { createSignal } from '../src-core/follow.ts';

/** Events of one window on their way to it. */
export interface DesktopEvents {
  emit(event: DesktopEvent): void;
  /** Events from now on, until `signal` is aborted. Those that nobody listened to yet come first. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<DesktopEvent, void, undefined>;
}

const mostWaiting = 100;

/** A window listens as soon as it has started; what happens before (a file it was opened with) waits for it. */
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
