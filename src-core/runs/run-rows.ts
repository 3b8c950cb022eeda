import type { Insertable, Selectable, SelectQueryBuilder } from 'kysely';
import { contentSchema, type PromptContent, type Sampling, samplingSchema } from '../contract/content.ts';
import { isPlainObject } from '../contract/json.ts';
import { renderedMessageSchema, roles } from '../contract/messages.ts';
import { longestModelId } from '../contract/models.ts';
import { type Run, type RunStatus, type RunSummary, runStatuses } from '../contract/runs.ts';
import type { JsonObject } from '../contract/shared.ts';
import { firstCharacters } from '../contract/text-length.ts';
import { sleep } from '../follow.ts';
import { loadContent } from '../library/stored/contents.ts';
import { numbersOf } from '../library/stored/version-numbers.ts';
import { countOf, dollarsOf, measureOf } from '../models/counts.ts';
import { AppError } from '../scope/errors.ts';
import { newId } from '../scope/ids.ts';
import type { Reader } from '../scope/scope.ts';
import type { Tables } from '../tables/tables.ts';
import type { RunsTable } from '../tables/workspace.ts';
import { describeCall } from './describe-call.ts';
import { loadText } from './stored-texts.ts';
import { createStoredReader, idOrNull, type StoredReader, storedError, textItem, textOrNull } from './stored-values.ts';

export type RunRow = Selectable<RunsTable>;
export type NewRun = Insertable<RunsTable>;
/** The numbers of the versions that ran, as they are now. */
type VersionNumbers = Awaited<ReturnType<typeof numbersOf>>;
/** What a list reads of a run. */
type SummaryRow = Omit<
  RunRow,
  | 'cell_prompt'
  | 'cell_model'
  | 'cell_row'
  | 'superseded'
  | 'seq'
  | 'person_id'
  | 'tool_call_count'
  | 'content_hash'
  | 'inputs'
  | 'messages'
  | 'model_identity'
  | 'sampling'
  | 'reasoning'
  | 'output_length'
  | 'reasoning_length'
  | 'attempts'
  | 'reasoning_tokens'
  | 'cached_tokens'
  | 'notes'
  | 'host_id'
>;
/** What a run writes when it goes on or ends. */
export type RunPatch = Partial<Omit<RunRow, 'seq' | 'id'>>;

/** Characters of an output that lists carry. */
const excerptLength = 240;
/** Code units of texts that take a while to read. */
const bigText = 1_000_000;
/** Calls of tools that are longer are not read for an excerpt. */
const longestCalls = 100_000;

export interface RunOrigin {
  readonly promptId: string | null;
  readonly promptName: string | null;
  readonly versionId: string | null;
  readonly versionNumber: number | null;
}

export interface RunPlan extends RunOrigin {
  readonly contentHash: string;
  /** As JSON; the same for many cells, and so made once by whoever has many. */
  readonly inputs: string;
  readonly model: string;
  /** As JSON. */
  readonly sampling: string;
  readonly hostId: string;
  readonly personId: string | null;
  readonly now: string;
  readonly cell?: {
    readonly comparisonId: string;
    readonly prompt: number;
    readonly model: number;
    readonly row: number;
  };
}

export function newRun(plan: RunPlan): NewRun & { readonly id: string } {
  return {
    id: newId(),
    person_id: plan.personId,
    comparison_id: plan.cell?.comparisonId ?? null,
    cell_prompt: plan.cell?.prompt ?? null,
    cell_model: plan.cell?.model ?? null,
    cell_row: plan.cell?.row ?? null,
    prompt_id: plan.promptId,
    prompt_name: plan.promptName,
    version_id: plan.versionId,
    version_number: plan.versionNumber,
    content_hash: plan.contentHash,
    inputs: plan.inputs,
    messages: '[]',
    model: plan.model,
    model_identity: '{}',
    sampling: plan.sampling,
    status: 'queued',
    output: '',
    tool_calls: '[]',
    attempts: '[]',
    host_id: plan.hostId,
    created_at: plan.now,
  };
}

export async function requireRun(scope: Reader, id: string): Promise<RunRow> {
  const row = await scope.db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw runGone(id);
  return row;
}

export function runGone(id: string): AppError {
  return new AppError('not_found', 'This run no longer exists; it may have been deleted in another window.', { id });
}

export async function loadRun(scope: Reader, id: string): Promise<Run> {
  const row = await requireRun(scope, id);
  const output = await loadText(scope, row, 'output');
  const reasoning = await loadText(scope, row, 'reasoning');
  // What was read here is written out next, and both of a big answer in one go would keep everybody waiting.
  if (output.length + reasoning.length > bigText) await sleep(0);
  const content = await loadContent(scope, row.content_hash).catch(() => null);
  return toRun({ ...row, output, reasoning }, content, await numbersOf(scope, [row.version_id]));
}

/** What a list needs of a run; of long texts only their beginning. */
export function selectSummaries<Query extends SelectQueryBuilder<Tables, 'runs', object>>(runs: Query) {
  return runs
    .select([
      'id',
      'status',
      'prompt_id',
      'prompt_name',
      'version_id',
      'version_number',
      'model',
      'comparison_id',
      'finish_reason',
      'error',
      'schema_problems',
      'score',
      ...figureNames,
      'created_at',
      'finished_at',
    ])
    .select((eb) => [
      eb.fn<string>('substr', ['output', eb.val(1), eb.val(excerptLength)]).as('output'),
      eb
        .case()
        .when(eb.and([eb('output', '=', ''), eb(eb.fn<number>('length', ['tool_calls']), '<', longestCalls)]))
        .then(eb.ref('tool_calls'))
        .else('[]')
        .end()
        .as('tool_calls'),
    ]);
}

/** What a list says of a run; every row gives something that the contract accepts. */
export function toRunSummary(row: SummaryRow, numbers: VersionNumbers): RunSummary {
  return readSummary(createStoredReader(), row, numbers);
}

/** The status of a row, whatever stands there. */
export function statusOf(row: Pick<RunRow, 'status'>): RunStatus {
  return runStatuses.find((status) => status === row.status) ?? 'failed';
}

/** The figures of a run or a cell. */
export function readFigures(reader: StoredReader, row: Pick<RunRow, FigureColumn>) {
  const figure = (column: FigureColumn) => reader.figure(column, row[column], figureColumns[column]);
  return {
    inputTokens: figure('input_tokens'),
    outputTokens: figure('output_tokens'),
    cost: figure('cost'),
    ttftMs: figure('ttft_ms'),
    latencyMs: figure('latency_ms'),
    tokensPerSecond: figure('tokens_per_second'),
    generationMs: figure('generation_ms'),
  };
}

const figureColumns = {
  input_tokens: countOf,
  output_tokens: countOf,
  cost: dollarsOf,
  ttft_ms: measureOf,
  latency_ms: measureOf,
  tokens_per_second: measureOf,
  generation_ms: measureOf,
} satisfies Readonly<Partial<Record<keyof RunRow, (value: unknown) => number | null>>>;

export type FigureColumn = keyof typeof figureColumns;

/** The columns of `readFigures`. */
export const figureNames = Object.keys(figureColumns) as FigureColumn[];

function readSummary(reader: StoredReader, row: SummaryRow, numbers: VersionNumbers): RunSummary {
  const version = numbers.get(row.version_id ?? '');
  const output = reader.text('output', row.output);
  return {
    ...readFigures(reader, row),
    id: row.id,
    status: reader.oneOf('status', row.status, runStatuses, 'failed'),
    promptId: idOrNull(row.prompt_id),
    promptName: textOrNull(row.prompt_name),
    versionNumber: version?.number ?? reader.figure('version_number', row.version_number, countOf),
    versionConfirmed: version?.confirmed ?? true,
    model: firstCharacters(reader.text('model', row.model), longestModelId) || 'unknown',
    comparisonId: idOrNull(row.comparison_id),
    excerpt: (output || describeCalls(row.tool_calls)).slice(0, excerptLength),
    finishReason: textOrNull(row.finish_reason),
    error: storedError(reader, row.error),
    schemaProblems: reader.listOrNull('schema_problems', row.schema_problems, textItem),
    score: reader.figure('score', row.score, measureOf),
    createdAt: reader.text('created_at', row.created_at),
    finishedAt: textOrNull(row.finished_at),
  };
}

/** What a run without text did instead. */
function describeCalls(toolCalls: string): string {
  if (toolCalls === '[]') return '';
  const calls = createStoredReader().list('tool_calls', toolCalls, toToolCall);
  return calls.map((call) => `calls ${describeCall(call)}`).join(', ');
}

function toToolCall(item: unknown): Run['toolCalls'][number] | null {
  if (!isPlainObject(item)) return null;
  const [id, name, args] = [item.id, item.name, item.arguments].map((value) => textItem(value) ?? '');
  return { id: id!, name: name!, arguments: args! };
}

function toAttempt(item: unknown): Run['attempts'][number] | null {
  if (!isPlainObject(item)) return null;
  const error = storedError(createStoredReader(), JSON.stringify(item.error ?? {}));
  return error && { model: textItem(item.model) ?? '', error };
}

function toMessage(item: unknown): Run['messages'][number] | null {
  if (!isPlainObject(item)) return null;
  const [role, content] = [textItem(item.role), textItem(item.content)];
  if (role !== null && content !== null) return { role, content };
  return renderedMessageSchema.safeParse(item).data ?? null;
}

/** A content of null is one that cannot be read. */
function toRun(row: RunRow, content: PromptContent | null, numbers: VersionNumbers): Run {
  const reader = createStoredReader();
  const summary = readSummary(reader, row, numbers);
  const messages = reader.list('messages', row.messages, toMessage);
  const run = {
    ...summary,
    versionId: idOrNull(row.version_id),
    contentHash: reader.text('content_hash', row.content_hash),
    content: content ?? contentOf(messages),
    inputs: reader.object<JsonObject>('inputs', row.inputs, {}),
    messages,
    sampling: reader.json<Sampling>('sampling', row.sampling, samplingSchema, {}),
    modelIdentity: reader.object<JsonObject>('model_identity', row.model_identity, {}),
    output: reader.text('output', row.output),
    reasoning: reader.text('reasoning', row.reasoning),
    reasoningTokens: reader.figure('reasoning_tokens', row.reasoning_tokens, countOf),
    cachedTokens: reader.figure('cached_tokens', row.cached_tokens, countOf),
    toolCalls: reader.list('tool_calls', row.tool_calls, toToolCall),
    attempts: reader.list('attempts', row.attempts, toAttempt),
  };
  const notes = reader.list('notes', row.notes, textItem);
  const damaged = [...reader.damaged, ...(content === null ? ['prompt'] : [])];
  return { ...run, notes: damaged.length === 0 ? notes : [...notes, damageNote(damaged)] };
}

function damageNote(columns: readonly string[]): string {
  const names = columns.map((column) => column.replaceAll('_', ' ')).join(', ');
  return `What is stored of this run cannot all be read; left out or put right: ${names}.`;
}

/** A stand-in for a content that cannot be read: what was sent, word for word. */
function contentOf(messages: Run['messages']): PromptContent {
  const sent = messages.map(({ role, content }) => ({ role: roles.find((each) => each === role) ?? 'user', content }));
  return contentSchema.parse({ messages: sent.length > 0 ? sent.slice(0, 200) : [{ role: 'user', content: '' }] });
}
