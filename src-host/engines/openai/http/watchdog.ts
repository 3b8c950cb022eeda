/** Why an attempt was stopped: by a person, or because nothing arrived for too long, before the first byte or after it, or behind its end. */
export type StopReason = 'cancelled' | 'no_first_byte' | 'silence' | 'ended';

/** How long usage is awaited behind a finish reason; many servers then neither say that they are done nor hang up. */
const lastWordsMs = 5_000;

/** Watches one attempt: stops it when the person cancels or when nothing arrives for too long. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Null when it was not stopped. */
  reason(): StopReason | null;
  /** The request left: the wait for the first byte starts here. */
  sent(): void;
  /** Bytes arrived: from here on the wait is the one between two of them. */
  touch(): void;
  /** The endpoint said why its answer ends: from here on the wait is a short one, whatever else arrives. */
  ending(): void;
  /** It did not mean it: more of the answer came. */
  goesOn(): void;
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
  let lastWords: NodeJS.Timeout | undefined;
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
      if (!disposed) lastWords ??= setTimeout(() => stop('ended'), Math.min(lastWordsMs, idleTimeoutMs));
    },
    goesOn() {
      clearTimeout(lastWords);
      lastWords = undefined;
    },
    stop: () => controller.abort(),
    dispose() {
      disposed = true;
      clearTimeout(lastWords);
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}
