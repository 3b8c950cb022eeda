import type { Cell } from '../contract/comparisons.ts';
import type { PromptContent } from '../contract/content.ts';
import { rememberStart, type Start, startedBefore } from '../jobs/idempotency.ts';
import { openJob } from '../jobs/queue.ts';
import { storeContent } from '../library/stored/contents.ts';
import type { Ports } from '../ports.ts';
import { type ChosenContent, chooseContent, mergeSampling } from '../runs/choose-content.ts';
import { type NewRun, newRun } from '../runs/run-rows.ts';
import { newId } from '../scope/ids.ts';
import type { Session, Writer } from '../scope/scope.ts';
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

type StartInput = Parameters<ComparisonsService['start']>[0];

export interface StoredComparison {
  readonly row: ComparisonRow;
  readonly contents: readonly PromptContent[];
  readonly cells: Map<string, Cell>;
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
  const { row, prompts } = await session.write((scope) => storeHead(scope, hostId, input, chosen));
  try {
    const cells = await storeCells(ports, input, row, prompts, chosen);
    const other = await session.write(async (scope) => {
      // The same start may have come in a second time meanwhile.
      const made = await startedBefore(scope, start);
      if (made !== null) return made;
      await rememberStart(scope, start, row.id);
      await openJob(scope, 'comparison', row.id, hostId);
      await scope.db.updateTable('comparisons').set({ whole: 1 }).where('id', '=', row.id).execute();
      scope.changed('comparisons', row.id);
      return null;
    });
    if (other === null) return { row, cells, contents: chosen.map(({ content }) => content) };
    await deleteComparison(session, hostId, row.id);
    return other;
  } catch (error) {
    await deleteComparison(session, hostId, row.id).catch(() => undefined);
    throw error;
  }
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

/** New queued runs at the places of finished ones, which stay in the history; in slices, each of them whole. */
export async function repeatCells(
  { runStorage, machine, clock }: Ports,
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
    const ids = part.map((cell) => cell.runId);
    const old = await session.read(({ db }) =>
      db.selectFrom('runs').select(['id', 'sampling']).where('id', 'in', ids).execute(),
    );
    const samplingOf = new Map(old.map(({ id, sampling }) => [id, sampling]));
    const repeated = part.filter((cell) => samplingOf.has(cell.runId));
    const runs = repeated.map((cell) => {
      const prompt = prompts[cell.prompt]!;
      return newRun({
        ...prompt,
        promptName: prompt.name,
        inputs: JSON.stringify(rows[cell.row]!),
        model: models[cell.model]!,
        sampling: JSON.stringify(storedSampling({ sampling: samplingOf.get(cell.runId)! })),
        hostId: machine.hostId,
        personId: row.person_id,
        now: clock.now(),
        cell: { comparisonId: row.id, prompt: cell.prompt, model: cell.model, row: cell.row },
      });
    });
    await runStorage.insert(
      runs,
      repeated.map((cell) => cell.runId),
    );
    fresh.push(...repeated.map((cell, index) => emptyCell(cell, runs[index]!.id)));
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
