import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prepareWhenIdle } from './prepare-when-idle.ts';

/** Looks every few milliseconds, and counts how often it prepared. */
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
  await sleep(60);
  expect(prepared()).toBe(0);
  busy = false;
  await expect.poll(prepared).toBe(1);
  await sleep(60);
  expect(prepared()).toBe(1);
});

test('nothing is prepared that is not wanted, or after it was called off', async () => {
  const unwanted = start(() => false, false);
  const stopped = start(() => false);
  stopped.stop();
  await sleep(60);
  expect([unwanted.prepared(), stopped.prepared()]).toEqual([0, 0]);
});
