import type { Selectable } from 'kysely';
import { type Cell, type Comparison, type ComparisonSummary, comparisonStatuses } from '../contract/comparisons.ts';
import { contentSchema, type PromptContent, type Sampling, samplingSchema } from '../contract/content.ts';
import { isPlainObject } from '../contract/json.ts';
import { longestModelId } from '../contract/models.ts';
import type { JsonObject } from '../contract/shared.ts';
import { firstCharacters } from '../contract/text-length.ts';
import { loadContent } from '../library/stored/contents.ts';
import { numbersOf } from '../library/stored/version-numbers.ts';
import { countOf } from '../models/counts.ts';
import { type FigureColumn, figureNames, type RunRow, readFigures, statusOf } from '../runs/run-rows.ts';
import { createStoredReader, idOrNull, isId, storedError, textItem, textOrNull } from '../runs/stored-values.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Session } from '../scope/scope.ts';
import type { ComparisonsTable } from '../tables/workspace.ts';
import { createTurns } from '../turns.ts';
import { computeTotals } from './totals.ts';

export type ComparisonRow = Selectable<ComparisonsTable>;

/** A compared prompt as it is stored: the content by its hash. */
export interface StoredPrompt {
  readonly promptId: string | null;
  readonly versionId: string | null;
  readonly versionNumber: number | null;
  readonly name: string;
  readonly contentHash: string;
}

/** A place beyond this is damage, too. */
const mostPlaces = 100_000;

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
  | FigureColumn
  | 'error'
  | 'schema_problems'
  | 'notes'
> & {
  readonly seq: number;
  readonly excerpt: string;
  readonly output_length: number;
  readonly tool_call_count: number;
};

/** The cells of a grid in their order, without the bulk of their outputs. */
export function selectCells(scope: Reader, comparisonId: string) {
  return scope.db
    .selectFrom('runs')
    .select([
      'seq',
      'id',
      'cell_prompt',
      'cell_model',
      'cell_row',
      'status',
      'finish_reason',
      ...figureNames,
      'error',
      'schema_problems',
      'notes',
      'tool_call_count',
    ])
    .select((eb) => [
      eb.fn<string>('substr', ['output', eb.lit(1), eb.lit(cellOutputLimit)]).as('excerpt'),
      eb.fn.coalesce('output_length', eb.fn<number>('length', ['output'])).as('output_length'),
    ])
    .where('comparison_id', '=', comparisonId)
    .where('superseded', '=', 0)
    .orderBy('seq');
}

/** Cells that are read, and sent, at once. */
export const cellPage = 200;

/** What reads pages one after the other, each in a scope of its own. */
type Read = Session['read'];

/** All cells of a grid in their order, page by page. */
export async function* loadCells(read: Read, comparisonId: string): AsyncGenerator<Cell[]> {
  const turns = createTurns();
  for (let after = -1; ; ) {
    const rows = await read((scope) =>
      selectCells(scope, comparisonId).where('seq', '>', after).limit(cellPage).execute(),
    );
    if (rows.length > 0) yield toCells(rows);
    if (rows.length < cellPage) return;
    after = rows.at(-1)!.seq;
    await turns();
  }
}

/** All cells of a grid at once, read page by page. */
export async function loadAllCells(read: Read, comparisonId: string): Promise<Cell[]> {
  const cells: Cell[] = [];
  for await (const page of loadCells(read, comparisonId)) cells.push(...page);
  return cells;
}

/** A cell of the grid; every row gives one that the contract accepts. */
export function toCell(row: CellRow): Cell {
  const reader = createStoredReader();
  return {
    ...readFigures(reader, row),
    runId: row.id,
    prompt: countOf(row.cell_prompt) ?? 0,
    model: countOf(row.cell_model) ?? 0,
    row: countOf(row.cell_row) ?? 0,
    status: statusOf(row),
    output: reader.text('output', row.excerpt),
    outputLength: countOf(row.output_length) ?? 0,
    toolCallCount: countOf(row.tool_call_count) ?? 0,
    finishReason: textOrNull(row.finish_reason),
    error: storedError(reader, row.error),
    schemaProblems: reader.listOrNull('schema_problems', row.schema_problems, textItem),
    notes: reader.list('notes', row.notes, textItem),
  };
}

/** The cells that can be opened; a row without an id of ours must not hide the others. */
export function toCells(rows: readonly CellRow[]): Cell[] {
  return rows.filter((row) => isId(row.id)).map(toCell);
}

export async function requireComparison(scope: Reader, id: string): Promise<ComparisonRow> {
  const row = await scope.db
    .selectFrom('comparisons')
    .selectAll()
    .where('id', '=', id)
    .where('whole', '=', 1)
    .executeTakeFirst();
  if (!row) throw comparisonGone(id);
  return row;
}

/** The compared prompts; what cannot be read keeps its place, so that the cells keep theirs. */
export function storedPrompts(row: Pick<ComparisonRow, 'prompts'>): StoredPrompt[] {
  const stored = createStoredReader().list('prompts', row.prompts, (item) => item ?? {});
  return stored.map((item, index) => {
    const { promptId, versionId, versionNumber, name, contentHash } = isPlainObject(item) ? item : {};
    return {
      promptId: idOrNull(promptId),
      versionId: idOrNull(versionId),
      versionNumber: countOf(versionNumber),
      name: textItem(name) ?? `Prompt ${index + 1}`,
      contentHash: textItem(contentHash) ?? '',
    };
  });
}

/** What a list or a watcher needs of a comparison: not its rows of inputs, which may be thousands. */
export function selectLight(scope: Reader) {
  return scope.db
    .selectFrom('comparisons')
    .select(['id', 'title', 'status', 'prompts', 'models', 'row_count', 'host_id', 'created_at'])
    .where('whole', '=', 1);
}

export type LightRow = Pick<
  ComparisonRow,
  'id' | 'title' | 'status' | 'prompts' | 'models' | 'row_count' | 'host_id' | 'created_at'
>;

export async function requireLight(scope: Reader, id: string): Promise<LightRow> {
  const row = await selectLight(scope).where('id', '=', id).executeTakeFirst();
  if (!row) throw comparisonGone(id);
  return row;
}

function comparisonGone(id: string): AppError {
  return new AppError('not_found', 'This comparison no longer exists; it may have been deleted in another window.', {
    id,
  });
}

/** The compared models, in their places. */
export function storedModels(row: Pick<ComparisonRow, 'models'>): string[] {
  const models = createStoredReader().list('models', row.models, (item) => textItem(item) ?? '');
  return models.map((model) => firstCharacters(model, longestModelId) || 'unknown');
}

/** The rows of inputs, in their places. */
export function storedRows(row: ComparisonRow): JsonObject[] {
  return createStoredReader().list('rows', row.rows, (item) => (isPlainObject(item) ? (item as JsonObject) : {}));
}

/** What all cells are asked with, on top of what their prompts say. */
export function storedSampling(row: Pick<ComparisonRow, 'sampling'>): Sampling {
  return createStoredReader().json<Sampling>('sampling', row.sampling, samplingSchema, {});
}

/** The contents to run. Throws `invalid` when one cannot be read. */
export async function loadPromptContents(scope: Reader, row: ComparisonRow): Promise<PromptContent[]> {
  return Promise.all(
    storedPrompts(row).map(({ name, contentHash }) =>
      loadContent(scope, contentHash).catch(() => {
        throw new AppError(
          'invalid',
          `The prompt "${name}" of this comparison is stored damaged, so nothing can be run again; start a new comparison.`,
        );
      }),
    ),
  );
}

/** What stands in place of a content that cannot be read. */
const unreadable: PromptContent = contentSchema.parse({ messages: [{ role: 'user', content: '' }] });

/** A comparison with as many prompts, models and rows as its cells have, also where its lists cannot be read. */
export async function toComparison(
  scope: Reader,
  row: ComparisonRow,
  cells: readonly Cell[],
  totals?: Comparison['totals'],
): Promise<Comparison> {
  const models = filled(storedModels(row), cells, 'model', () => 'unknown');
  const stored = storedPrompts(row);
  const numbers = await numbersOf(
    scope,
    stored.map(({ versionId }) => versionId),
  );
  const prompts = await Promise.all(
    stored.map(async ({ contentHash, ...prompt }) => ({
      ...prompt,
      versionNumber: numbers.get(prompt.versionId ?? '')?.number ?? prompt.versionNumber,
      versionConfirmed: numbers.get(prompt.versionId ?? '')?.confirmed ?? true,
      content: await loadContent(scope, contentHash).catch(() => unreadable),
    })),
  );
  return {
    id: row.id,
    title: String(row.title),
    status: comparisonStatusOf(row),
    prompts: filled(prompts, cells, 'prompt', (index) => ({
      promptId: null,
      versionId: null,
      versionNumber: null,
      versionConfirmed: true,
      name: `Prompt ${index + 1}`,
      content: unreadable,
    })),
    models,
    rows: filled(storedRows(row), cells, 'row', () => ({})),
    sampling: storedSampling(row),
    concurrency: countOf(row.concurrency) ?? 1,
    totals: totals ?? computeTotals(cells, models.length),
    createdAt: String(row.created_at),
  };
}

/** A list that reaches every place that a cell has. */
function filled<Item>(
  list: readonly Item[],
  cells: readonly Cell[],
  place: 'prompt' | 'model' | 'row',
  missing: (index: number) => Item,
): Item[] {
  const length = cells.reduce((longest, cell) => Math.max(longest, cell[place] + 1), list.length);
  return Array.from({ length: Math.min(length, mostPlaces) }, (_, index) => list[index] ?? missing(index));
}

/** The status of a row, whatever stands there. */
export function comparisonStatusOf(row: Pick<ComparisonRow, 'status'>): Comparison['status'] {
  return comparisonStatuses.find((status) => status === row.status) ?? 'finished';
}

export function toComparisonSummary(
  row: LightRow,
  counts: { readonly cells: number; readonly succeeded: number; readonly failed: number },
): ComparisonSummary {
  return {
    id: row.id,
    title: String(row.title),
    status: comparisonStatusOf(row),
    prompts: storedPrompts(row).map((prompt) => prompt.name),
    models: storedModels(row),
    rows: countOf(row.row_count) ?? 0,
    ...counts,
    createdAt: String(row.created_at),
  };
}
