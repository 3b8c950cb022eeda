import type { LocalModelState } from '../../../src-core/ports.ts';

/** The state of every model, with its subscribers. */
export interface ModelStates {
  get(id: string): LocalModelState;
  set(id: string, state: LocalModelState): void;
  /** Calls `listener` on every change; returns the unsubscriber. */
  subscribe(listener: (id: string, state: LocalModelState) => void): () => void;
}

const unloaded: LocalModelState = { kind: 'unloaded' };

export function createModelStates(): ModelStates {
  const states = new Map<string, LocalModelState>();
  const listeners = new Set<(id: string, state: LocalModelState) => void>();
  return {
    get: (id) => states.get(id) ?? unloaded,
    set(id, state) {
      if (state.kind === 'unloaded') states.delete(id);
      else states.set(id, state);
      for (const listener of [...listeners]) listener(id, state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
