import type { Cell } from '../contract/comparisons.ts';
import type { contract } from '../contract/index.ts';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';
import { findModel } from '../models/model-rows.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import { newRun } from '../runs/run-rows.ts';
import type { Runner } from '../runs/runner.ts';
import { chooseContent, mergeSampling } from '../runs/runs-service.ts';
import type { ServiceOf } from '../service.ts';
import { storeContent } from '../versions/contents.ts';
import { type ActiveComparison, activateComparison } from './active-comparison.ts';
import {
  type ComparisonRow,
  loadPromptContents,
  requireComparison,
  type StoredPrompt,
  selectCells,
  storedPrompts,
  toCell,
  toComparison,
  toComparisonSummary,
} from './comparison-rows.ts';
import { planLanes } from './plan-lanes.ts';
import { computeTotals } from './totals.ts';
import { followComparison, replayComparison } from './watch-comparison.ts';

export type ComparisonsService = ServiceOf<typeof contract.comparisons>;

/** More cells than this are a mistake in a spreadsheet, not a comparison. */
const maxCells = 100_000;
/** Rows per INSERT, well under SQLite's limit of variables. */
const insertChunk = 400;

export function createComparisonsService(core: Core, runner: Runner): ComparisonsService {
  const { database, changes } = core;
  const active = new Map<string, ActiveComparison>();

  /** Takes a stored comparison up, or returns the one that is under way. */
  const activate = async (row: ComparisonRow): Promise<ActiveComparison> => {
    const contents = await loadPromptContents(database, row);
    const models = JSON.parse(row.models) as string[];
    const known = await Promise.all(models.map((model) => findModel(core, model).catch(() => null)));
    const cells = (await selectCells(database, row.id).execute()).map(toCell);
    const running = active.get(row.id);
    if (running) return running;
    const comparison = activateComparison(core, runner, {
      id: row.id,
      contents,
      models,
      rows: JSON.parse(row.rows),
      sampling: JSON.parse(row.sampling),
      concurrency: row.concurrency,
      lanes: planLanes(known, row.concurrency),
      cells,
      settle: () => settle(row.id),
    });
    active.set(row.id, comparison);
    return comparison;
  };

  const settle = async (id: string): Promise<void> => {
    active.delete(id);
    await database
      .updateTable('comparisons')
      .set({ status: 'finished' })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .execute();
    changes.publish('comparisons', [id]);
    changes.publish('runs', []);
  };

  return {
    async start(input, { clientId }) {
      const cells = input.prompts.length * input.models.length * input.rows.length;
      if (cells === 0) throw new AppError('invalid', 'A comparison needs at least one row of inputs.');
      if (cells > maxCells)
        throw new AppError(
          'invalid',
          `${cells.toLocaleString('en')} cells are more than the ${maxCells.toLocaleString('en')} that one comparison may have. Take fewer rows, models or prompts.`,
        );
      const row = await storeComparison(core, input);
      changes.publish('comparisons', [row.id], clientId);
      const comparison = await activate(row);
      comparison.enqueue([...comparison.cells.values()]);
      return { id: row.id };
    },
    async get({ id }) {
      const row = await requireComparison(database, id);
      const cells = active.get(id)?.cells.values() ?? (await selectCells(database, id).execute()).map(toCell);
      return toComparison(database, row, computeTotals(cells, (JSON.parse(row.models) as string[]).length));
    },
    list: (input) => listComparisons(core, input),
    async *watch({ id }, { signal }) {
      const comparison = active.get(id);
      yield* comparison ? followComparison(core, runner, comparison, signal) : replayComparison(core, id);
    },
    async cancel({ id }, { clientId }) {
      await requireComparison(database, id);
      await database
        .updateTable('comparisons')
        .set({ status: 'cancelled' })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .execute();
      const waiting = active.get(id)?.cancel() ?? [];
      const now = core.clock.now();
      await Promise.all(waiting.map((runId) => runner.writer.write(runId, { status: 'cancelled', finished_at: now })));
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
    async rerun({ id, cells: which }, { clientId }) {
      const row = await requireComparison(database, id);
      const comparison = await activate(row);
      const chosen = [...comparison.cells.values()].filter((cell) =>
        which === 'failed' ? cell.status === 'failed' : which.includes(cell.runId),
      );
      const repeatable = chosen.filter((cell) => cell.status !== 'queued' && cell.status !== 'running');
      const fresh = await database.transaction().execute(async (trx) => {
        await trx.updateTable('comparisons').set({ status: 'running' }).where('id', '=', id).execute();
        return repeatCells({ ...core, database: trx }, row, repeatable);
      });
      comparison.enqueue(fresh);
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
    async rename({ id, title }, { clientId }) {
      await requireComparison(database, id);
      await database.updateTable('comparisons').set({ title }).where('id', '=', id).execute();
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
    async remove({ id }, { clientId }) {
      const comparison = active.get(id);
      comparison?.cancel();
      await comparison?.done;
      const runs = await database.selectFrom('runs').select('id').where('comparison_id', '=', id).execute();
      await database.transaction().execute(async (trx) => {
        await core.search.remove(
          trx,
          'run',
          runs.map((run) => run.id),
        );
        await trx.deleteFrom('runs').where('comparison_id', '=', id).execute();
        await trx.deleteFrom('comparisons').where('id', '=', id).execute();
      });
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
  };
}

type StartInput = Parameters<ComparisonsService['start']>[0];

/** Writes the comparison and a queued run per cell, in one transaction. */
async function storeComparison(core: Core, input: StartInput): Promise<ComparisonRow> {
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
async function repeatCells(core: Core, row: ComparisonRow, cells: readonly Cell[]): Promise<Cell[]> {
  const prompts = storedPrompts(row);
  const rows = JSON.parse(row.rows) as Record<string, never>[];
  const models = JSON.parse(row.models) as string[];
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
      sampling: JSON.parse(old.sampling),
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
    inputTokens: null,
    outputTokens: null,
    cost: null,
    ttftMs: null,
    latencyMs: null,
    tokensPerSecond: null,
  };
}

async function listComparisons(
  core: Core,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  let query = core.database
    .selectFrom('comparisons')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where('seq', '<', Number(decodeCursor(cursor, 1)[0]));
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const counts = await countCells(
    core,
    page.map((row) => row.id),
  );
  const { total } = await core.database
    .selectFrom('comparisons')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const last = page.at(-1);
  const none = { cells: 0, succeeded: 0, failed: 0 };
  return {
    items: page.map((row) => toComparisonSummary(row, counts.get(row.id) ?? none)),
    nextCursor: rows.length > limit && last ? encodeCursor([last.seq]) : null,
    total: Number(total),
  };
}

async function countCells(core: Core, ids: readonly string[]) {
  const counts = new Map<string, { cells: number; succeeded: number; failed: number }>();
  if (ids.length === 0) return counts;
  const rows = await core.database
    .selectFrom('runs')
    .select(['comparison_id', 'status'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('comparison_id', 'in', ids)
    .where('superseded', '=', 0)
    .groupBy(['comparison_id', 'status'])
    .execute();
  for (const { comparison_id: id, status, count } of rows) {
    const entry = counts.get(id!) ?? { cells: 0, succeeded: 0, failed: 0 };
    entry.cells += Number(count);
    if (status === 'succeeded' || status === 'failed') entry[status] += Number(count);
    counts.set(id!, entry);
  }
  return counts;
}
