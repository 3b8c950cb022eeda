import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineEvent, GenerateRequest, LocalEngine, LocalTarget, Log } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { type CrashPolicy, defaultCrashPolicy } from './crash-policy.ts';
import type { LaunchEngine } from './engine-channel.ts';
import { createEngineClient } from './engine-client.ts';
import { scrubEnv } from './engine-env.ts';
import { createModelFiles } from './file/model-file.ts';
import { forkEngine } from './fork-engine.ts';
import { estimateMemory, freeMemory } from './memory.ts';
import { createModelFailures } from './model-failures.ts';
import { createModelPool } from './model-pool.ts';
import { createModelStates } from './model-states.ts';
import { checkSchemaSize } from './schema-size.ts';
import { textMessages } from './text-messages.ts';

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
  const states = createModelStates();
  const failures = createModelFailures(options.crashPolicy ?? defaultCrashPolicy);
  const pool = createModelPool({
    files,
    states,
    failures,
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
    const messages = textMessages(target.id, request.messages);
    checkSchemaSize(request.responseSchema);
    const lease = await pool.acquire(target, signal);
    try {
      yield* lease.client.generate({ ...request, messages }, signal);
    } finally {
      lease.release();
    }
  }

  return {
    generate,
    inspect: files.inspect,
    estimate: (info, contextSize) => estimateMemory(info, contextSize, free()),
    async load(target) {
      const lease = await pool.acquire(target, null);
      lease.release();
    },
    unload: pool.unload,
    async countTokens(target, messages) {
      const texts = textMessages(target.id, messages);
      const lease = await pool.acquire(target, null);
      try {
        return await lease.client.count(texts);
      } finally {
        lease.release();
      }
    },
    state: states.get,
    onState: states.subscribe,
    setAside: (target, message) => states.set(target.id, failures.setAside(target, message)),
    release(id) {
      failures.release(id);
      const { kind } = states.get(id);
      if (kind === 'quarantined' || kind === 'crashed') states.set(id, { kind: 'unloaded' });
    },
    dispose: pool.dispose,
  };
}

/** The engine process: under `process/` in the sources, beside this file in the build. */
function defaultEntry(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return join(here, import.meta.url.endsWith('.ts') ? join('process', 'engine-process.ts') : 'engine.js');
}
