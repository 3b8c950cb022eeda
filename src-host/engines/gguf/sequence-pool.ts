/** Hands out a fixed set of things one borrower at a time, first come first served. */
export interface Pool<Item> {
  /** Rejects with the reason of `signal` when that aborts first. */
  acquire(signal: AbortSignal): Promise<Item>;
  release(item: Item): void;
}

export function createPool<Item>(items: readonly Item[]): Pool<Item> {
  const free = [...items];
  const waiting: ((item: Item) => void)[] = [];
  return {
    acquire(signal) {
      signal.throwIfAborted();
      const item = free.pop();
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
