import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from './failures.ts';

export interface RetryPolicy {
  /** Wait before the first retry; doubles with each further one. Milliseconds. */
  readonly baseMs: number;
  /** Longest wait without a request of the endpoint. */
  readonly capMs: number;
  /** Longest wait that an endpoint may ask for; when it asks for more, the run fails at once with a message. */
  readonly maxRetryAfterMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { baseMs: 500, capMs: 8_000, maxRetryAfterMs: 60_000 };

/** Milliseconds to wait before retry number `attempt` (from 1), or null when it makes no sense to retry. */
export function retryDelay(
  failure: Failure,
  attempt: number,
  policy: RetryPolicy,
  random: () => number,
): number | null {
  if (!failure.retryable) return null;
  if (failure.retryAfterMs !== undefined)
    return failure.retryAfterMs <= policy.maxRetryAfterMs ? failure.retryAfterMs : null;
  const full = Math.min(policy.baseMs * 2 ** (attempt - 1), policy.capMs);
  // Jitter, so that cells that failed together are not retried together.
  return Math.round(full * (0.5 + random() / 2));
}

/** The wait that `retry-after-ms` or `retry-after` (seconds or a date) asks for, milliseconds. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (milliseconds >= 0) return milliseconds;
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Waits, or throws as soon as the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}
