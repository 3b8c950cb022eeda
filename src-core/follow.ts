/** Wakes a follower: `wake` any number of times, and each `wait` returns once for all wakes since the last one. */
export interface Signal {
  wake(): void;
  /** Resolves at the next wake, or when `abort` fires. */
  wait(abort: AbortSignal | undefined): Promise<void>;
}

export function createSignal(): Signal {
  let pending = false;
  let resume: (() => void) | null = null;
  return {
    wake() {
      pending = true;
      resume?.();
    },
    async wait(abort) {
      if (!pending && !abort?.aborted) {
        await new Promise<void>((resolve) => {
          resume = resolve;
          abort?.addEventListener('abort', resolve, { once: true });
        });
        abort?.removeEventListener('abort', resume ?? (() => {}));
        resume = null;
      }
      pending = false;
    },
  };
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** One frame: how long deltas are gathered before they are sent. */
export const frameMs = 16;
