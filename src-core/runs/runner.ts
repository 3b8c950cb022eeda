import { loadBlobs } from '../blobs/stored-blobs.ts';
import type { PromptContent, Sampling } from '../contract/content.ts';
import type { RunStatus } from '../contract/runs.ts';
import type { JsonObject } from '../contract/shared.ts';
import { repeat } from '../follow.ts';
import { type Cancellations, createCancellations } from '../jobs/cancellations.ts';
import { loadIncludes } from '../library/prompts/includes.ts';
import { renderFromLibrary } from '../library/prompts/render-from-library.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { ChatMessage, Ports, StoredBlob } from '../ports.ts';
import { AppError, toAppError } from '../scope/errors.ts';
import type { Session } from '../scope/scope.ts';
import type { IncludeCache } from '../templates/with-includes.ts';
import { type ActiveRun, type ActiveRuns, createActiveRuns } from './active-runs.ts';
import { type ExecutionResult, execute } from './execute-run.ts';
import { createOutputIndex } from './output-index.ts';
import { neverAsked, toPatch } from './run-results.ts';
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
  /** Fires when the host closes: nothing more is to be started. */
  readonly closing: AbortSignal;
  /** What the host is not to close before. */
  hold(work: Promise<void>): void;
  /** Cancels everything and waits until it is on disk. */
  close(): Promise<void>;
}

/** How often the output of a run under way goes to disk, so that a kill loses at most that. */
const checkpointMs = 500;

export function createRunner(ports: Ports): Runner {
  const active = createActiveRuns();
  const writer = createRunWriter(ports.runStorage, ports.log);
  const outcomes = new Set<Promise<unknown>>();
  const held = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const index = createOutputIndex(ports);
  const cancellations = createCancellations(ports, () => active.count() > 0);
  cancellations.handle((id) => {
    const run = active.get(id);
    run?.controller.abort();
    return run !== undefined;
  });
  const stopCheckpoints = keepCheckpoints(active, writer);

  const sayWhatKeepsIt = (entry: ActiveRun): void => {
    if (!entry.answered) return;
    const writeFailure = writer.writeFailure();
    entry.note = writeFailure && `The result waits in memory and is written when it can be. ${writeFailure}`;
    active.notify(entry, 'status');
  };
  writer.onWriteFailure(() => {
    for (const entry of active.all()) sayWhatKeepsIt(entry);
  });

  const persist = async (entry: ActiveRun, patch: RunPatch): Promise<void> => {
    entry.answered = true;
    // What a closing host stops in the middle of a job, the job asks again when it is taken up.
    const isLeft = closing.signal.aborted && entry.comparisonId !== null && patch.status === 'cancelled';
    const written = isLeft
      ? writer.write(entry.id, { status: 'queued' })
      : writer.write(entry.id, { ...patch, finished_at: ports.clock.now() }, entry);
    if (writer.writeFailure() !== null) sayWhatKeepsIt(entry);
    try {
      await written;
    } catch (error) {
      ports.log.error(`The result of run ${entry.id} could not be written.`, error);
    }
    entry.status = patch.status as RunStatus;
    active.notify(entry, 'finished');
    if (entry.output.length > 0) index.soon();
  };

  return {
    active,
    writer,
    cancellations,
    run(entry, prepare) {
      entry.status = 'running';
      active.notify(entry, 'status');
      const outcome = work(ports, active, entry, prepare);
      const result = outcome.then((done) => done.result);
      const persisted = outcome.then(({ patch }) => persist(entry, patch));
      keep(outcomes, outcome);
      keep(held, persisted);
      return { result, persisted };
    },
    closing: closing.signal,
    hold: (work) => keep(held, work),
    async close() {
      stopCheckpoints();
      cancellations.close();
      closing.abort();
      for (const entry of active.all()) entry.controller.abort();
      await Promise.allSettled(outcomes);
      // Nobody waits for a disk that stays full.
      if (writer.writeFailure() !== null) await writer.close();
      await Promise.allSettled(held);
      await writer.close();
      await index.close();
    },
  };
}

/** Keeps a promise in a set until it has settled. */
function keep(set: Set<Promise<unknown>>, promise: Promise<unknown>): void {
  set.add(promise);
  const drop = () => void set.delete(promise);
  promise.then(drop, drop);
}

interface Outcome {
  readonly result: ExecutionResult;
  readonly patch: RunPatch;
}

async function work(
  { host, clock, log }: Ports,
  active: ActiveRuns,
  entry: ActiveRun,
  prepare: () => Promise<RunWork>,
): Promise<Outcome> {
  let prepared: RunWork;
  let blobs: ReadonlyMap<string, StoredBlob>;
  try {
    prepared = await prepare();
    blobs = await loadBlobs(host, prepared.messages);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'internal') log.error(`Run ${entry.id} could not be prepared.`, error.cause);
    const status = entry.controller.signal.aborted ? 'cancelled' : 'failed';
    return { result: neverAsked(status, error.toData()), patch: { status, error: JSON.stringify(error.toData()) } };
  }
  const listener = {
    text: () => active.notify(entry, 'text'),
    note(note: string | null) {
      if (entry.note === note) return;
      entry.note = note;
      active.notify(entry, 'status');
    },
  };
  const tools = {
    clock,
    resolve: prepared.resolve,
    log: (message: string, cause: unknown) => log.error(message, cause),
  };
  const { content, messages, sampling, models } = prepared;
  const asked = {
    messages,
    sampling,
    models,
    tools: content.tools,
    responseSchema: content.responseSchema,
    extra: content.settings.extra,
    blobs,
  };
  const result = await execute(tools, asked, entry, listener, entry.controller.signal);
  return { result, patch: { ...toPatch(result), messages: JSON.stringify(messages) } };
}

/** Renders a content for a run. Throws `invalid` with every problem in the details. */
export async function renderForRun(
  session: Session,
  content: PromptContent,
  inputs: JsonObject,
  cache?: IncludeCache,
): Promise<ChatMessage[]> {
  const fetch = (names: readonly string[]) => session.read((scope) => loadIncludes(scope, names));
  const { messages, problems } = await renderFromLibrary(fetch, content, inputs, cache);
  if (messages?.length === 0) {
    const none = 'There is nothing to send: every message is a placeholder, and none of their inputs has a message.';
    throw new AppError('invalid', none);
  }
  if (messages !== null) return messages;
  const errors = problems.filter((problem) => problem.severity === 'error');
  const first = errors[0]?.message ?? 'The prompt cannot be rendered.';
  const more =
    errors.length > 1 ? ` (and ${errors.length - 1} more ${errors.length === 2 ? 'problem' : 'problems'})` : '';
  throw new AppError('invalid', `${first}${more}`, { problems: errors });
}

function keepCheckpoints(active: ActiveRuns, writer: RunWriter): () => void {
  const saved = new Map<string, string>();
  return repeat(checkpointMs, () => {
    for (const entry of active.all()) {
      const { answered, output, reasoning } = entry;
      const state = `${output.generation} ${output.length} ${reasoning.generation} ${reasoning.length}`;
      if (answered || (saved.get(entry.id) ?? '0 0 0 0') === state) continue;
      saved.set(entry.id, state);
      writer.checkpoint(entry.id, entry);
    }
    for (const id of saved.keys()) if (!active.get(id)) saved.delete(id);
  });
}
