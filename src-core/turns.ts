import { sleep } from './follow.ts';

/** How long one piece of work may keep everybody else waiting, milliseconds. */
const turnMs = 12;

export interface Turns {
  /** Awaited between the steps of long work: gives all others a turn when the steps since the last one took a while. */
  (): Promise<void> | undefined;
  /** Called when a wait for more to do is over: waiting is no work. */
  waited(): void;
}

export function createTurns(): Turns {
  let since = performance.now();
  let worked = 0;
  const turns = (): Promise<void> | undefined => {
    const now = performance.now();
    worked += now - since;
    since = now;
    if (worked < turnMs) return undefined;
    return sleep(0).then(() => {
      worked = 0;
      since = performance.now();
    });
  };
  const waited = (): void => {
    since = performance.now();
  };
  return Object.assign(turns, { waited });
}

/** `items` in parts of `size`. */
export function inChunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
