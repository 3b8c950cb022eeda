import type { Selectable } from 'kysely';
import type { Cell, Comparison, ComparisonSummary } from '../contract/comparisons.ts';
import type { PromptContent } from '../contract/content.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { ComparisonsTable } from '../database/tables.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import type { RunRow } from '../runs/run-rows.ts';
import { createTurns } from '../turns.ts';
import { loadContent } from '../versions/contents.ts';

export type ComparisonRow = Selectable<ComparisonsTable>;

/** A compared prompt as it is stored: the content by its hash. */
export interface StoredPrompt {
  readonly promptId: string | null;
  readonly versionId: string | null;
  readonly versionNumber: number | null;
  readonly name: string;
  readonly contentHash: string;
}

/** Characters of an output that a grid is sent; the whole is one click away. */
export const cellOutputLimit = 4_000;

export type CellRow = Pick<
  RunRow,
  | 'id'
  | 'cell_prompt'
  | 'cell_model'
  | 'cell_row'
  | 'status'
  | 'finish_reason'
  | 'input_tokens'
  | 'output_tokens'
  | 'cost'
  | 'ttft_ms'
  | 'latency_ms'
  | 'tokens_per_second'
  | 'generation_ms'
  | 'error'
  | 'schema_problems'
> & { readonly seq: number; readonly excerpt: string; readonly output_length: number };

/** The cells of a grid in their order, without the bulk of their outputs. */
export function selectCells(database: Database, comparisonId: string) {
  return database
    .selectFrom('runs')
    .select([
      'seq',
      'id',
      'cell_prompt',
      'cell_model',
      'cell_row',
      'status',
      'finish_reason',
      'input_tokens',
      'output_tokens',
      'cost',
      'ttft_ms',
      'latency_ms',
      'tokens_per_second',
      'generation_ms',
      'error',
      'schema_problems',
    ])
    .select((eb) => [
      eb.fn<string>('substr', ['output', eb.val(1), eb.val(cellOutputLimit)]).as('excerpt'),
      eb.fn.coalesce('output_length', eb.fn<number>('length', ['output'])).as('output_length'),
    ])
    .where('comparison_id', '=', comparisonId)
    .where('superseded', '=', 0)
    .orderBy('seq');
}

/** Cells that are read, and sent, at once. */
export const cellPage = 200;

/** All cells of a grid in their order, page by page. */
export async function* loadCells(database: Database, comparisonId: string): AsyncGenerator<Cell[]> {
  const turns = createTurns();
  for (let after = -1; ; ) {
    const rows = await selectCells(database, comparisonId).where('seq', '>', after).limit(cellPage).execute();
    if (rows.length > 0) yield rows.map(toCell);
    if (rows.length < cellPage) return;
    after = rows.at(-1)!.seq;
    await turns();
  }
}

export function toCell(row: CellRow): Cell {
  return {
    runId: row.id,
    prompt: row.cell_prompt ?? 0,
    model: row.cell_model ?? 0,
    row: row.cell_row ?? 0,
    status: row.status as Cell['status'],
    output: row.excerpt,
    outputLength: row.output_length,
    finishReason: row.finish_reason,
    error: row.error === null ? null : JSON.parse(row.error),
    schemaProblems: row.schema_problems === null ? null : JSON.parse(row.schema_problems),
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cost: row.cost,
    ttftMs: row.ttft_ms,
    latencyMs: row.latency_ms,
    tokensPerSecond: row.tokens_per_second,
    generationMs: row.generation_ms,
  };
}

export async function requireComparison(database: Database, id: string): Promise<ComparisonRow> {
  const row = await database
    .selectFrom('comparisons')
    .selectAll()
    .where('id', '=', id)
    .where('whole', '=', 1)
    .executeTakeFirst();
  if (!row) throw comparisonGone(id);
  return row;
}

/** What a list or a watcher needs of a comparison: not its rows of inputs, which may be thousands. */
export function selectLight(database: Database) {
  return database
    .selectFrom('comparisons')
    .select(['seq', 'id', 'title', 'status', 'prompts', 'models', 'row_count', 'host_id', 'created_at'])
    .where('whole', '=', 1);
}

export type LightRow = Pick<
  ComparisonRow,
  'seq' | 'id' | 'title' | 'status' | 'prompts' | 'models' | 'row_count' | 'host_id' | 'created_at'
>;

export async function requireLight(database: Database, id: string): Promise<LightRow> {
  const row = await selectLight(database).where('id', '=', id).executeTakeFirst();
  if (!row) throw comparisonGone(id);
  return row;
}

function comparisonGone(id: string): AppError {
  return new AppError('not_found', 'This comparison no longer exists; it may have been deleted in another window.', {
    id,
  });
}

export function storedPrompts(row: Pick<ComparisonRow, 'prompts'>): StoredPrompt[] {
  return JSON.parse(row.prompts);
}

export async function loadPromptContents(database: Database, row: ComparisonRow): Promise<PromptContent[]> {
  return Promise.all(storedPrompts(row).map((prompt) => loadContent(database, prompt.contentHash)));
}

export async function toComparison(
  database: Database,
  row: ComparisonRow,
  totals: Comparison['totals'],
): Promise<Comparison> {
  const contents = await loadPromptContents(database, row);
  return {
    id: row.id,
    title: row.title,
    status: row.status as Comparison['status'],
    prompts: storedPrompts(row).map(({ contentHash: _, ...prompt }, index) => ({
      ...prompt,
      content: contents[index]!,
    })),
    models: JSON.parse(row.models),
    rows: JSON.parse(row.rows) as JsonObject[],
    sampling: JSON.parse(row.sampling),
    concurrency: row.concurrency,
    totals,
    createdAt: row.created_at,
  };
}

export function toComparisonSummary(
  row: LightRow,
  counts: { readonly cells: number; readonly succeeded: number; readonly failed: number },
): ComparisonSummary {
  return {
    id: row.id,
    title: row.title,
    status: row.status as ComparisonSummary['status'],
    prompts: storedPrompts(row).map((prompt) => prompt.name),
    models: JSON.parse(row.models),
    rows: row.row_count,
    ...counts,
    createdAt: row.created_at,
  };
}
