import { sleep } from './follow.ts';

/** How long one piece of work may keep everybody else waiting, milliseconds. */
const turnMs = 12;

/** Awaited between the steps of long work: gives all others a turn when the steps since the last one took a while. */
export function createTurns(): () => Promise<void> | undefined {
  let startedAt = performance.now();
  return () => {
    if (performance.now() - startedAt < turnMs) return undefined;
    return sleep(0).then(() => {
      startedAt = performance.now();
    });
  };
}

/** `items` in parts of `size`. */
export function inChunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
