import type { LocalTarget } from '../../../src-core/ports.ts';
import type { EngineClient } from './engine-client.ts';
import type { ModelStates } from './model-states.ts';
import type { EngineReady } from './process/protocol.ts';

/** The loaded models, with their users and which are idle. */
export interface LoadedModels {
  get(id: string): LoadedEntry | null;
  add(target: LocalTarget, client: EngineClient, ready: EngineReady): void;
  /** Leases a model, which is not idle until the lease is released. */
  lease(entry: LoadedEntry): ModelLease;
  /** The idle model whose last use is longest ago. */
  leastRecentlyUsed(): LoadedEntry | null;
  isEmpty(): boolean;
  /** Leases it no more; its process goes on. */
  forget(entry: LoadedEntry): void;
  /** Forgets it and ends its process. */
  retire(entry: LoadedEntry, why: string): Promise<void>;
}

export interface LoadedEntry {
  readonly target: LocalTarget;
  readonly client: EngineClient;
  readonly active: number;
}

export interface ModelLease {
  readonly client: EngineClient;
  release(): void;
}

interface Entry extends LoadedEntry {
  readonly ready: EngineReady;
  threads: number;
  /** Null when it was not measured, or not with these threads. */
  tokensPerSecond: number | null;
  active: number;
  /** Position in the order of use. */
  lastUsed: number;
  idleTimer: NodeJS.Timeout | null;
}

const longestTimer = 2 ** 31 - 1;

/** A model without use for `idleMs` is retired; `onIdle` is called whenever one becomes idle. */
export function createLoadedModels(states: ModelStates, idleMs: number, onIdle: () => void): LoadedModels {
  const entries = new Map<string, Entry>();
  let uses = 0;

  const publish = ({ target, ready, threads, tokensPerSecond, active }: Entry): void => {
    const { contextSize, gpu, memoryBytes } = ready;
    states.set(target.id, {
      kind: 'ready',
      contextSize,
      threads,
      tokensPerSecond,
      gpu,
      memoryBytes,
      activeRuns: active,
    });
  };

  const holds = (entry: LoadedEntry): boolean => entries.get(entry.target.id) === entry;

  const forget = (entry: LoadedEntry): void => {
    if (!holds(entry)) return;
    stopTimer(entries.get(entry.target.id));
    entries.delete(entry.target.id);
  };

  const retire = (entry: LoadedEntry, why: string): Promise<void> => {
    forget(entry);
    return entry.client.end(why);
  };

  const rest = (entry: Entry): void => {
    const why = `${entry.target.id} was idle and gave its memory back.`;
    entry.lastUsed = ++uses;
    // A timer with a longer delay would fire at once.
    entry.idleTimer = idleMs > longestTimer ? null : setTimeout(() => void retire(entry, why), idleMs).unref();
    publish(entry);
    onIdle();
  };

  return {
    forget,
    retire,
    get: (id) => entries.get(id) ?? null,
    isEmpty: () => entries.size === 0,
    leastRecentlyUsed: () =>
      [...entries.values()].filter(({ active }) => active === 0).sort((a, b) => a.lastUsed - b.lastUsed)[0] ?? null,
    add(target, client, ready) {
      const { threads, tokensPerSecond } = ready;
      const entry: Entry = {
        target,
        client,
        ready,
        threads,
        tokensPerSecond,
        active: 0,
        lastUsed: 0,
        idleTimer: null,
      };
      entries.set(target.id, entry);
      client.onThreads((fewer) => {
        entry.threads = fewer;
        entry.tokensPerSecond = null;
        if (holds(entry)) publish(entry);
      });
      rest(entry);
    },
    lease({ target, client }) {
      const entry = entries.get(target.id);
      if (entry?.client !== client) throw new Error(`${target.id} is not loaded.`);
      stopTimer(entry);
      entry.active += 1;
      publish(entry);
      return {
        client,
        release() {
          entry.active -= 1;
          if (!holds(entry)) return;
          if (entry.active === 0) rest(entry);
          else publish(entry);
        },
      };
    },
  };
}

function stopTimer(entry: Entry | undefined): void {
  if (!entry?.idleTimer) return;
  clearTimeout(entry.idleTimer);
  entry.idleTimer = null;
}
