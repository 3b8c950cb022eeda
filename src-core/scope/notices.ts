import type { Change } from '../contract/workspace.ts';
import type { Notices } from '../ports.ts';

export function createNotices(): Notices {
  const listeners = new Set<(change: Change) => void>();
  return {
    publish(topic, ids, origin = null) {
      for (const listener of listeners) listener({ topic, ids: [...ids], kind: 'changed', origin });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
