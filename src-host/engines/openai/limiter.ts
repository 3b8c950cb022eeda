/** Limits the slots per name, first come first served. */
export interface Limiter {
  /** Resolves to the release of the slot once there is one; rejects with the signal's reason when aborted while waiting. */
  acquire(name: string, limit: number, signal: AbortSignal): Promise<() => void>;
}

interface Queue {
  active: number;
  readonly waiting: Waiter[];
}

interface Waiter {
  readonly limit: number;
  readonly start: () => void;
}

/** A limiter that forgets names without slots in use. */
export function createLimiter(): Limiter {
  const queues = new Map<string, Queue>();

  function releaseOnce(name: string, queue: Queue): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      queue.active -= 1;
      while (queue.waiting.length > 0 && queue.active < queue.waiting[0]!.limit) {
        queue.active += 1;
        queue.waiting.shift()!.start();
      }
      if (queue.active === 0 && queue.waiting.length === 0) queues.delete(name);
    };
  }

  return {
    acquire(name, limit, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const queue = queues.get(name) ?? { active: 0, waiting: [] };
      queues.set(name, queue);
      if (queue.waiting.length === 0 && queue.active < limit) {
        queue.active += 1;
        return Promise.resolve(releaseOnce(name, queue));
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.waiting.splice(queue.waiting.indexOf(waiter), 1);
          reject(signal.reason);
        };
        const waiter: Waiter = {
          limit,
          start() {
            signal.removeEventListener('abort', leave);
            resolve(releaseOnce(name, queue));
          },
        };
        queue.waiting.push(waiter);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
  };
}
