import type { Cell } from '../contract/comparisons.ts';
import type { PromptContent } from '../contract/content.ts';
import { planLanes } from '../jobs/plan-lanes.ts';
import { closeJob, type Job, ownerOf } from '../jobs/queue.ts';
import { pause, whenThereIsRoom } from '../jobs/when-there-is-room.ts';
import { findModel } from '../models/model-rows.ts';
import type { Ports } from '../ports.ts';
import type { Runner } from '../runs/runner.ts';
import { type ErrorData, toAppError } from '../scope/errors.ts';
import type { Writer } from '../scope/scope.ts';
import { type ActiveComparison, activateComparison } from './active-comparison.ts';
import {
  type ComparisonRow,
  loadAllCells,
  loadPromptContents,
  requireComparison,
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
  /** Goes on with one that a lost host had begun: what is finished stays, the rest is asked. */
  resume(job: Job): Promise<void>;
  /** Lets go of those that other hosts have taken over, as while this one slept. */
  letGoOfLost(): Promise<void>;
}

export function createActiveComparisons(ports: Ports, runner: Runner): ActiveComparisons {
  const { host, machine, log } = ports;
  const active = new Map<string, ActiveComparison>();
  // A cell that waits for its turn is known to its comparison alone.
  runner.cancellations.handle((id) => {
    const comparison = active.get(id);
    comparison?.cancel();
    return comparison !== undefined || [...active.values()].some((each) => each.cancelCell(id));
  });

  const takeUp: ActiveComparisons['takeUp'] = async (row, contents, cells) => {
    const models = storedModels(row);
    const known = await Promise.all(models.map((model) => findModel(ports, host, model).catch(() => null)));
    const running = active.get(row.id);
    if (running) return running;
    const comparison = activateComparison(ports, runner, {
      id: row.id,
      contents,
      models,
      rows: storedRows(row),
      sampling: storedSampling(row),
      concurrency: row.concurrency,
      budget: row.budget,
      lanes: planLanes(known, row.concurrency),
      cells,
      settle: (status) => settle(row.id, status),
    });
    active.set(row.id, comparison);
    return comparison;
  };

  const activate: ActiveComparisons['activate'] = async (row) => {
    const cells = await loadAllCells(host.read, row.id);
    const contents = await host.read((scope) => loadPromptContents(scope, row));
    return takeUp(row, contents, new Map(cells.map((cell) => [cell.runId, cell])));
  };

  const settle = async (id: string, status: 'finished' | 'cancelled'): Promise<void> => {
    active.delete(id);
    const write = () =>
      host.write(async (scope) => {
        await scope.db
          .updateTable('comparisons')
          .set({ status })
          .where('id', '=', id)
          .where('status', '=', 'running')
          .where('host_id', '=', machine.hostId)
          .execute();
        await closeJob(scope, id, machine.hostId, status);
        scope.changed('comparisons', id);
      });
    await whenThereIsRoom(write, runner.closing);
  };

  const resume: ActiveComparisons['resume'] = async ({ targetId: id }) => {
    try {
      await host.write((scope) => requeue(scope, id, machine.hostId));
      const comparison = await activate(await host.read((scope) => requireComparison(scope, id)));
      const waiting = [...comparison.cells.values()].filter((cell) => cell.status === 'queued');
      log.info(`Comparison ${id} goes on with ${waiting.length} of ${comparison.cells.size} cells.`);
      await comparison.enqueue(waiting);
    } catch (error) {
      log.error(`Comparison ${id} could not be taken up again.`, error);
      await host.write((scope) => giveUp(scope, id, machine.hostId, toAppError(error).toData()));
    }
  };

  const letGoOfLost: ActiveComparisons['letGoOfLost'] = async () => {
    for (const [id, comparison] of active) {
      const owner = await host.read((scope) => ownerOf(scope, id));
      if (owner === null || owner === machine.hostId) continue;
      active.delete(id);
      comparison.letGo();
    }
  };

  const sweep = pause(sweepMs, runner.closing)
    .then(() => (runner.closing.aborted ? undefined : deleteRemains(ports)))
    .catch((error: unknown) => log.error('Remains of comparisons could not be deleted.', error));
  runner.hold(sweep);

  return { get: (id) => active.get(id), takeUp, activate, resume, letGoOfLost };
}

/** What was waiting or under way waits again, with nothing of what had come of it. */
async function requeue(scope: Writer, id: string, hostId: string): Promise<void> {
  await scope.db.updateTable('comparisons').set({ host_id: hostId, status: 'running' }).where('id', '=', id).execute();
  const open = scope.db
    .selectFrom('runs')
    .select('id')
    .where('comparison_id', '=', id)
    .where('superseded', '=', 0)
    .where('finished_at', 'is', null);
  await scope.db.deleteFrom('run_texts').where('run_id', 'in', open).execute();
  const nothing = { output: '', reasoning: '', output_length: null, reasoning_length: null };
  await scope.db
    .updateTable('runs')
    .set({ ...nothing, status: 'queued', host_id: hostId })
    .where('comparison_id', '=', id)
    .where('superseded', '=', 0)
    .where('finished_at', 'is', null)
    .execute();
  scope.changed('comparisons', id);
}

/** What cannot be gone on with ends here, so that it is not tried for ever. */
async function giveUp(scope: Writer, id: string, hostId: string, error: ErrorData): Promise<void> {
  await scope.db
    .updateTable('runs')
    .set({ status: 'failed', error: JSON.stringify(error), finished_at: scope.now })
    .where('comparison_id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
  await scope.db.updateTable('comparisons').set({ status: 'finished' }).where('id', '=', id).execute();
  await closeJob(scope, id, hostId, 'finished');
  scope.changed('comparisons', id);
}
