import { describe, expect, it } from 'vitest';
import { chooseThreads, createCollapseWatch, threadCandidates } from './thread-choice.ts';

/** Bursts that answer from a list of speeds per number of threads, the last of it for ever. */
function bursts(speeds: Readonly<Record<number, readonly number[]>>) {
  const asked: number[] = [];
  const burst = async (threads: number): Promise<number> => {
    const before = asked.filter((other) => other === threads).length;
    asked.push(threads);
    const list = speeds[threads] ?? [0];
    return list[Math.min(before, list.length - 1)] ?? 0;
  };
  return { asked, burst };
}

describe('the candidates', () => {
  it('begin with one thread for a light model and end with it for a heavy one', () => {
    expect(threadCandidates(1, true)).toEqual([1]);
    expect(threadCandidates(2, true)).toEqual([1, 2]);
    expect(threadCandidates(7, true)).toEqual([1, 7, 4, 2]);
    expect(threadCandidates(1, false)).toEqual([1]);
    expect(threadCandidates(7, false)).toEqual([7, 4, 2, 1]);
  });
});

describe('choosing threads', () => {
  it('takes the fastest when it is clearly faster', async () => {
    const { burst } = bursts({ 4: [100], 2: [60], 1: [30] });
    expect(await chooseThreads([4, 1, 2], burst, 1_000)).toEqual({ threads: 4, tokensPerSecond: 100 });
  });

  it('takes fewer threads when more gain next to nothing', async () => {
    const { burst } = bursts({ 4: [100], 2: [95], 1: [40] });
    expect((await chooseThreads([4, 1, 2], burst, 1_000)).threads).toBe(2);
  });

  it('distrusts a number of threads that was fast once and then collapsed', async () => {
    const { burst } = bursts({ 2: [1_500, 2], 1: [1_200, 1_100] });
    expect(await chooseThreads([2, 1], burst, 1_000)).toEqual({ threads: 1, tokensPerSecond: 1_100 });
  });

  it('does not measure again what was hopeless, and stops when the time is over', async () => {
    const hopeless = bursts({ 2: [2], 1: [1_200] });
    await chooseThreads([2, 1], hopeless.burst, 1_000);
    expect(hopeless.asked).toEqual([2, 1, 1]);
    const slow = bursts({ 4: [1], 1: [1], 2: [1] });
    const sluggish = (threads: number) =>
      new Promise<number>((resolve) => setTimeout(() => resolve(slow.burst(threads)), 30));
    await chooseThreads([4, 1, 2], sluggish, 40);
    expect(slow.asked).toEqual([4, 1]);
  });
});

describe('the collapse watch', () => {
  it('stays silent while steps are even, and when a single one is slow', () => {
    const watch = createCollapseWatch(50, 100, 5);
    const steps = Array.from({ length: 500 }, (_, index) => (index === 250 ? 60 : 1));
    expect(steps.some((step) => watch.step(step))).toBe(false);
  });

  it('speaks when the steps of a window take many times as long as the fastest', () => {
    const watch = createCollapseWatch(50, 100, 5);
    for (let index = 0; index < 50; index++) watch.step(1);
    const slow = Array.from({ length: 10 }, () => watch.step(40));
    expect(slow.filter(Boolean)).toHaveLength(1);
  });

  it('speaks when no step was ever fast but all take far longer than one thread would need', () => {
    const watch = createCollapseWatch(5, 100, 5);
    const steps = Array.from({ length: 3 }, () => watch.step(300));
    expect(steps).toEqual([false, false, true]);
  });
});
