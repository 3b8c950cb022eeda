import { isHostAlive } from '../jobs/leases.ts';
import { deleteJob } from '../jobs/queue.ts';
import { deleteUnusedContents } from '../library/stored/contents.ts';
import type { Ports } from '../ports.ts';
import { deleteRuns } from '../runs/delete-runs.ts';
import type { Session } from '../scope/scope.ts';
import { createTurns } from '../turns.ts';
import { storedPrompts } from './comparison-rows.ts';

/** Runs that one transaction deletes, so that nobody waits long for it. */
const runsAtOnce = 100;

/** Deletes a comparison and its runs, in slices; nobody is shown it from the first one on. */
export async function deleteComparison(session: Session, hostId: string, id: string): Promise<void> {
  const turns = createTurns();
  await session.write(async (scope) => {
    await deleteJob(scope, id);
    await scope.db.updateTable('comparisons').set({ whole: 0, host_id: hostId }).where('id', '=', id).execute();
    scope.changed('comparisons', id, 'removed');
  });
  for (;;) {
    const deleted = await session.write(async (scope) => {
      const runs = await scope.db
        .selectFrom('runs')
        .select('id')
        .where('comparison_id', '=', id)
        .limit(runsAtOnce)
        .execute();
      await deleteRuns(
        scope,
        runs.map((run) => run.id),
      );
      return runs.length;
    });
    if (deleted < runsAtOnce) break;
    await turns();
  }
  await session.write(async (scope) => {
    const row = await scope.db.deleteFrom('comparisons').where('id', '=', id).returning('prompts').executeTakeFirst();
    if (row)
      await deleteUnusedContents(
        scope,
        storedPrompts(row).map((prompt) => prompt.contentHash),
      );
    scope.erase();
  });
}

/** Deletes what a killed process left half stored or half deleted. */
export async function deleteRemains({ host, machine }: Pick<Ports, 'host' | 'machine'>): Promise<void> {
  const remains = await host.read(({ db }) =>
    db.selectFrom('comparisons').select(['id', 'host_id']).where('whole', '=', 0).execute(),
  );
  for (const { id, host_id } of remains) {
    const isBusy =
      host_id === machine.hostId || (host_id !== null && (await host.read((scope) => isHostAlive(scope, host_id))));
    if (!isBusy) await deleteComparison(host, machine.hostId, id);
  }
}
