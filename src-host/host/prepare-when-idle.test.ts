import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareWhenIdle } from './prepare-when-idle.ts';

// The clock stands still until a test moves it.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Looks every ten milliseconds, and counts how often it prepared. */
function start(isBusy: () => boolean, wanted = true) {
  let prepared = 0;
  const stop = prepareWhenIdle({
    isBusy,
    isWanted: async () => wanted,
    prepare: async () => {
      prepared += 1;
    },
    delayMs: 10,
  });
  return { stop, prepared: () => prepared };
}

test('it is prepared once, when the host is idle', async () => {
  let busy = true;
  const { prepared } = start(() => busy);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(prepared()).toBe(0);
  busy = false;
  await vi.advanceTimersByTimeAsync(10);
  expect(prepared()).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(prepared()).toBe(1);
});

test('nothing is prepared that is not wanted, or after it was called off', async () => {
  const unwanted = start(() => false, false);
  const stopped = start(() => false);
  stopped.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([unwanted.prepared(), stopped.prepared()]).toEqual([0, 0]);
});
