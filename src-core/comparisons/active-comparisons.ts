import type { Cell } from '../contract/comparisons.ts';
import { isHostAlive } from '../jobs/leases.ts';
import { planLanes } from '../jobs/plan-lanes.ts';
import { closeJob, type Job, openJob, ownerOf, releaseJob } from '../jobs/queue.ts';
import { isOfTheDisk, whenThereIsRoom } from '../jobs/when-there-is-room.ts';
import { findModel } from '../models/model-rows.ts';
import type { Ports } from '../ports.ts';
import type { Runner } from '../runs/runner.ts';
import { type ErrorData, toAppError } from '../scope/errors.ts';
import type { Reader, Writer } from '../scope/scope.ts';
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
import type { StoredComparison } from './store-comparison.ts';

/** The comparisons that this host works on. */
export interface ActiveComparisons {
  get(id: string): ActiveComparison | undefined;
  /** Takes one up whose cells are at hand, or returns the one that is under way. */
  takeUp(stored: StoredComparison): Promise<ActiveComparison>;
  /** Takes a stored one up, or returns the one that is under way. */
  activate(row: ComparisonRow): Promise<ActiveComparison>;
  /** Asks cells of one that was taken up, unless it was cancelled while that went on. */
  goOn(comparison: ActiveComparison, cells: Iterable<Cell>): Promise<void>;
  /** Goes on with one that a lost host had begun: what is finished stays, the rest is asked. */
  resume(job: Pick<Job, 'targetId'>): Promise<void>;
  /** The same for one that no host has taken up yet; undefined when there is nothing to go on with. */
  takeOver(id: string): Promise<ActiveComparison | undefined>;
  /** Lets go of those that other hosts have taken over, as while this one slept. */
  letGoOfLost(): Promise<void>;
  /** Deletes what lost hosts left half stored or half deleted. */
  sweep(): void;
}

/** `isSure`: this host holds its lease for all it can know, so that nobody else is at its comparisons. */
export function createActiveComparisons(ports: Ports, runner: Runner, isSure: () => boolean): ActiveComparisons {
  const { host, machine, log } = ports;
  const active = new Map<string, ActiveComparison>();
  // A cell that waits for its turn is known to its comparison alone.
  runner.cancellations.handle((id) => {
    const comparison = active.get(id);
    comparison?.cancel();
    return comparison !== undefined || [...active.values()].some((each) => each.cancelCell(id));
  });

  const takeUp: ActiveComparisons['takeUp'] = async ({ row, contents, cells, spent = 0 }) => {
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
      spent,
      lanes: planLanes(known, row.concurrency),
      cells,
      isSure,
      settle: (status) => settle(row.id, status),
    });
    active.set(row.id, comparison);
    return comparison;
  };

  const activate: ActiveComparisons['activate'] = async (row) => {
    const cells = await loadAllCells(host.read, row.id);
    const contents = await host.read((scope) => loadPromptContents(scope, row));
    const spent = await host.read((scope) => spentOn(scope, row.id));
    return takeUp({ row, contents, cells: new Map(cells.map((cell) => [cell.runId, cell])), spent });
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

  const goOn: ActiveComparisons['goOn'] = async (comparison, cells) => {
    const { id } = comparison;
    // From here on this host stops it when it is asked to; what was asked before stands in its row.
    if (await host.read((scope) => isRunning(scope, id))) return comparison.enqueue(cells);
    active.delete(id);
    comparison.letGo();
    await whenThereIsRoom(() => host.write((scope) => endCancelled(scope, id, machine.hostId)), runner.closing);
  };

  const resume: ActiveComparisons['resume'] = async ({ targetId: id }) => {
    try {
      if (!(await host.write((scope) => requeue(scope, id, machine.hostId)))) return;
      const comparison = await activate(await host.read((scope) => requireComparison(scope, id)));
      const waiting = [...comparison.cells.values()].filter((cell) => cell.status === 'queued');
      log.info(`Comparison ${id} goes on with ${waiting.length} of ${comparison.cells.size} cells.`);
      await goOn(comparison, waiting);
    } catch (error) {
      log.error(`Comparison ${id} could not be taken up again.`, error);
      if (isOfTheDisk(error)) return runner.hold(letBe(id));
      await host.write((scope) => giveUp(scope, id, machine.hostId, toAppError(error).toData()));
    }
  };

  /** Whoever looks next tries again, this host too. */
  const letBe = (id: string): Promise<void> =>
    whenThereIsRoom(() => host.write((scope) => releaseJob(scope, id, machine.hostId)), runner.closing).catch(
      (error: unknown) => log.error(`Comparison ${id} could not be left to others.`, error),
    );

  const letGoOfLost: ActiveComparisons['letGoOfLost'] = async () => {
    for (const [id, comparison] of active) {
      const owner = await host.read((scope) => ownerOf(scope, id));
      if (owner === machine.hostId) continue;
      // Nobody's work: another host has taken it over and ended it, unless it is about to be begun again here.
      if (owner === null && comparison.isIdle()) continue;
      active.delete(id);
      comparison.letGo();
    }
  };

  const takeOver: ActiveComparisons['takeOver'] = async (id) => {
    const isTaken = await host.write(async (scope) => {
      const owner = await ownerOf(scope, id);
      if (owner === null || (owner !== machine.hostId && (await isHostAlive(scope, owner)))) return false;
      await openJob(scope, 'comparison', id, machine.hostId);
      return true;
    });
    if (isTaken) await resume({ targetId: id });
    return active.get(id);
  };

  let sweeping: Promise<void> | null = null;
  const sweep: ActiveComparisons['sweep'] = () => {
    if (sweeping !== null || runner.closing.aborted) return;
    sweeping = deleteRemains(ports, runner.closing)
      .catch((error: unknown) => log.error('Remains of comparisons could not be deleted.', error))
      .finally(() => {
        sweeping = null;
      });
    runner.hold(sweeping);
  };

  return { get: (id) => active.get(id), takeUp, activate, goOn, resume, takeOver, letGoOfLost, sweep };
}

/**
 * What was waiting or under way waits again, with nothing of what had come of it. False when there is nothing to go on with:
 * it was cancelled, which its host may not have lived to see, or is another host's by now.
 */
async function requeue(scope: Writer, id: string, hostId: string): Promise<boolean> {
  if ((await ownerOf(scope, id)) !== hostId) return false;
  if (!(await isRunning(scope, id))) {
    await endCancelled(scope, id, hostId);
    return false;
  }
  await scope.db.updateTable('comparisons').set({ host_id: hostId }).where('id', '=', id).execute();
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
  return true;
}

/** What all runs of a comparison cost, also those that others took the place of, US dollars. */
async function spentOn({ db }: Reader, id: string): Promise<number> {
  const { spent } = await db
    .selectFrom('runs')
    .select(({ fn }) => fn.sum('cost').as('spent'))
    .where('comparison_id', '=', id)
    .executeTakeFirstOrThrow();
  return Number(spent ?? 0);
}

async function isRunning({ db }: Reader, id: string): Promise<boolean> {
  const row = await db.selectFrom('comparisons').select('status').where('id', '=', id).executeTakeFirst();
  return row?.status === 'running';
}

/** Ends what still waits of one that was cancelled, and the work on it. */
async function endCancelled(scope: Writer, id: string, hostId: string): Promise<void> {
  await scope.db
    .updateTable('runs')
    .set({ status: 'cancelled', finished_at: scope.now })
    .where('comparison_id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
  await closeJob(scope, id, hostId, 'cancelled');
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
