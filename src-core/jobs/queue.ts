import { newId } from '../scope/ids.ts';
import type { Reader, Writer } from '../scope/scope.ts';

/** Kinds of long work; each has somebody who takes it up again. */
export type JobKind = 'comparison';

export type JobEnd = 'finished' | 'cancelled';

/** Long work that a host has taken up. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  /** Id of what is worked on. */
  readonly targetId: string;
}

/** In place of the id of a host: it never has a lease. */
const nobody = '';

/**
 * Puts work down as begun by a host. What is open for the target already goes on under this host; who wanted it to end before
 * did not mean this.
 */
export async function openJob(scope: Writer, kind: JobKind, targetId: string, hostId: string): Promise<void> {
  await scope.db.deleteFrom('cancel_requests').where('target_id', '=', targetId).execute();
  const { numUpdatedRows } = await scope.db
    .updateTable('jobs')
    .set({ host_id: hostId, status: 'running', finished_at: null })
    .where('target_id', '=', targetId)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) return;
  await scope.db
    .insertInto('jobs')
    .values({
      id: newId(),
      kind,
      target_id: targetId,
      status: 'running',
      host_id: hostId,
      attempts: 1,
      created_at: scope.now,
      finished_at: null,
    })
    .execute();
}

/** Ends the work on a target, unless another host has taken it over meanwhile. */
export async function closeJob(scope: Writer, targetId: string, hostId: string, end: JobEnd): Promise<void> {
  await scope.db
    .updateTable('jobs')
    .set({ status: end, finished_at: scope.now })
    .where('target_id', '=', targetId)
    .where('host_id', '=', hostId)
    .execute();
}

/** Leaves work to whoever looks next. */
export async function releaseJob(scope: Writer, targetId: string, hostId: string): Promise<void> {
  await scope.db
    .updateTable('jobs')
    .set({ host_id: nobody })
    .where('target_id', '=', targetId)
    .where('host_id', '=', hostId)
    .execute();
}

export async function deleteJob(scope: Writer, targetId: string): Promise<void> {
  await scope.db.deleteFrom('jobs').where('target_id', '=', targetId).execute();
}

/** Which host works on a target, or did when it was lost; null when nobody does. */
export async function ownerOf({ db }: Reader, targetId: string): Promise<string | null> {
  const jobs = db
    .selectFrom('jobs')
    .select('host_id')
    .where('target_id', '=', targetId)
    .where('status', '=', 'running');
  return (await jobs.executeTakeFirst())?.host_id ?? null;
}

/** Most jobs that one look takes over, so that several hosts share what was left. */
const takenAtOnce = 4;

/** Takes over what hosts without a lease had begun; of two hosts that look at once each job goes to one. */
export async function claimJobs(scope: Writer, hostId: string): Promise<readonly Job[]> {
  const lost = await scope.db
    .selectFrom('jobs')
    .leftJoin('hosts', (join) => join.onRef('hosts.id', '=', 'jobs.host_id').on('hosts.lease_until', '>=', scope.now))
    .select(['jobs.id', 'jobs.kind', 'jobs.target_id', 'jobs.host_id', 'jobs.attempts'])
    .where('jobs.status', '=', 'running')
    .where('jobs.host_id', '!=', hostId)
    .where('hosts.id', 'is', null)
    .orderBy('jobs.id')
    .limit(takenAtOnce)
    .execute();
  const taken: Job[] = [];
  for (const job of lost) {
    const { numUpdatedRows } = await scope.db
      .updateTable('jobs')
      .set({ host_id: hostId, attempts: job.attempts + 1 })
      .where('id', '=', job.id)
      .where('host_id', '=', job.host_id)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows > 0n) taken.push({ id: job.id, kind: job.kind as JobKind, targetId: job.target_id });
  }
  return taken;
}
