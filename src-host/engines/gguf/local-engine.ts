import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src-core/errors.ts';
import type { EngineEvent, GenerateRequest, LocalEngine, LocalTarget, Log } from '../../../src-core/ports.ts';
import { type CrashPolicy, defaultCrashPolicy } from './crash-policy.ts';
import type { LaunchEngine } from './engine-channel.ts';
import { createEngineClient } from './engine-client.ts';
import { scrubEnv } from './engine-env.ts';
import { forkEngine } from './fork-engine.ts';
import { estimateMemory, freeMemory } from './memory.ts';
import { createModelFiles } from './model-file.ts';
import { createModelShelf } from './model-shelf.ts';
import { checkSchemaSize } from './schema-size.ts';
import { createStateBoard } from './state-board.ts';
import { createTroubles } from './troubles.ts';

export interface LocalEngineOptions {
  /** How engine processes are started; a fork of this Node process unless given. */
  readonly launch?: LaunchEngine;
  /** The file that an engine process runs, when it is not where the build puts it. */
  readonly entry?: string;
  /** A model without runs for so long gives its memory back; `Infinity` for never. */
  readonly idleMs?: number;
  /** Runs of one model at the same time, when memory allows; the rest wait. */
  readonly parallelRuns?: number;
  /** Bytes that another model may use now. */
  readonly freeMemory?: () => number;
  readonly heartbeatMs?: number;
  readonly crashPolicy?: CrashPolicy;
  readonly log?: Log;
}

const silent: Log = { info: () => undefined, error: () => undefined };

/** Runs GGUF models with llama.cpp, each in a process of its own. */
export function createLocalEngine(options: LocalEngineOptions = {}): LocalEngine {
  const launch = options.launch ?? forkEngine;
  const free = options.freeMemory ?? freeMemory;
  const files = createModelFiles();
  const board = createStateBoard();
  const troubles = createTroubles(options.crashPolicy ?? defaultCrashPolicy);
  const shelf = createModelShelf({
    files,
    board,
    troubles,
    freeMemory: free,
    parallelRuns: options.parallelRuns ?? 4,
    idleMs: options.idleMs ?? 15 * 60_000,
    startClient: ({ path }) =>
      createEngineClient(launch(options.entry ?? defaultEntry(), scrubEnv(process.env)), {
        name: basename(path),
        heartbeatMs: options.heartbeatMs ?? 5_000,
        log: options.log ?? silent,
      }),
  });

  async function* generate(
    target: LocalTarget,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void, undefined> {
    if (signal.aborted) throw new AppError('cancelled', 'The run was cancelled.');
    if (request.tools && request.tools.length > 0) {
      throw new AppError('invalid', 'Local models cannot call tools yet: remove the tools or choose a remote model.');
    }
    checkSchemaSize(request.responseSchema);
    const loan = await shelf.borrow(target, signal);
    try {
      yield* loan.client.generate(request, signal);
    } finally {
      loan.giveBack();
    }
  }

  return {
    generate,
    inspect: files.inspect,
    estimate: (info, contextSize) => estimateMemory(info, contextSize, free()),
    async load(target) {
      const loan = await shelf.borrow(target, null);
      loan.giveBack();
    },
    unload: shelf.unload,
    async countTokens(target, messages) {
      const loan = await shelf.borrow(target, null);
      try {
        return await loan.client.count(messages);
      } finally {
        loan.giveBack();
      }
    },
    state: board.get,
    onState: board.subscribe,
    setAside: (target, message) => board.set(target.id, troubles.setAside(target, message)),
    release(id) {
      troubles.release(id);
      const { kind } = board.get(id);
      if (kind === 'quarantined' || kind === 'crashed') board.set(id, { kind: 'unloaded' });
    },
    dispose: shelf.dispose,
  };
}

/** The engine process lies beside this file, in the sources as in the build. */
function defaultEntry(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return join(here, import.meta.url.endsWith('.ts') ? 'engine-process.ts' : 'engine.js');
}
