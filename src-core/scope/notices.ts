import type { Change } from '../contract/workspace.ts';
import type { Notices } from '../ports.ts';

interface Listener {
  readonly personId: string;
  readonly tell: (change: Change) => void;
}

export function createNotices(): Notices {
  const listeners = new Set<Listener>();
  return {
    publish(topic, ids, origin = null, personId = null) {
      for (const listener of listeners)
        if (personId === null || listener.personId === personId)
          listener.tell({ topic, ids: [...ids], kind: 'changed', origin });
    },
    subscribe(personId, tell) {
      const listener = { personId, tell };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
