import type { contract } from '../contract/index.ts';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';
import { findModel } from '../models/model-rows.ts';
import type { Runner } from '../runs/runner.ts';
import type { ServiceOf } from '../service.ts';
import { isHostAlive } from '../workspace/recovery.ts';
import { type ActiveComparison, activateComparison } from './active-comparison.ts';
import {
  type ComparisonRow,
  loadPromptContents,
  requireComparison,
  selectCells,
  storedModels,
  storedRows,
  storedSampling,
  toCells,
  toComparison,
} from './comparison-rows.ts';
import { listComparisons } from './list-comparisons.ts';
import { planLanes } from './plan-lanes.ts';
import { repeatCells, storeComparison } from './store-comparison.ts';
import { followComparison, followStored } from './watch-comparison.ts';

export type ComparisonsService = ServiceOf<typeof contract.comparisons>;

/** More cells than this are a mistake in a spreadsheet, not a comparison. */
const maxCells = 100_000;

export function createComparisonsService(core: Core, runner: Runner): ComparisonsService {
  const { database, changes } = core;
  const active = new Map<string, ActiveComparison>();
  // A cell that waits for its turn is known to its comparison alone.
  runner.cancellations.handle((id) => {
    const comparison = active.get(id);
    comparison?.cancel();
    return comparison !== undefined || [...active.values()].some((each) => each.cancelCell(id));
  });

  /** Takes a stored comparison up, or returns the one that is under way. */
  const activate = async (row: ComparisonRow): Promise<ActiveComparison> => {
    const contents = await loadPromptContents(database, row);
    const models = storedModels(row);
    const known = await Promise.all(models.map((model) => findModel(core, model).catch(() => null)));
    const cells = toCells(await selectCells(database, row.id).execute());
    const running = active.get(row.id);
    if (running) return running;
    const comparison = activateComparison(core, runner, {
      id: row.id,
      contents,
      models,
      rows: storedRows(row),
      sampling: storedSampling(row),
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
      .where('host_id', '=', core.machine.hostId)
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
      const known = active.get(id)?.cells.values();
      const cells = known ? [...known] : toCells(await selectCells(database, id).execute());
      return toComparison(database, row, cells);
    },
    list: (input) => listComparisons(core, input),
    async *watch({ id }, { signal }) {
      const comparison = active.get(id);
      yield* comparison ? followComparison(core, runner, comparison, signal) : followStored(core, id, signal);
    },
    async cancel({ id }, { clientId }) {
      const row = await requireComparison(database, id);
      await database
        .updateTable('comparisons')
        .set({ status: 'cancelled' })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .execute();
      if ((await runner.cancellations.cancel(id, row.host_id)) === 'gone') await closeCells(core, id);
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
    async rerun({ id, cells: which }, { clientId }) {
      const row = await requireComparison(database, id);
      if (!active.has(id) && row.status === 'running' && (await isElsewhere(core, row.host_id)))
        throw new AppError(
          'conflict',
          'Another PromptDev process is working on this comparison. Cancel it, or wait until it is done.',
        );
      const comparison = await activate(row);
      const chosen = [...comparison.cells.values()].filter((cell) =>
        which === 'failed' ? cell.status === 'failed' : which.includes(cell.runId),
      );
      const repeatable = chosen.filter((cell) => cell.status !== 'queued' && cell.status !== 'running');
      const fresh = await database.transaction().execute(async (trx) => {
        const taken = { status: 'running', host_id: core.machine.hostId };
        await trx.updateTable('comparisons').set(taken).where('id', '=', id).execute();
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
      const row = await requireComparison(database, id);
      const comparison = active.get(id);
      if (row.status === 'running') await runner.cancellations.cancel(id, row.host_id);
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

async function isElsewhere(core: Core, hostId: string | null): Promise<boolean> {
  return hostId !== null && hostId !== core.machine.hostId && (await isHostAlive(core, hostId));
}

/** The host that worked on these cells is gone and left them behind. */
async function closeCells(core: Core, id: string): Promise<void> {
  await core.database
    .updateTable('runs')
    .set({ status: 'cancelled', finished_at: core.clock.now() })
    .where('comparison_id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
}
