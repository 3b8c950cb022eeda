/** Watches one attempt: stops it when the person cancels or when nothing arrives for too long. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Why the attempt was stopped, or null when it was not. */
  reason(): 'cancelled' | 'timeout' | null;
  /** Something arrived: the wait starts anew. */
  touch(): void;
  /** Ends the watch. */
  dispose(): void;
}

/** A signal of its own per attempt, so that nothing stays attached to the long-lived signal of a comparison. */
export function createWatchdog(outer: AbortSignal, timeoutMs: number): Watchdog {
  const controller = new AbortController();
  let reason: 'cancelled' | 'timeout' | null = null;
  const stop = (why: 'cancelled' | 'timeout') => {
    reason ??= why;
    controller.abort();
  };
  const onAbort = () => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  if (outer.aborted) onAbort();
  else outer.addEventListener('abort', onAbort, { once: true });

  return {
    signal: controller.signal,
    reason: () => reason,
    touch: () => timer.refresh(),
    dispose() {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}
