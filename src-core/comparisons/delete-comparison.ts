import { deleteJob } from '../jobs/queue.ts';
import { deleteUnusedContents } from '../library/stored/contents.ts';
import type { Ports } from '../ports.ts';
import { deleteRuns } from '../runs/delete-runs.ts';
import type { Session, Writer } from '../scope/scope.ts';
import { createTurns } from '../turns.ts';
import { storedPrompts } from './comparison-rows.ts';

/** Runs that one transaction deletes, so that nobody waits long for it. */
const runsAtOnce = 100;

/** Deletes a comparison because somebody said so, who stands in the audit with it. */
export async function removeComparison(session: Session, hostId: string, id: string): Promise<void> {
  await deleteSlices(session, hostId, id, async (scope) => {
    // Not when somebody else did at the same time.
    const whole = scope.db.selectFrom('comparisons').select('id').where('id', '=', id).where('whole', '=', 1);
    if ((await whole.executeTakeFirst()) === undefined) return;
    const { runs } = await scope.db
      .selectFrom('runs')
      .select((eb) => eb.fn.countAll<number>().as('runs'))
      .where('comparison_id', '=', id)
      .executeTakeFirstOrThrow();
    scope.audit({ action: 'comparison.remove', subject: id, details: { runs: Number(runs) } });
  });
}

/** Deletes what never was a whole comparison. */
export function deleteComparison(session: Session, hostId: string, id: string): Promise<void> {
  return deleteSlices(session, hostId, id, async () => undefined);
}

/** With its runs, so that nobody waits long; nobody is shown it from the first slice on. */
async function deleteSlices(
  session: Session,
  hostId: string,
  id: string,
  first: (scope: Writer) => Promise<void>,
): Promise<void> {
  const turns = createTurns();
  await session.write(async (scope) => {
    await first(scope);
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

/** Deletes what a killed process left half stored or half deleted; stops where it is once `closing` fires. */
export async function deleteRemains(
  { host, machine }: Pick<Ports, 'host' | 'machine'>,
  closing: AbortSignal,
): Promise<void> {
  const remains = await host.read((scope) =>
    scope.db
      .selectFrom('comparisons')
      .leftJoin('hosts', (join) =>
        join.onRef('hosts.id', '=', 'comparisons.host_id').on('hosts.lease_until', '>=', scope.now),
      )
      .select(['comparisons.id', 'comparisons.host_id'])
      .where('whole', '=', 0)
      .where('hosts.id', 'is', null)
      // This host is at it, whatever became of its lease.
      .where((eb) => eb.or([eb('host_id', 'is', null), eb('host_id', '!=', machine.hostId)]))
      .execute(),
  );
  for (const { id, host_id } of remains) {
    if (closing.aborted) return;
    // A host that was only slow may have stored the rest of it meanwhile.
    const { numUpdatedRows } = await host.write((scope) =>
      scope.db
        .updateTable('comparisons')
        .set({ host_id: machine.hostId })
        .where('id', '=', id)
        .where('whole', '=', 0)
        .where('host_id', host_id === null ? 'is' : '=', host_id)
        .executeTakeFirstOrThrow(),
    );
    if (numUpdatedRows > 0n) await deleteComparison(host, machine.hostId, id);
  }
}
