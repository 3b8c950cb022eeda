import type { Change, Topic } from '../contract/workspace.ts';

/** Tells every window what changed, so that none shows what is no longer true. */
export interface ChangeFeed {
  publish(topic: Topic, ids: readonly string[], origin?: string | null): void;
  subscribe(listener: (change: Change) => void): () => void;
}

export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<(change: Change) => void>();
  return {
    publish(topic, ids, origin = null) {
      for (const listener of listeners) listener({ topic, ids: [...ids], origin });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
