import type { contract } from '../contract/index.ts';
import { isHostAlive } from '../jobs/recovery.ts';
import { isOfTheDisk } from '../jobs/when-there-is-room.ts';
import type { RunWriter } from '../runs/run-writer.ts';
import type { Runner } from '../runs/runner.ts';
import type { Core } from '../scope/core.ts';
import { AppError } from '../scope/errors.ts';
import type { ServiceOf } from '../scope/service.ts';
import { createActiveComparisons } from './active-comparisons.ts';
import { loadAllCells, requireComparison, requireLight, toComparison } from './comparison-rows.ts';
import { deleteComparison } from './delete-comparison.ts';
import { listComparisons } from './list-comparisons.ts';
import { repeatCells, storeComparison } from './store-comparison.ts';
import { followComparison, followStored } from './watch-comparison.ts';

export type ComparisonsService = ServiceOf<typeof contract.comparisons>;

/** More cells than this are a mistake in a spreadsheet, not a comparison. */
const maxCells = 100_000;

export function createComparisonsService(core: Core, runner: Runner): ComparisonsService {
  const { database, changes } = core;
  const active = createActiveComparisons(core, runner);
  return {
    async start(input, { clientId }) {
      const cells = input.prompts.length * input.models.length * input.rows.length;
      if (cells === 0) throw new AppError('invalid', 'A comparison needs at least one row of inputs.');
      if (cells > maxCells)
        throw new AppError(
          'invalid',
          `${cells.toLocaleString('en')} cells are more than the ${maxCells.toLocaleString('en')} that one comparison may have. Take fewer rows, models or prompts.`,
        );
      const stored = await storeComparison(core, input);
      const { id } = stored.row;
      changes.publish('comparisons', [id], clientId);
      const comparison = await active.takeUp(stored.row, stored.contents, stored.cells);
      void comparison.enqueue(stored.cells.values());
      return { id };
    },
    async get({ id }) {
      const row = await requireComparison(database, id);
      const comparison = active.get(id);
      const cells = comparison ? [...comparison.cells.values()] : await loadAllCells(core.database, id);
      return toComparison(database, row, cells, comparison?.totals());
    },
    list: (input) => listComparisons(core, input),
    async *watch({ id }, { signal }) {
      const comparison = active.get(id);
      yield* comparison ? followComparison(core, runner, comparison, signal) : followStored(core, id, signal);
    },
    async cancel({ id }, { clientId }) {
      const row = await requireLight(database, id);
      const outcome = await runner.cancellations.cancel(id, row.host_id);
      const write = database
        .updateTable('comparisons')
        .set({ status: 'cancelled' })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .execute();
      // What is stopped here is stopped on a full disk too, and says so in the file when there is room.
      await write.catch((error: unknown) => {
        if (outcome !== 'stopped' || !isOfTheDisk(error)) throw error;
      });
      if (outcome === 'gone') await closeCells(core, id);
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
    async rerun({ id, cells: which }, { clientId }) {
      const row = await requireComparison(database, id);
      if (!active.get(id) && row.status === 'running' && (await isElsewhere(core, row.host_id)))
        throw new AppError(
          'conflict',
          'Another PromptDev process is working on this comparison. Cancel it, or wait until it is done.',
        );
      const comparison = await active.activate(row);
      const chosen = [...comparison.cells.values()].filter((cell) =>
        which === 'failed' ? cell.status === 'failed' : which.includes(cell.runId),
      );
      const repeatable = chosen.filter((cell) => cell.status !== 'queued' && cell.status !== 'running');
      try {
        const taken = { status: 'running', host_id: core.machine.hostId };
        await database.updateTable('comparisons').set(taken).where('id', '=', id).execute();
        await comparison.enqueue(await repeatCells(core, row, repeatable));
      } catch (error) {
        // Whatever was under way goes on, and ends.
        await comparison.enqueue([]);
        throw error;
      }
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
    async rename({ id, title }, { clientId }) {
      await requireLight(database, id);
      await database.updateTable('comparisons').set({ title }).where('id', '=', id).execute();
      changes.publish('comparisons', [id], clientId);
      return { ok: true };
    },
    async remove({ id }, { clientId }) {
      const row = await requireLight(database, id);
      const comparison = active.get(id);
      if (row.status === 'running') await runner.cancellations.cancel(id, row.host_id);
      if (comparison) await untilWritten(comparison.done, runner.writer);
      await deleteComparison(core, id);
      changes.publish('comparisons', [id], clientId);
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
