/** A pool of a fixed set of items, each with one user at a time, first come first served. */
export interface Pool<Item> {
  /** The free item of the highest `worth`, or the next one; rejects with the reason of `signal` when that aborts first. */
  acquire(signal: AbortSignal, worth: (item: Item) => number): Promise<Item>;
  release(item: Item): void;
}

export function createPool<Item>(items: readonly Item[]): Pool<Item> {
  const free = [...items];
  const waiting: ((item: Item) => void)[] = [];
  return {
    acquire(signal, worth) {
      signal.throwIfAborted();
      const item = takeBest(free, worth);
      if (item !== undefined) return Promise.resolve(item);
      return new Promise((resolve, reject) => {
        const take = (given: Item): void => {
          signal.removeEventListener('abort', leave);
          resolve(given);
        };
        const leave = (): void => {
          waiting.splice(waiting.indexOf(take), 1);
          reject(signal.reason);
        };
        waiting.push(take);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    release(item) {
      const next = waiting.shift();
      if (next) next(item);
      else free.push(item);
    },
  };
}

/** Of equals the one that was used last, because its cached prompt is the most likely to match. */
function takeBest<Item>(free: Item[], worth: (item: Item) => number): Item | undefined {
  let best = free.length - 1;
  for (let index = best - 1; index >= 0; index--) if (worth(free[index]!) > worth(free[best]!)) best = index;
  return free.splice(Math.max(0, best), 1)[0];
}
