import type { contract } from '../contract/index.ts';
import { isHostAlive } from '../jobs/leases.ts';
import { closeJob, openJob, ownerOf } from '../jobs/queue.ts';
import { isOfTheDisk } from '../jobs/when-there-is-room.ts';
import type { Ports } from '../ports.ts';
import type { RunWriter } from '../runs/run-writer.ts';
import type { Runner } from '../runs/runner.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Writer } from '../scope/scope.ts';
import type { ServiceOf } from '../scope/service.ts';
import type { ActiveComparisons } from './active-comparisons.ts';
import { loadAllCells, requireComparison, requireLight, toComparison } from './comparison-rows.ts';
import { removeComparison } from './delete-comparison.ts';
import { listComparisons } from './list-comparisons.ts';
import { repeatCells, storeComparison } from './store-comparison.ts';
import { followComparison, followStored } from './watch-comparison.ts';

export type ComparisonsService = ServiceOf<typeof contract.comparisons>;

/** More cells than this are a mistake in a spreadsheet, not a comparison. */
const maxCells = 100_000;

export function createComparisonsService(ports: Ports, runner: Runner, active: ActiveComparisons): ComparisonsService {
  const { hostId } = ports.machine;

  /** Throws `conflict` while another host works on it. */
  const assertFree = async (scope: Reader, id: string): Promise<void> => {
    const owner = await ownerOf(scope, id);
    if (owner !== null && owner !== hostId && (await isHostAlive(scope, owner)))
      throw new AppError(
        'conflict',
        'Another PromptDev process is working on this comparison. Cancel it, or wait until it is done.',
      );
  };

  return {
    async start(input, session) {
      const cells = input.prompts.length * input.models.length * input.rows.length;
      if (cells === 0) throw new AppError('invalid', 'A comparison needs at least one row of inputs.');
      if (cells > maxCells)
        throw new AppError(
          'invalid',
          `${cells.toLocaleString('en')} cells are more than the ${maxCells.toLocaleString('en')} that one comparison may have. Take fewer rows, models or prompts.`,
        );
      const stored = await storeComparison(ports, session, input);
      if (typeof stored === 'string') return { id: stored };
      const comparison = await active.takeUp(stored);
      active
        .goOn(comparison, stored.cells.values())
        .catch((error: unknown) => ports.log.error(`Comparison ${comparison.id} could not begin.`, error));
      return { id: stored.row.id };
    },
    async get({ id }, session) {
      const row = await session.read((scope) => requireComparison(scope, id));
      const comparison = active.get(id);
      const cells = comparison ? [...comparison.cells.values()] : await loadAllCells(session.read, id);
      return session.read((scope) => toComparison(scope, row, cells, comparison?.totals()));
    },
    list: (input, scope) => listComparisons(scope, input),
    async *watch({ id }, session) {
      const comparison = active.get(id);
      yield* comparison
        ? followComparison(ports, runner, comparison, session.signal)
        : followStored(ports, session, id);
    },
    async cancel({ id }, session) {
      const { owner, isOpen } = await session.read(async (scope) => {
        const row = await requireLight(scope, id);
        return { owner: (await ownerOf(scope, id)) ?? row.host_id, isOpen: row.status === 'running' };
      });
      if (!isOpen && active.get(id) === undefined) return { ok: true };
      const outcome = await runner.cancellations.cancel(id, owner);
      // What is stopped here is stopped on a full disk too, and says so in the file when there is room.
      await session
        .write((scope) => markCancelled(scope, id, owner, outcome === 'gone'))
        .catch((error: unknown) => {
          if (outcome !== 'stopped' || !isOfTheDisk(error)) throw error;
        });
      return { ok: true };
    },
    async rerun({ id, cells: which }, session) {
      const row = await session.read(async (scope) => {
        await assertFree(scope, id);
        return requireComparison(scope, id);
      });
      const isLeft = row.status === 'running' && active.get(id) === undefined;
      const comparison = (isLeft && (await active.takeOver(id))) || (await active.activate(row));
      const chosen = [...comparison.cells.values()].filter((cell) =>
        which === 'failed' ? cell.status === 'failed' : which.includes(cell.runId),
      );
      const repeatable = chosen.filter((cell) => cell.status !== 'queued' && cell.status !== 'running');
      await comparison.enqueue(async () => {
        // What was paid for stays in its place.
        comparison.assertBudget();
        await session.write(async (scope) => {
          await assertFree(scope, id);
          const taken = { status: 'running', host_id: hostId };
          await scope.db.updateTable('comparisons').set(taken).where('id', '=', id).execute();
          await openJob(scope, 'comparison', id, hostId);
          scope.changed('comparisons', id);
        });
        return repeatCells(ports, session, row, repeatable);
      });
      return { ok: true };
    },
    async rename({ id, title }, scope) {
      await requireLight(scope, id);
      await scope.db.updateTable('comparisons').set({ title }).where('id', '=', id).execute();
      scope.changed('comparisons', id);
      return { ok: true };
    },
    async remove({ id }, session) {
      const { owner, isOpen } = await session.read(async (scope) => {
        const row = await requireLight(scope, id);
        return { owner: (await ownerOf(scope, id)) ?? row.host_id, isOpen: row.status === 'running' };
      });
      const comparison = active.get(id);
      if (isOpen) await runner.cancellations.cancel(id, owner);
      if (comparison) await untilWritten(comparison.done, runner.writer);
      await removeComparison(session, hostId, id);
      return { ok: true };
    },
  };
}

/** Waits for what is under way to be on disk; throws why it cannot be. */
async function untilWritten(done: Promise<void>, { writeFailure, onWriteFailure }: RunWriter): Promise<void> {
  let stop: () => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    const check = () => {
      const sentence = writeFailure();
      if (sentence !== null) reject(new AppError('unavailable', sentence));
    };
    stop = onWriteFailure(check);
    check();
  });
  await Promise.race([done, failed]).finally(stop);
}

/** `isLeft`: the host that worked on the cells is gone and left them behind. */
async function markCancelled(scope: Writer, id: string, owner: string | null, isLeft: boolean): Promise<void> {
  await scope.db
    .updateTable('comparisons')
    .set({ status: 'cancelled' })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute();
  scope.changed('comparisons', id);
  if (!isLeft) return;
  if (owner !== null) await closeJob(scope, id, owner, 'cancelled');
  await scope.db
    .updateTable('runs')
    .set({ status: 'cancelled', finished_at: scope.now })
    .where('comparison_id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
}
