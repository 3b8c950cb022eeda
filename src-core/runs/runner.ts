import type { PromptContent, Sampling } from '../contract/content.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { Core } from '../core.ts';
import { AppError, type ErrorData, toAppError } from '../errors.ts';
import { repeat } from '../follow.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { ChatMessage } from '../ports.ts';
import { renderFromLibrary } from '../prompts/render-from-library.ts';
import type { IncludeCache } from '../templates/with-includes.ts';
import { type ActiveRun, type ActiveRuns, createActiveRuns } from './active-runs.ts';
import { type Cancellations, createCancellations } from './cancellations.ts';
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
  /** How model ids are looked up; a comparison does it once for all its cells. */
  readonly resolve: (model: string) => Promise<ResolvedModel>;
}

/** A run that was set going. */
export interface StartedRun {
  /** The model is done; never rejects. */
  readonly result: Promise<ExecutionResult>;
  /** The result is on disk; never rejects. */
  readonly persisted: Promise<void>;
}

/** Executes runs, keeps them on disk as they go, and tells who watches. */
export interface Runner {
  readonly active: ActiveRuns;
  readonly writer: RunWriter;
  readonly cancellations: Cancellations;
  /** Sets a run going that was added to `active`. */
  run(active: ActiveRun, prepare: () => Promise<RunWork>): StartedRun;
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
  const cancellations = createCancellations(core, () => active.count() > 0);
  cancellations.handle((id) => {
    const run = active.get(id);
    run?.controller.abort();
    return run !== undefined;
  });
  const stopCheckpoints = keepCheckpoints(core, active, writer);

  const persist = async (entry: ActiveRun, patch: RunPatch): Promise<void> => {
    try {
      await writer.write(entry.id, { ...patch, finished_at: core.clock.now() });
    } catch (error) {
      core.log.error(`The result of run ${entry.id} could not be written.`, error);
    }
    active.notify(entry, 'finished');
    index.add(entry.id);
  };

  return {
    active,
    writer,
    cancellations,
    run(entry, prepare) {
      entry.status = 'running';
      active.notify(entry, 'status');
      const outcome = work(core, active, entry, prepare);
      const result = outcome.then((done) => done.result);
      const persisted = outcome.then(({ result: { status }, patch }) => {
        entry.status = status;
        return persist(entry, patch);
      });
      running.add(persisted);
      void persisted.then(() => running.delete(persisted));
      return { result, persisted };
    },
    async close() {
      stopCheckpoints();
      cancellations.close();
      for (const entry of active.all()) entry.controller.abort();
      await Promise.allSettled(running);
      await writer.flush();
      await index.flush();
    },
  };
}

interface Outcome {
  readonly result: ExecutionResult;
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
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'internal') core.log.error(`Run ${entry.id} could not be prepared.`, error.cause);
    const status = entry.controller.signal.aborted ? 'cancelled' : 'failed';
    return { result: neverAsked(status, error.toData()), patch: { status, error: JSON.stringify(error.toData()) } };
  }
  const listener = {
    text(output: string) {
      entry.output = output;
      active.notify(entry, 'text');
    },
    reasoning(reasoning: string) {
      entry.reasoning = reasoning;
      active.notify(entry, 'text');
    },
    note(note: string | null) {
      if (entry.note === note) return;
      entry.note = note;
      active.notify(entry, 'status');
    },
  };
  const ports = {
    clock: core.clock,
    resolve: prepared.resolve,
    log: (message: string, cause: unknown) => core.log.error(message, cause),
  };
  const { content, messages, sampling, models } = prepared;
  const asked = { messages, sampling, models, tools: content.tools, responseSchema: content.responseSchema };
  const result = await execute(ports, asked, listener, entry.controller.signal);
  return { result, patch: { ...toPatch(result), messages: JSON.stringify(messages) } };
}

/** The result of a run whose prompt could not be rendered. */
function neverAsked(status: ExecutionResult['status'], error: ErrorData): ExecutionResult {
  return {
    status,
    error,
    model: '',
    identity: {},
    output: '',
    reasoning: '',
    toolCalls: [],
    finishReason: null,
    inputTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    cachedTokens: null,
    cost: null,
    ttftMs: null,
    latencyMs: 0,
    tokensPerSecond: null,
    generationMs: null,
    notes: [],
    schemaProblems: null,
    attempts: [],
  };
}

function toPatch(result: ExecutionResult): RunPatch {
  return {
    status: result.status,
    model: result.model,
    model_identity: JSON.stringify(result.identity),
    output: result.output,
    reasoning: result.reasoning,
    tool_calls: JSON.stringify(result.toolCalls),
    attempts: JSON.stringify(result.attempts),
    finish_reason: result.finishReason,
    input_tokens: result.inputTokens,
    output_tokens: result.outputTokens,
    reasoning_tokens: result.reasoningTokens,
    cached_tokens: result.cachedTokens,
    cost: result.cost,
    ttft_ms: result.ttftMs,
    latency_ms: result.latencyMs,
    tokens_per_second: result.tokensPerSecond,
    generation_ms: result.generationMs,
    notes: JSON.stringify(result.notes),
    error: result.error && JSON.stringify(result.error),
    schema_problems: result.schemaProblems && JSON.stringify(result.schemaProblems),
  };
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
  return repeat(checkpointMs, () => {
    for (const entry of active.all()) {
      const { status, output, reasoning } = entry;
      const length = output.length + reasoning.length;
      if (status !== 'running' || saved.get(entry.id) === length) continue;
      saved.set(entry.id, length);
      const patch = { status, output, reasoning };
      writer
        .write(entry.id, patch)
        .catch((error: unknown) => core.log.error(`Run ${entry.id} could not be kept.`, error));
    }
    for (const id of saved.keys()) if (!active.get(id)) saved.delete(id);
  });
}

/** Makes outputs searchable a moment later and many at once, so that a big comparison is not slowed by it. */
function createOutputIndex(core: Core) {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const ids = [...waiting];
    waiting.clear();
    for (let start = 0; start < ids.length; start += 100) await indexOutputs(core, ids.slice(start, start + 100));
    // A search that is open finds them now.
    if (ids.length > 0) core.changes.publish('runs', ids.length > 100 ? [] : ids);
  };
  return {
    flush,
    add(id: string) {
      waiting.add(id);
      timer ??= setTimeout(
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
