/** When a model file that crashed its process may be tried again. */
export interface CrashPolicy {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** So many crashes within `windowMs` quarantine the file. */
  readonly limit: number;
  readonly windowMs: number;
}

export const defaultCrashPolicy: CrashPolicy = {
  firstDelayMs: 1_000,
  longestDelayMs: 30_000,
  limit: 3,
  windowMs: 300_000,
};

/** Crashes that still count, as milliseconds since the epoch, oldest first. */
export type Crashes = readonly number[];

export type CrashVerdict =
  | { readonly kind: 'retry'; readonly crashes: Crashes; readonly retryAt: number }
  | { readonly kind: 'quarantine'; readonly crashes: Crashes };

/** Decides on a crash at `now` after `earlier` ones: each doubles the wait, until the file is quarantined. */
export function verdictOn(earlier: Crashes, now: number, policy: CrashPolicy): CrashVerdict {
  const crashes = [...earlier.filter((time) => now - time < policy.windowMs), now];
  if (crashes.length >= policy.limit) return { kind: 'quarantine', crashes };
  const delay = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (crashes.length - 1));
  return { kind: 'retry', crashes, retryAt: now + delay };
}
