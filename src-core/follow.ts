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
          const go = () => {
            abort?.removeEventListener('abort', go);
            resolve();
          };
          resume = go;
          abort?.addEventListener('abort', go, { once: true });
        });
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

/** Does `work` every so often until the returned function is called; leaves no timer behind that would keep a process. */
export function repeat(milliseconds: number, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const tick = (): void => {
    timer = setTimeout(tick, milliseconds);
    work();
  };
  timer = setTimeout(tick, milliseconds);
  return () => clearTimeout(timer);
}

/** One frame: how long deltas are gathered before they are sent. */
export const frameMs = 16;
