import type { Insertable, Selectable, SelectQueryBuilder } from 'kysely';
import type { PromptContent } from '../contract/content.ts';
import type { Run, RunSummary } from '../contract/runs.ts';
import type { RunsTable, Tables } from '../database/tables.ts';
import { AppError } from '../errors.ts';
import { sleep } from '../follow.ts';
import type { Database } from '../ports.ts';
import { loadContent } from '../versions/contents.ts';
import { loadText } from './stored-texts.ts';

export type RunRow = Selectable<RunsTable>;
export type NewRun = Insertable<RunsTable>;
/** What a list reads of a run. */
type SummaryRow = Omit<
  RunRow,
  | 'cell_prompt'
  | 'cell_model'
  | 'cell_row'
  | 'superseded'
  | 'version_id'
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
    id: crypto.randomUUID(),
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

export async function requireRun(database: Database, id: string): Promise<RunRow> {
  const row = await database.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw runGone(id);
  return row;
}

export function runGone(id: string): AppError {
  return new AppError('not_found', 'This run no longer exists; it may have been deleted in another window.', { id });
}

export async function loadRun(database: Database, id: string): Promise<Run> {
  const row = await requireRun(database, id);
  const output = await loadText(database, row, 'output');
  const reasoning = await loadText(database, row, 'reasoning');
  // What was read here is written out next, and both of a big answer in one go would keep everybody waiting.
  if (output.length + reasoning.length > bigText) await sleep(0);
  return toRun({ ...row, output, reasoning }, await loadContent(database, row.content_hash));
}

/** What a list needs of a run; of long texts only their beginning. */
export function selectSummaries<Query extends SelectQueryBuilder<Tables, 'runs', object>>(runs: Query) {
  return runs
    .select([
      'seq',
      'id',
      'status',
      'prompt_id',
      'prompt_name',
      'version_number',
      'model',
      'comparison_id',
      'finish_reason',
      'error',
      'schema_problems',
      'score',
      'input_tokens',
      'output_tokens',
      'cost',
      'ttft_ms',
      'latency_ms',
      'tokens_per_second',
      'generation_ms',
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

export function toRunSummary(row: SummaryRow): RunSummary {
  return {
    id: row.id,
    status: row.status as RunSummary['status'],
    promptId: row.prompt_id,
    promptName: row.prompt_name,
    versionNumber: row.version_number,
    model: row.model,
    comparisonId: row.comparison_id,
    excerpt: (row.output || describeCalls(row.tool_calls)).slice(0, excerptLength),
    finishReason: row.finish_reason,
    error: row.error === null ? null : JSON.parse(row.error),
    schemaProblems: row.schema_problems === null ? null : JSON.parse(row.schema_problems),
    score: row.score,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cost: row.cost,
    ttftMs: row.ttft_ms,
    latencyMs: row.latency_ms,
    tokensPerSecond: row.tokens_per_second,
    generationMs: row.generation_ms,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

/** What a run without text did instead. */
function describeCalls(toolCalls: string): string {
  const calls = JSON.parse(toolCalls) as Run['toolCalls'];
  return calls.map((call) => `calls ${call.name}(${call.arguments})`).join(', ');
}

function toRun(row: RunRow, content: PromptContent): Run {
  return {
    ...toRunSummary(row),
    versionId: row.version_id,
    contentHash: row.content_hash,
    content,
    inputs: JSON.parse(row.inputs),
    messages: JSON.parse(row.messages),
    sampling: JSON.parse(row.sampling),
    modelIdentity: JSON.parse(row.model_identity),
    output: row.output,
    reasoning: row.reasoning,
    reasoningTokens: row.reasoning_tokens,
    cachedTokens: row.cached_tokens,
    notes: JSON.parse(row.notes),
    toolCalls: JSON.parse(row.tool_calls),
    attempts: JSON.parse(row.attempts),
  };
}
