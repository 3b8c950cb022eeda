import type { Cell } from '../contract/comparisons.ts';
import type { PromptContent } from '../contract/content.ts';
import { storeContent } from '../library/stored/contents.ts';
import { type NewRun, newRun } from '../runs/run-rows.ts';
import { chooseContent, mergeSampling } from '../runs/runs-service.ts';
import type { Core } from '../scope/core.ts';
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
 * kill or a full disk leaves of it is deleted.
 */
export async function storeComparison(core: Core, input: StartInput): Promise<StoredComparison> {
  const chosen = await Promise.all(input.prompts.map((prompt) => chooseContent(core, prompt)));
  const { row, prompts } = await storeHead(core, input, chosen);
  try {
    const cells = await storeCells(core, input, row, prompts, chosen);
    await core.database.updateTable('comparisons').set({ whole: 1 }).where('id', '=', row.id).execute();
    return { row, cells, contents: chosen.map(({ content }) => content) };
  } catch (error) {
    await deleteComparison(core, row.id).catch(() => undefined);
    throw error;
  }
}

type Chosen = Awaited<ReturnType<typeof chooseContent>>;

async function storeHead(core: Core, input: StartInput, chosen: readonly Chosen[]) {
  return core.database.transaction().execute(async (trx) => {
    const prompts: StoredPrompt[] = [];
    for (const [index, { content, origin }] of chosen.entries()) {
      const name = input.prompts[index]?.name ?? origin.promptName ?? `Prompt ${index + 1}`;
      const { promptId, versionId, versionNumber } = origin;
      prompts.push({ promptId, versionId, versionNumber, name, contentHash: await storeContent(trx, content) });
    }
    const row = await trx
      .insertInto('comparisons')
      .values({
        id: crypto.randomUUID(),
        title: input.title || titleOf(prompts, input.models),
        status: 'running',
        prompts: JSON.stringify(prompts),
        models: JSON.stringify(input.models),
        rows: JSON.stringify(input.rows),
        row_count: input.rows.length,
        sampling: JSON.stringify(input.sampling),
        concurrency: input.concurrency,
        host_id: core.machine.hostId,
        created_at: core.clock.now(),
        whole: 0,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return { row, prompts };
  });
}

async function storeCells(
  core: Core,
  input: StartInput,
  row: ComparisonRow,
  prompts: readonly StoredPrompt[],
  chosen: readonly Chosen[],
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
          hostId: core.machine.hostId,
          now: row.created_at,
          cell: { comparisonId: row.id, ...place },
        });
        runs.push(run);
        cells.set(run.id, emptyCell(place, run.id));
      }
    }
    if (runs.length >= cellsAtOnce) {
      await core.runStorage.insert(runs);
      runs = [];
    }
    await turns();
  }
  await core.runStorage.insert(runs);
  return cells;
}

function titleOf(prompts: readonly StoredPrompt[], models: readonly string[]): string {
  const names = [...new Set(prompts.map((prompt) => prompt.name))];
  const subject = names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(' and ');
  return `${subject} on ${models.length === 1 ? models[0] : `${models.length} models`}`;
}

/** New queued runs at the places of finished ones, which stay in the history; in slices, each of them whole. */
export async function repeatCells(core: Core, row: ComparisonRow, cells: readonly Cell[]): Promise<Cell[]> {
  const prompts = storedPrompts(row);
  const rows = storedRows(row);
  const models = storedModels(row);
  const turns = createTurns();
  const fresh: Cell[] = [];
  for (const part of inChunks(cells, cellPage)) {
    const ids = part.map((cell) => cell.runId);
    const old = await core.database.selectFrom('runs').select(['id', 'sampling']).where('id', 'in', ids).execute();
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
        hostId: core.machine.hostId,
        now: core.clock.now(),
        cell: { comparisonId: row.id, prompt: cell.prompt, model: cell.model, row: cell.row },
      });
    });
    await core.runStorage.insert(
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
