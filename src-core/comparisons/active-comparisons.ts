import type { Cell } from '../contract/comparisons.ts';
import type { PromptContent } from '../contract/content.ts';
import { planLanes } from '../jobs/plan-lanes.ts';
import { pause, whenThereIsRoom } from '../jobs/when-there-is-room.ts';
import { findModel } from '../models/model-rows.ts';
import type { Runner } from '../runs/runner.ts';
import type { Core } from '../scope/core.ts';
import { type ActiveComparison, activateComparison } from './active-comparison.ts';
import {
  type ComparisonRow,
  loadAllCells,
  loadPromptContents,
  storedModels,
  storedRows,
  storedSampling,
} from './comparison-rows.ts';
import { deleteRemains } from './delete-comparison.ts';

/** What an earlier process left is looked for once this one has started. */
const sweepMs = 3_000;

/** The comparisons that this host works on. */
export interface ActiveComparisons {
  get(id: string): ActiveComparison | undefined;
  /** Takes one up whose cells are at hand, or returns the one that is under way. */
  takeUp(row: ComparisonRow, contents: readonly PromptContent[], cells: Map<string, Cell>): Promise<ActiveComparison>;
  /** Takes a stored one up, or returns the one that is under way. */
  activate(row: ComparisonRow): Promise<ActiveComparison>;
}

export function createActiveComparisons(core: Core, runner: Runner): ActiveComparisons {
  const { database, changes } = core;
  const active = new Map<string, ActiveComparison>();
  // A cell that waits for its turn is known to its comparison alone.
  runner.cancellations.handle((id) => {
    const comparison = active.get(id);
    comparison?.cancel();
    return comparison !== undefined || [...active.values()].some((each) => each.cancelCell(id));
  });

  const takeUp: ActiveComparisons['takeUp'] = async (row, contents, cells) => {
    const models = storedModels(row);
    const known = await Promise.all(models.map((model) => findModel(core, model).catch(() => null)));
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
      settle: (status) => settle(row.id, status),
    });
    active.set(row.id, comparison);
    return comparison;
  };

  const activate: ActiveComparisons['activate'] = async (row) => {
    const cells = await loadAllCells(database, row.id);
    return takeUp(row, await loadPromptContents(database, row), new Map(cells.map((cell) => [cell.runId, cell])));
  };

  const settle = async (id: string, status: 'finished' | 'cancelled'): Promise<void> => {
    active.delete(id);
    await whenThereIsRoom(
      () =>
        database
          .updateTable('comparisons')
          .set({ status })
          .where('id', '=', id)
          .where('status', '=', 'running')
          .where('host_id', '=', core.machine.hostId)
          .execute(),
      runner.closing,
    );
    changes.publish('comparisons', [id]);
    changes.publish('runs', []);
  };

  const sweep = pause(sweepMs, runner.closing)
    .then(() => (runner.closing.aborted ? undefined : deleteRemains(core)))
    .catch((error: unknown) => core.log.error('Remains of comparisons could not be deleted.', error));
  runner.hold(sweep);

  return { get: (id) => active.get(id), takeUp, activate };
}
