import type { Cell } from '../contract/comparisons.ts';
import type { PromptContent } from '../contract/content.ts';
import { rememberStart, type Start, startedBefore } from '../jobs/idempotency.ts';
import { openJob } from '../jobs/queue.ts';
import { storeContent } from '../library/stored/contents.ts';
import type { Ports } from '../ports.ts';
import { type ChosenContent, chooseContent, mergeSampling } from '../runs/choose-content.ts';
import { type NewRun, newRun } from '../runs/run-rows.ts';
import { AppError } from '../scope/errors.ts';
import { newId } from '../scope/ids.ts';
import type { Reader, Session, Writer } from '../scope/scope.ts';
import { createTurns, inChunks } from '../turns.ts';
import {
  type ComparisonRow,
  cellPage,
  type StoredPrompt,
  storedModels,
  storedPrompts,
  storedRows,
  storedSampling,
} from './comparison-rows.ts';
import type { ComparisonsService } from './comparisons-service.ts';
import { deleteComparison } from './delete-comparison.ts';

/** Cells that one transaction stores, so that nobody waits long for it. */
const cellsAtOnce = 250;
/** How often one is stored anew that another host took for lost. */
const mostTries = 3;

type StartInput = Parameters<ComparisonsService['start']>[0];

export interface StoredComparison {
  readonly row: ComparisonRow;
  readonly contents: readonly PromptContent[];
  readonly cells: Map<string, Cell>;
  /** What its runs cost so far, US dollars; nothing unless given. */
  readonly spent?: number;
}

/**
 * Writes the comparison and a queued run per cell, in slices. Nobody is shown it before all of them are there, and what a
 * kill or a full disk leaves of it is deleted. Answers with an id alone when the same start was made before.
 */
export async function storeComparison(
  ports: Ports,
  session: Session,
  { key, ...input }: StartInput,
): Promise<StoredComparison | string> {
  const start: Start = { operation: 'comparisons.start', key, input };
  const before = await session.read((scope) => startedBefore(scope, start));
  if (before !== null) return before;
  const chosen = await session.read(async (scope) => {
    const contents: ChosenContent[] = [];
    for (const prompt of input.prompts) contents.push(await chooseContent(scope, prompt));
    return contents;
  });
  const { hostId } = ports.machine;
  for (let tries = 1; ; tries += 1) {
    const { row, prompts } = await session.write((scope) => storeHead(scope, hostId, input, chosen));
    try {
      const cells = await storeCells(ports, input, row, prompts, chosen);
      const other = await session.write((scope) => makeWhole(scope, hostId, row.id, start));
      if (other === null) return { row, cells, contents: chosen.map(({ content }) => content) };
      await deleteComparison(session, hostId, row.id);
      return other;
    } catch (error) {
      const again = tries < mostTries && (await session.read((scope) => isTaken(scope, hostId, row.id)));
      await deleteComparison(session, hostId, row.id).catch(() => undefined);
      if (!again) throw error;
    }
  }
}

/** Shows it, unless the same start came in a second time meanwhile: then the id of what that one made. */
async function makeWhole(scope: Writer, hostId: string, id: string, start: Start): Promise<string | null> {
  const made = await startedBefore(scope, start);
  if (made !== null) return made;
  await rememberStart(scope, start, id);
  await openJob(scope, 'comparison', id, hostId);
  const { numUpdatedRows } = await scope.db
    .updateTable('comparisons')
    .set({ whole: 1 })
    .where('id', '=', id)
    .where('host_id', '=', hostId)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n)
    throw new AppError('conflict', 'This computer slept while the comparison was being stored. Start it once more.');
  scope.changed('comparisons', id);
  return null;
}

/** A host that took this one for lost, as while it slept, deletes what it had stored so far. */
async function isTaken({ db }: Reader, hostId: string, id: string): Promise<boolean> {
  const row = await db.selectFrom('comparisons').select('host_id').where('id', '=', id).executeTakeFirst();
  return row?.host_id !== hostId;
}

async function storeHead(
  scope: Writer,
  hostId: string,
  input: Omit<StartInput, 'key'>,
  chosen: readonly ChosenContent[],
) {
  const prompts: StoredPrompt[] = [];
  for (const [index, { content, origin }] of chosen.entries()) {
    const name = input.prompts[index]?.name ?? origin.promptName ?? `Prompt ${index + 1}`;
    const { promptId, versionId, versionNumber } = origin;
    prompts.push({ promptId, versionId, versionNumber, name, contentHash: await storeContent(scope, content) });
  }
  const row = await scope.db
    .insertInto('comparisons')
    .values({
      id: newId(),
      person_id: scope.actor.personId,
      title: input.title || titleOf(prompts, input.models),
      status: 'running',
      prompts: JSON.stringify(prompts),
      models: JSON.stringify(input.models),
      rows: JSON.stringify(input.rows),
      row_count: input.rows.length,
      sampling: JSON.stringify(input.sampling),
      concurrency: input.concurrency,
      budget: input.budget ?? null,
      host_id: hostId,
      created_at: scope.now,
      whole: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, prompts };
}

async function storeCells(
  { runStorage, machine }: Ports,
  input: Omit<StartInput, 'key'>,
  row: ComparisonRow,
  prompts: readonly StoredPrompt[],
  chosen: readonly ChosenContent[],
): Promise<Map<string, Cell>> {
  const turns = createTurns();
  const samplings = chosen.map(({ content }) => JSON.stringify(mergeSampling(content, input.sampling)));
  const cells = new Map<string, Cell>();
  let runs: NewRun[] = [];
  for (const [rowIndex, inputs] of input.rows.entries()) {
    const inputsText = JSON.stringify(inputs);
    for (const [promptIndex, prompt] of prompts.entries()) {
      for (const [modelIndex, model] of input.models.entries()) {
        const place = { prompt: promptIndex, model: modelIndex, row: rowIndex };
        const run = newRun({
          ...prompt,
          promptName: prompt.name,
          inputs: inputsText,
          model,
          sampling: samplings[promptIndex]!,
          hostId: machine.hostId,
          personId: row.person_id,
          now: row.created_at,
          cell: { comparisonId: row.id, ...place },
        });
        runs.push(run);
        cells.set(run.id, emptyCell(place, run.id));
      }
    }
    if (runs.length >= cellsAtOnce) {
      await runStorage.insert(runs);
      runs = [];
    }
    await turns();
  }
  await runStorage.insert(runs);
  return cells;
}

function titleOf(prompts: readonly StoredPrompt[], models: readonly string[]): string {
  const names = [...new Set(prompts.map((prompt) => prompt.name))];
  const subject = names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(' and ');
  return `${subject} on ${models.length === 1 ? models[0] : `${models.length} models`}`;
}

/**
 * New queued runs at the places of finished ones, which stay in the history; in slices, each of them whole. A place that
 * somebody else has taken meanwhile is left as it is.
 */
export async function repeatCells(
  { machine }: Ports,
  session: Session,
  row: ComparisonRow,
  cells: readonly Cell[],
): Promise<Cell[]> {
  const prompts = storedPrompts(row);
  const rows = storedRows(row);
  const models = storedModels(row);
  const turns = createTurns();
  const fresh: Cell[] = [];
  for (const part of inChunks(cells, cellPage)) {
    const repeated = await session.write(async (scope) => {
      const old = await scope.db
        .updateTable('runs')
        .set({ superseded: 1 })
        .where(
          'id',
          'in',
          part.map((cell) => cell.runId),
        )
        .where('superseded', '=', 0)
        .returning(['id', 'sampling'])
        .execute();
      const samplingOf = new Map(old.map(({ id, sampling }) => [id, sampling]));
      const places = part.filter((cell) => samplingOf.has(cell.runId));
      const runs = places.map((cell) =>
        newRun({
          ...prompts[cell.prompt]!,
          promptName: prompts[cell.prompt]!.name,
          inputs: JSON.stringify(rows[cell.row]!),
          model: models[cell.model]!,
          sampling: JSON.stringify(storedSampling({ sampling: samplingOf.get(cell.runId)! })),
          hostId: machine.hostId,
          personId: row.person_id,
          now: scope.now,
          cell: { comparisonId: row.id, prompt: cell.prompt, model: cell.model, row: cell.row },
        }),
      );
      if (runs.length > 0) await scope.db.insertInto('runs').values(runs).execute();
      return places.map((cell, index) => emptyCell(cell, runs[index]!.id));
    });
    fresh.push(...repeated);
    await turns();
  }
  return fresh;
}

function emptyCell({ prompt, model, row }: Pick<Cell, 'prompt' | 'model' | 'row'>, runId: string): Cell {
  return {
    runId,
    prompt,
    model,
    row,
    status: 'queued',
    output: '',
    outputLength: 0,
    toolCallCount: 0,
    finishReason: null,
    error: null,
    schemaProblems: null,
    inputTokens: null,
    outputTokens: null,
    cost: null,
    ttftMs: null,
    latencyMs: null,
    tokensPerSecond: null,
    generationMs: null,
    notes: [],
  };
}
