import { isHostAlive } from '../jobs/recovery.ts';
import { deleteUnusedContents } from '../library/stored/contents.ts';
import { deleteRuns } from '../runs/delete-runs.ts';
import type { Core } from '../scope/core.ts';
import { createTurns } from '../turns.ts';
import { storedPrompts } from './comparison-rows.ts';

/** Runs that one transaction deletes, so that nobody waits long for it. */
const runsAtOnce = 100;

/** Deletes a comparison and its runs, in slices; nobody is shown it from the first one on. */
export async function deleteComparison(core: Core, id: string): Promise<void> {
  const { database, machine } = core;
  const turns = createTurns();
  await database.updateTable('comparisons').set({ whole: 0, host_id: machine.hostId }).where('id', '=', id).execute();
  for (;;) {
    const deleted = await database.transaction().execute(async (trx) => {
      const runs = await trx
        .selectFrom('runs')
        .select('id')
        .where('comparison_id', '=', id)
        .limit(runsAtOnce)
        .execute();
      await deleteRuns(
        core,
        trx,
        runs.map((run) => run.id),
      );
      return runs.length;
    });
    if (deleted < runsAtOnce) break;
    await turns();
  }
  await database.transaction().execute(async (trx) => {
    const row = await trx.deleteFrom('comparisons').where('id', '=', id).returning('prompts').executeTakeFirst();
    if (row)
      await deleteUnusedContents(
        trx,
        storedPrompts(row).map((prompt) => prompt.contentHash),
      );
    await core.erasure.request(trx);
  });
}

/** Deletes what a killed process left half stored or half deleted. */
export async function deleteRemains(core: Core): Promise<void> {
  const remains = await core.database
    .selectFrom('comparisons')
    .select(['id', 'host_id'])
    .where('whole', '=', 0)
    .execute();
  for (const { id, host_id } of remains) {
    const busy = host_id === core.machine.hostId || (host_id !== null && (await isHostAlive(core, host_id)));
    if (!busy) await deleteComparison(core, id);
  }
}
