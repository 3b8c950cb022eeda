import type { Insertable, Selectable } from 'kysely';
import type { PromptContent, Sampling } from '../contract/content.ts';
import type { Run, RunSummary } from '../contract/runs.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { RunsTable } from '../database/tables.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import { loadContent } from '../versions/contents.ts';

export type RunRow = Selectable<RunsTable>;
export type NewRun = Insertable<RunsTable>;
/** What a run writes when it goes on or ends. */
export type RunPatch = Partial<Omit<RunRow, 'seq' | 'id'>>;

/** Characters of an output that lists carry. */
const excerptLength = 240;

export interface RunOrigin {
  readonly promptId: string | null;
  readonly promptName: string | null;
  readonly versionId: string | null;
  readonly versionNumber: number | null;
}

export interface RunPlan extends RunOrigin {
  readonly contentHash: string;
  readonly inputs: JsonObject;
  readonly model: string;
  readonly sampling: Sampling;
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
    inputs: JSON.stringify(plan.inputs),
    messages: '[]',
    model: plan.model,
    model_identity: '{}',
    sampling: JSON.stringify(plan.sampling),
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
  if (!row)
    throw new AppError('not_found', 'This run no longer exists; it may have been deleted in another window.', { id });
  return row;
}

export async function loadRun(database: Database, id: string): Promise<Run> {
  const row = await requireRun(database, id);
  return toRun(row, await loadContent(database, row.content_hash));
}

export function toRunSummary(row: RunRow): RunSummary {
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
