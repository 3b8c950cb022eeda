import { describe, expect, it } from 'vitest';
import { defaultCrashPolicy, verdictOn } from './crash-policy.ts';

describe('after a crash', () => {
  it('the first wait is a second and each further one doubles, up to thirty', () => {
    const policy = { ...defaultCrashPolicy, limit: 100 };
    let crashes: readonly number[] = [];
    const waits = Array.from({ length: 7 }, (_, index) => {
      const verdict = verdictOn(crashes, index, policy);
      crashes = verdict.crashes;
      return verdict.kind === 'retry' ? verdict.retryAt - index : null;
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('the third within five minutes sets the file aside', () => {
    expect(verdictOn([0, 100_000], 299_999, defaultCrashPolicy).kind).toBe('quarantine');
  });

  it('one that was longer ago no longer counts', () => {
    expect(verdictOn([0, 100_000], 300_000, defaultCrashPolicy)).toMatchObject({
      kind: 'retry',
      crashes: [100_000, 300_000],
    });
  });
});
