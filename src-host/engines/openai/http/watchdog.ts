/** Why an attempt was stopped: cancelled, no first byte, silence between bytes, or silence after the finish reason. */
export type StopReason = 'cancelled' | 'no_first_byte' | 'silence' | 'ended';

/**
 * How long to wait for usage after a finish reason, because many servers then neither end the stream nor close the
 * connection.
 */
const usageWaitMs = 5_000;

/** Watches one attempt: stops it when the person cancels or when nothing arrives for too long. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Null when it was not stopped. */
  reason(): StopReason | null;
  /** To call when the request was sent: the wait for the first byte starts. */
  sent(): void;
  /** To call when bytes arrived: the wait for the next bytes starts. */
  touch(): void;
  /** To call after a finish reason: a short wait starts, which further bytes do not extend. */
  ending(): void;
  /** To call when more of the answer came after a finish reason. */
  goesOn(): void;
  /** Stops the attempt because its reader has stopped. */
  stop(): void;
  /** Ends the watch. */
  dispose(): void;
}

/** Milliseconds. */
export interface Waits {
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Each attempt has its own signal, so that no listener stays on the long-lived signal of a comparison. */
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
  let usageTimer: NodeJS.Timeout | undefined;
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
    ending() {
      if (!disposed) usageTimer ??= setTimeout(() => stop('ended'), Math.min(usageWaitMs, idleTimeoutMs));
    },
    goesOn() {
      clearTimeout(usageTimer);
      usageTimer = undefined;
    },
    stop: () => controller.abort(),
    dispose() {
      disposed = true;
      clearTimeout(usageTimer);
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}
