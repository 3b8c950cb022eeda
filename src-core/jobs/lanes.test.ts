import { expect, test } from 'vitest';
import { createLaneScheduler, type Lane } from './lanes.ts';

/** Runs all jobs, each for `duration(job)` turns of the event loop, and logs starts. */
async function runAll(lanes: Lane<string>[], concurrency: number, duration: (job: string) => number) {
  const started: string[] = [];
  const flying = new Set<string>();
  const together: string[][] = [];
  await new Promise<void>((resolve) => {
    const scheduler = createLaneScheduler(
      lanes,
      concurrency,
      async (job) => {
        started.push(job);
        flying.add(job);
        together.push([...flying]);
        for (let turn = 0; turn < duration(job); turn += 1) await new Promise((next) => setImmediate(next));
        flying.delete(job);
      },
      resolve,
    );
    scheduler.pump();
  });
  return { started, together };
}

test('takes lanes in turn and never exceeds the concurrency or a lane limit', async () => {
  const lanes = [
    { jobs: ['a1', 'a2', 'a3', 'a4'], limit: 1 },
    { jobs: ['b1', 'b2', 'b3', 'b4'], limit: 8 },
  ];
  const { started, together } = await runAll(lanes, 3, () => 2);
  expect(started).toHaveLength(8);
  expect(started.slice(0, 3)).toEqual(['a1', 'b1', 'b2']);
  for (const jobs of together) {
    expect(jobs.length).toBeLessThanOrEqual(3);
    expect(jobs.filter((job) => job.startsWith('a')).length).toBeLessThanOrEqual(1);
  }
});

test('a slow lane does not hold up a fast one', async () => {
  const lanes = [
    { jobs: ['slow1', 'slow2'], limit: 1 },
    { jobs: ['fast1', 'fast2', 'fast3', 'fast4'], limit: 1 },
  ];
  const { started } = await runAll(lanes, 2, (job) => (job.startsWith('slow') ? 40 : 1));
  expect(started.indexOf('fast4')).toBeLessThan(started.indexOf('slow2'));
});

test('runs groups of one lane one after the other', async () => {
  const jobs = ['m0-1', 'm0-2', 'm1-1', 'm1-2'];
  const { together } = await runAll([{ jobs, limit: 4, groupOf: (job) => Number(job[1]) }], 4, (job) =>
    job === 'm0-1' ? 9 : 2,
  );
  for (const flying of together) expect(new Set(flying.map((job) => job.slice(0, 2))).size).toBe(1);
});

test('clear gives back what has not started', async () => {
  const ran: string[] = [];
  await new Promise<void>((resolve) => {
    const scheduler = createLaneScheduler(
      [{ jobs: ['one', 'two', 'three'], limit: 1 }],
      1,
      async (job) => void ran.push(job),
      resolve,
    );
    scheduler.pump();
    expect(scheduler.clear()).toEqual(['two', 'three']);
    expect(scheduler.idle()).toBe(false);
  });
  expect(ran).toEqual(['one']);
});
