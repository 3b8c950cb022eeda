import type { PromptContent, Sampling } from '../contract/content.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { Core } from '../core.ts';
import { AppError, type ErrorData } from '../errors.ts';
import { resolveModel } from '../models/resolve-model.ts';
import type { ChatMessage } from '../ports.ts';
import { renderFromLibrary } from '../prompts/render-from-library.ts';
import type { IncludeCache } from '../templates/with-includes.ts';
import { type ActiveRun, type ActiveRuns, createActiveRuns } from './active-runs.ts';
import { type ExecutionResult, execute } from './execute-run.ts';
import type { RunPatch } from './run-rows.ts';
import { createRunWriter, type RunWriter } from './run-writer.ts';

/** What one run sends, once its templates are rendered. */
export interface RunWork {
  readonly messages: readonly ChatMessage[];
  readonly content: PromptContent;
  readonly sampling: Sampling;
  /** The model, and those to ask when it fails. */
  readonly models: readonly string[];
}

/** Executes runs, keeps them on disk as they go, and tells who watches. */
export interface Runner {
  readonly active: ActiveRuns;
  readonly writer: RunWriter;
  /** Runs to the end; never throws. The run must have been added to `active`. */
  run(active: ActiveRun, prepare: () => Promise<RunWork>): Promise<ExecutionResult | null>;
  /** Cancels everything and waits until it is on disk. */
  close(): Promise<void>;
}

/** How often the output of a run under way goes to disk, so that a kill loses at most that. */
const checkpointMs = 500;
/** Outputs are searchable up to here. */
const indexedCharacters = 20_000;

export function createRunner(core: Core): Runner {
  const active = createActiveRuns();
  const writer = createRunWriter(core.database);
  const running = new Set<Promise<unknown>>();
  const index = createOutputIndex(core);
  const stopCheckpoints = keepCheckpoints(core, active, writer);

  const run = async (entry: ActiveRun, prepare: () => Promise<RunWork>): Promise<ExecutionResult | null> => {
    entry.status = 'running';
    active.notify(entry, 'status');
    const outcome = await work(core, active, entry, prepare);
    entry.status = outcome.patch.status as ActiveRun['status'];
    try {
      await writer.write(entry.id, { ...outcome.patch, finished_at: core.clock.now() });
    } catch (error) {
      core.log.error(`The result of run ${entry.id} could not be written.`, error);
    }
    active.notify(entry, 'finished');
    index.add(entry.id);
    return outcome.result;
  };

  return {
    active,
    writer,
    run(entry, prepare) {
      const promise = run(entry, prepare);
      running.add(promise);
      return promise.finally(() => running.delete(promise));
    },
    async close() {
      stopCheckpoints();
      for (const entry of active.all()) entry.controller.abort();
      await Promise.allSettled(running);
      await writer.flush();
      await index.flush();
    },
  };
}

interface Outcome {
  readonly result: ExecutionResult | null;
  readonly patch: RunPatch;
}

async function work(
  core: Core,
  active: ActiveRuns,
  entry: ActiveRun,
  prepare: () => Promise<RunWork>,
): Promise<Outcome> {
  let prepared: RunWork;
  try {
    prepared = await prepare();
  } catch (error) {
    return { result: null, patch: failed(core, entry, error) };
  }
  const listener = {
    text(output: string) {
      entry.output = output;
      active.notify(entry, 'text');
    },
    note(note: string | null) {
      entry.note = note;
      active.notify(entry, 'status');
    },
  };
  const ports = {
    clock: core.clock,
    resolve: (model: string) => resolveModel(core, model),
    log: (message: string, cause: unknown) => core.log.error(message, cause),
  };
  const { content, messages, sampling, models } = prepared;
  const asked = { messages, sampling, models, tools: content.tools, responseSchema: content.responseSchema };
  const result = await execute(ports, asked, listener, entry.controller.signal);
  return { result, patch: { ...toPatch(result), messages: JSON.stringify(messages) } };
}

function toPatch(result: ExecutionResult): RunPatch {
  return {
    status: result.status,
    model: result.model,
    model_identity: JSON.stringify(result.identity),
    output: result.output,
    tool_calls: JSON.stringify(result.toolCalls),
    attempts: JSON.stringify(result.attempts),
    finish_reason: result.finishReason,
    input_tokens: result.inputTokens,
    output_tokens: result.outputTokens,
    cost: result.cost,
    ttft_ms: result.ttftMs,
    latency_ms: result.latencyMs,
    tokens_per_second: result.tokensPerSecond,
    error: result.error && JSON.stringify(result.error),
  };
}

function failed(core: Core, entry: ActiveRun, thrown: unknown): RunPatch {
  if (entry.controller.signal.aborted) return { status: 'cancelled' };
  if (thrown instanceof AppError) return { status: 'failed', error: JSON.stringify(thrown.toData()) };
  core.log.error(`Run ${entry.id} could not be prepared.`, thrown);
  const error: ErrorData = {
    code: 'internal',
    message: 'This run could not be prepared. The host log has the details.',
  };
  return { status: 'failed', error: JSON.stringify(error) };
}

/** Renders a content for a run. Throws `invalid` with every problem in the details. */
export async function renderForRun(
  core: Core,
  content: PromptContent,
  inputs: JsonObject,
  cache?: IncludeCache,
): Promise<ChatMessage[]> {
  const { messages, problems } = await renderFromLibrary(core.database, content, inputs, cache);
  if (messages !== null) return messages as ChatMessage[];
  const errors = problems.filter((problem) => problem.severity === 'error');
  const first = errors[0]?.message ?? 'The prompt cannot be rendered.';
  const more =
    errors.length > 1 ? ` (and ${errors.length - 1} more ${errors.length === 2 ? 'problem' : 'problems'})` : '';
  throw new AppError('invalid', `${first}${more}`, { problems: errors });
}

function keepCheckpoints(core: Core, active: ActiveRuns, writer: RunWriter): () => void {
  const saved = new Map<string, number>();
  let stopped = false;
  const tick = () => {
    if (stopped) return;
    for (const entry of active.all()) {
      if (entry.status !== 'running' || saved.get(entry.id) === entry.output.length) continue;
      saved.set(entry.id, entry.output.length);
      const patch = { status: entry.status, output: entry.output };
      writer
        .write(entry.id, patch)
        .catch((error: unknown) => core.log.error(`Run ${entry.id} could not be kept.`, error));
    }
    for (const id of saved.keys()) if (!active.get(id)) saved.delete(id);
    setTimeout(tick, checkpointMs);
  };
  setTimeout(tick, checkpointMs);
  return () => {
    stopped = true;
  };
}

/** Makes outputs searchable a moment later and many at once, so that a big comparison is not slowed by it. */
function createOutputIndex(core: Core) {
  const waiting = new Set<string>();
  let scheduled = false;
  const flush = async (): Promise<void> => {
    scheduled = false;
    const ids = [...waiting];
    waiting.clear();
    for (let start = 0; start < ids.length; start += 100) await indexOutputs(core, ids.slice(start, start + 100));
  };
  return {
    flush,
    add(id: string) {
      waiting.add(id);
      if (scheduled) return;
      scheduled = true;
      setTimeout(
        () => void flush().catch((error: unknown) => core.log.error('Outputs could not be indexed.', error)),
        2_000,
      );
    },
  };
}

async function indexOutputs(core: Core, ids: readonly string[]): Promise<void> {
  const { database, search } = core;
  await database.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('runs')
      .select(['id', 'prompt_id', 'model'])
      .select((eb) => eb.fn<string>('substr', ['output', eb.val(1), eb.val(indexedCharacters)]).as('body'))
      .where('id', 'in', ids)
      .where('output', '!=', '')
      .execute();
    const documents = rows.map(({ id, prompt_id, model, body }) => ({
      kind: 'run' as const,
      ref: id,
      promptId: prompt_id,
      name: '',
      title: '',
      tags: model,
      description: '',
      body,
      note: '',
    }));
    await search.put(trx, documents);
  });
}
