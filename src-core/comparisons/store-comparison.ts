import type { Cell } from '../contract/comparisons.ts';
import type { Core } from '../core.ts';
import { newRun } from '../runs/run-rows.ts';
import { chooseContent, mergeSampling } from '../runs/runs-service.ts';
import { storeContent } from '../versions/contents.ts';
import {
  type ComparisonRow,
  type StoredPrompt,
  storedModels,
  storedPrompts,
  storedRows,
  storedSampling,
} from './comparison-rows.ts';
import type { ComparisonsService } from './comparisons-service.ts';

/** Rows per INSERT, well under SQLite's limit of variables. */
const insertChunk = 400;

type StartInput = Parameters<ComparisonsService['start']>[0];

/** Writes the comparison and a queued run per cell, in one transaction. */
export async function storeComparison(core: Core, input: StartInput): Promise<ComparisonRow> {
  const chosen = await Promise.all(input.prompts.map((prompt) => chooseContent(core, prompt)));
  const id = crypto.randomUUID();
  const now = core.clock.now();
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
        id,
        title: input.title || titleOf(prompts, input.models),
        status: 'running',
        prompts: JSON.stringify(prompts),
        models: JSON.stringify(input.models),
        rows: JSON.stringify(input.rows),
        sampling: JSON.stringify(input.sampling),
        concurrency: input.concurrency,
        host_id: core.machine.hostId,
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const runs = input.rows.flatMap((inputs, rowIndex) =>
      prompts.flatMap((prompt, promptIndex) =>
        input.models.map((model, modelIndex) =>
          newRun({
            ...prompt,
            promptName: prompt.name,
            inputs,
            model,
            sampling: mergeSampling(chosen[promptIndex]!.content, input.sampling),
            hostId: core.machine.hostId,
            now,
            cell: { comparisonId: id, prompt: promptIndex, model: modelIndex, row: rowIndex },
          }),
        ),
      ),
    );
    for (let start = 0; start < runs.length; start += insertChunk) {
      await trx
        .insertInto('runs')
        .values(runs.slice(start, start + insertChunk))
        .execute();
    }
    return row;
  });
}

function titleOf(prompts: readonly StoredPrompt[], models: readonly string[]): string {
  const names = [...new Set(prompts.map((prompt) => prompt.name))];
  const subject = names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(' and ');
  return `${subject} on ${models.length === 1 ? models[0] : `${models.length} models`}`;
}

/** New queued runs at the places of finished ones, which stay in the history. */
export async function repeatCells(core: Core, row: ComparisonRow, cells: readonly Cell[]): Promise<Cell[]> {
  const prompts = storedPrompts(row);
  const rows = storedRows(row);
  const models = storedModels(row);
  const fresh: Cell[] = [];
  for (const cell of cells) {
    const old = await core.database
      .selectFrom('runs')
      .select('sampling')
      .where('id', '=', cell.runId)
      .executeTakeFirstOrThrow();
    const prompt = prompts[cell.prompt]!;
    const run = newRun({
      ...prompt,
      promptName: prompt.name,
      inputs: rows[cell.row]!,
      model: models[cell.model]!,
      sampling: storedSampling(old),
      hostId: core.machine.hostId,
      now: core.clock.now(),
      cell: { comparisonId: row.id, prompt: cell.prompt, model: cell.model, row: cell.row },
    });
    await core.database.updateTable('runs').set({ superseded: 1 }).where('id', '=', cell.runId).execute();
    await core.database.insertInto('runs').values(run).execute();
    fresh.push(emptyCell(cell, run.id));
  }
  return fresh;
}

function emptyCell({ prompt, model, row }: Cell, runId: string): Cell {
  return {
    runId,
    prompt,
    model,
    row,
    status: 'queued',
    output: '',
    outputLength: 0,
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
