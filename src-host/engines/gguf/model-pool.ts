import { basename } from 'node:path';
import type { LocalTarget } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import type { EngineClient } from './engine-client.ts';
import type { GgufHeader } from './file/gguf-header.ts';
import type { ModelFiles } from './file/model-file.ts';
import { createLoadQueue, sameModel } from './load-queue.ts';
import { createLoadedModels, type LoadedEntry, type ModelLease } from './loaded-models.ts';
import { type ContextPlan, estimateMemory, mostThreads, planContext } from './memory.ts';
import type { ModelFailures } from './model-failures.ts';
import type { ModelStates } from './model-states.ts';
import type { EngineReady } from './process/protocol.ts';
import { createSignal } from './waiting.ts';

/** Leases models, loads missing ones and unloads idle ones. */
export interface ModelPool {
  /** A lease of a loaded model, which stays loaded until it is released; aborting stops the wait, not the load. */
  acquire(target: LocalTarget, signal: AbortSignal | null): Promise<ModelLease>;
  unload(id: string): Promise<void>;
  dispose(): Promise<void>;
}

export interface PoolParts {
  readonly files: ModelFiles;
  readonly states: ModelStates;
  readonly failures: ModelFailures;
  readonly startClient: (target: LocalTarget) => EngineClient;
  readonly freeMemory: () => number;
  readonly parallelRuns: number;
  readonly idleMs: number;
}

export function createModelPool(parts: PoolParts): ModelPool {
  const { files, states, failures } = parts;
  /** Fires when a model became idle or its memory free. */
  const freed = createSignal();
  const models = createLoadedModels(states, parts.idleMs, freed.fire);
  /** Every living process, also while it loads or ends. */
  const clients = new Map<EngineClient, string>();
  const loading = new Set<string>();
  let disposed = false;

  const watchEnd = (target: LocalTarget, client: EngineClient): void => {
    clients.set(client, target.id);
    client.onEnd((why, cause) => {
      clients.delete(client);
      const entry = models.get(target.id);
      if (entry?.client === client) models.forget(entry);
      // A crash that a request caused does not count against the file.
      if (cause === 'file') states.set(target.id, failures.record(target, why));
      else if (!loading.has(target.id)) states.set(target.id, { kind: 'unloaded' });
      freed.fire();
    });
  };

  /** Unloads idle models, least recently used first, until the new one fits; waits for busy ones. */
  const makeRoom = async (target: LocalTarget, header: GgufHeader, checkWanted: () => void): Promise<ContextPlan> => {
    for (;;) {
      checkWanted();
      const plan = planContext(header, target.contextSize, parts.freeMemory(), parts.parallelRuns);
      if (plan !== null) return plan;
      const idle = models.leastRecentlyUsed();
      if (idle) await models.retire(idle, `${idle.target.id} was unloaded to make room for ${target.id}.`);
      else if (!models.isEmpty()) await freed.next();
      else throw tooLarge(header, target.contextSize, parts.freeMemory());
    }
  };

  const start = async (target: LocalTarget, checkWanted: () => void): Promise<void> => {
    loading.add(target.id);
    states.set(target.id, { kind: 'loading', progress: 0 });
    try {
      const plan = await makeRoom(target, await files.verify(target), checkWanted);
      if (disposed) throw closing();
      const client = parts.startClient(target);
      watchEnd(target, client);
      models.add(target, client, await openModel(client, target, plan, states));
    } catch (error) {
      if (states.get(target.id).kind === 'loading') states.set(target.id, { kind: 'unloaded' });
      throw error;
    } finally {
      loading.delete(target.id);
    }
  };

  const current = (target: LocalTarget): LoadedEntry | null => {
    const entry = models.get(target.id);
    return entry && sameModel(entry.target, target) ? entry : null;
  };

  /** One at a time, so that each load sees the memory that the one before left. */
  const queue = createLoadQueue(async (target, checkWanted) => {
    if (disposed) throw closing();
    if (current(target) !== null) return;
    for (let outdated = models.get(target.id); outdated; outdated = models.get(target.id)) {
      checkWanted();
      if (outdated.active > 0) await freed.next();
      else await models.retire(outdated, `${target.id} is loaded again with other settings.`);
    }
    // The file may have crashed while this load was queued.
    await failures.untilAllowed(target, null);
    await start(target, checkWanted);
  }, freed.fire);

  return {
    async acquire(target, signal) {
      for (let entry = current(target); ; entry = current(target)) {
        if (entry !== null) return models.lease(entry);
        await failures.untilAllowed(target, signal);
        await queue.join(target, signal);
      }
    },
    async unload(id) {
      const entry = models.get(id);
      // The next lease loads a new one.
      if (entry) models.forget(entry);
      const ending = [...clients].filter(([, name]) => name === id);
      await Promise.all(ending.map(([client]) => client.end(`${id} was unloaded.`)));
    },
    async dispose() {
      disposed = true;
      await Promise.all([...clients.keys()].map((client) => client.end('PromptDev was closed.')));
    },
  };
}

async function openModel(
  client: EngineClient,
  target: LocalTarget,
  plan: ContextPlan,
  states: ModelStates,
): Promise<EngineReady> {
  const { path, gpu } = target;
  const { contextSize, sequences } = plan;
  const most = mostThreads();
  const threads = target.threads === null ? null : Math.min(target.threads, most);
  try {
    return await client.load({ path, gpu, contextSize, sequences, threads, maxThreads: most }, (progress) => {
      states.set(target.id, { kind: 'loading', progress });
    });
  } catch (error) {
    await client.end(`${target.id} could not be loaded.`);
    throw error;
  }
}

function closing(): AppError {
  return new AppError('unavailable', 'PromptDev is closing.');
}

function tooLarge(header: GgufHeader, contextSize: number | null, freeBytes: number): AppError {
  const { weightsBytes, contextBytes } = estimateMemory(header, contextSize, freeBytes);
  const neededBytes = weightsBytes + contextBytes;
  return new AppError(
    'unavailable',
    `${basename(header.path)} needs about ${gibibytes(neededBytes)} of memory, but ${gibibytes(freeBytes)} is free: close other programs, choose a smaller context or a smaller quantisation.`,
    { neededBytes, freeBytes },
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
