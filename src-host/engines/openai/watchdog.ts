/** Why an attempt was stopped: by a person, or because nothing arrived for too long, before the first byte or after it. */
export type StopReason = 'cancelled' | 'no_first_byte' | 'silence';

/** Watches one attempt: stops it when the person cancels or when nothing arrives for too long. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Null when it was not stopped. */
  reason(): StopReason | null;
  /** The request left: the wait for the first byte starts here. */
  sent(): void;
  /** Bytes arrived: from here on the wait is the one between two of them. */
  touch(): void;
  /** Stops the attempt because nobody wants its answer any more. */
  stop(): void;
  /** Ends the watch. */
  dispose(): void;
}

/** Milliseconds. */
export interface Waits {
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** A signal of its own per attempt, so that nothing stays attached to the long-lived signal of a comparison. */
export function createWatchdog(outer: AbortSignal, { timeoutMs, idleTimeoutMs }: Waits): Watchdog {
  const controller = new AbortController();
  let reason: StopReason | null = null;
  const stop = (why: StopReason) => {
    reason ??= why;
    controller.abort();
  };
  const onAbort = () => stop('cancelled');
  let begun = false;
  let disposed = false;
  let timer = setTimeout(() => stop('no_first_byte'), timeoutMs);
  if (outer.aborted) onAbort();
  else outer.addEventListener('abort', onAbort, { once: true });

  return {
    signal: controller.signal,
    reason: () => reason,
    sent() {
      if (!begun) timer.refresh();
    },
    touch() {
      if (disposed) return;
      if (begun) return void timer.refresh();
      begun = true;
      clearTimeout(timer);
      timer = setTimeout(() => stop('silence'), idleTimeoutMs);
    },
    stop: () => controller.abort(),
    dispose() {
      disposed = true;
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}
