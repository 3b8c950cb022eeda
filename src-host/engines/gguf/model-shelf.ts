import { basename } from 'node:path';
import { AppError } from '../../../src-core/errors.ts';
import type { LocalTarget } from '../../../src-core/ports.ts';
import type { EngineClient } from './engine-client.ts';
import type { GgufHeader } from './gguf-header.ts';
import { type ContextPlan, estimateMemory, mostThreads, planContext } from './memory.ts';
import type { ModelFiles } from './model-file.ts';
import type { EngineReady } from './protocol.ts';
import type { StateBoard } from './state-board.ts';
import type { Troubles } from './troubles.ts';
import { createBell, createTurnstile, orCancelled } from './waiting.ts';

/** The loaded models: lends them out, loads what is missing and unloads what is idle. */
export interface ModelShelf {
  /** A loaded model, which stays loaded until it is given back; aborting stops the wait, not the load. */
  borrow(target: LocalTarget, signal: AbortSignal | null): Promise<Loan>;
  unload(id: string): Promise<void>;
  dispose(): Promise<void>;
}

export interface Loan {
  readonly client: EngineClient;
  giveBack(): void;
}

export interface ShelfParts {
  readonly files: ModelFiles;
  readonly board: StateBoard;
  readonly troubles: Troubles;
  readonly startClient: (target: LocalTarget) => EngineClient;
  readonly freeMemory: () => number;
  readonly parallelRuns: number;
  readonly idleMs: number;
}

/** A loaded model. */
interface Slot {
  readonly target: LocalTarget;
  readonly client: EngineClient;
  readonly ready: EngineReady;
  threads: number;
  active: number;
  /** Position in the order of use. */
  lastUsed: number;
  idleTimer: NodeJS.Timeout | null;
}

export function createModelShelf(parts: ShelfParts): ModelShelf {
  const { files, board, troubles } = parts;
  const slots = new Map<string, Slot>();
  /** Every living process, also while it loads or ends. */
  const clients = new Map<EngineClient, string>();
  /** Loads happen one at a time, so that each sees the memory that the one before left. */
  const loadInTurn = createTurnstile();
  /** Rings when a model became idle or its memory free. */
  const relief = createBell();
  let uses = 0;
  let disposed = false;

  const publish = ({ target, ready, threads, active }: Slot): void => {
    const { contextSize, tokensPerSecond, gpu, memoryBytes } = ready;
    board.set(target.id, {
      kind: 'ready',
      contextSize,
      threads,
      tokensPerSecond,
      gpu,
      memoryBytes,
      activeRuns: active,
    });
  };

  const forget = (slot: Slot): void => {
    if (slots.get(slot.target.id) === slot) slots.delete(slot.target.id);
    wakeUp(slot);
  };

  const retire = (slot: Slot, why: string): Promise<void> => {
    forget(slot);
    return slot.client.end(why);
  };

  /** A model that nobody uses gives its memory back after a while. */
  const rest = (slot: Slot): void => {
    slot.lastUsed = ++uses;
    slot.idleTimer = setTimeout(
      () => void retire(slot, `${slot.target.id} was idle and gave its memory back.`),
      parts.idleMs,
    );
    slot.idleTimer.unref();
    publish(slot);
    relief.ring();
  };

  const watchEnd = (target: LocalTarget, client: EngineClient): void => {
    clients.set(client, target.id);
    client.onEnd((why, crashed) => {
      clients.delete(client);
      const slot = slots.get(target.id);
      if (slot?.client === client) forget(slot);
      board.set(target.id, crashed ? troubles.record(target, why) : { kind: 'unloaded' });
      relief.ring();
    });
  };

  /** Unloads idle models, least recently used first, until the new one fits; waits for busy ones. */
  const makeRoom = async (target: LocalTarget, header: GgufHeader): Promise<ContextPlan> => {
    for (;;) {
      const plan = planContext(header, target.contextSize, parts.freeMemory(), parts.parallelRuns);
      if (plan !== null) return plan;
      const idle = [...slots.values()].filter((slot) => slot.active === 0).sort((a, b) => a.lastUsed - b.lastUsed)[0];
      if (idle) await retire(idle, `${idle.target.id} was unloaded to make room for ${target.id}.`);
      else if (slots.size > 0) await relief.next();
      else throw tooLarge(header, target.contextSize, parts.freeMemory());
    }
  };

  const start = async (target: LocalTarget): Promise<void> => {
    board.set(target.id, { kind: 'loading', progress: 0 });
    try {
      const plan = await makeRoom(target, await files.verify(target));
      if (disposed) throw closing();
      const client = parts.startClient(target);
      watchEnd(target, client);
      const ready = await openModel(client, target, plan, board);
      const slot: Slot = { target, client, ready, threads: ready.threads, active: 0, lastUsed: 0, idleTimer: null };
      slots.set(target.id, slot);
      client.onThreads((fewer) => {
        slot.threads = fewer;
        publish(slot);
      });
      rest(slot);
    } catch (error) {
      if (board.get(target.id).kind === 'loading') board.set(target.id, { kind: 'unloaded' });
      throw error;
    }
  };

  const current = (target: LocalTarget): Slot | null => {
    const slot = slots.get(target.id);
    return slot && sameModel(slot.target, target) ? slot : null;
  };

  const ensureLoaded = async (target: LocalTarget, signal: AbortSignal | null): Promise<void> => {
    await troubles.untilAllowed(target, signal);
    const turn = loadInTurn(async () => {
      if (disposed) throw closing();
      if (signal?.aborted || current(target) !== null) return;
      const outdated = slots.get(target.id);
      while (outdated && outdated.active > 0) await relief.next();
      if (outdated) await retire(outdated, `${target.id} is loaded again with other settings.`);
      // It may have crashed while this load waited for its turn.
      await troubles.untilAllowed(target, signal);
      await start(target);
    });
    await orCancelled(turn, signal);
  };

  const lend = (slot: Slot): Loan => {
    wakeUp(slot);
    slot.active += 1;
    publish(slot);
    return {
      client: slot.client,
      giveBack() {
        slot.active -= 1;
        if (slots.get(slot.target.id) !== slot) return;
        if (slot.active === 0) rest(slot);
        else publish(slot);
      },
    };
  };

  return {
    async borrow(target, signal) {
      for (let slot = current(target); ; slot = current(target)) {
        if (slot !== null) return lend(slot);
        await ensureLoaded(target, signal);
      }
    },
    async unload(id) {
      const ending = [...clients].filter(([, name]) => name === id);
      await Promise.all(ending.map(([client]) => client.end(`${id} was unloaded.`)));
    },
    async dispose() {
      disposed = true;
      for (const slot of slots.values()) wakeUp(slot);
      await Promise.all([...clients.keys()].map((client) => client.end('PromptDev was closed.')));
    },
  };
}

async function openModel(
  client: EngineClient,
  target: LocalTarget,
  plan: ContextPlan,
  board: StateBoard,
): Promise<EngineReady> {
  const { path, gpu } = target;
  const { contextSize, sequences } = plan;
  const most = mostThreads();
  const threads = target.threads === null ? null : Math.min(target.threads, most);
  try {
    return await client.load({ path, gpu, contextSize, sequences, threads, maxThreads: most }, (progress) => {
      board.set(target.id, { kind: 'loading', progress });
    });
  } catch (error) {
    await client.end(`${target.id} could not be loaded.`);
    throw error;
  }
}

function wakeUp(slot: Slot): void {
  if (slot.idleTimer !== null) clearTimeout(slot.idleTimer);
  slot.idleTimer = null;
}

/** Threads are left out: what was measured may be remembered after the model was loaded. */
function sameModel(a: LocalTarget, b: LocalTarget): boolean {
  return a.path === b.path && a.sha256 === b.sha256 && a.contextSize === b.contextSize && a.gpu === b.gpu;
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
