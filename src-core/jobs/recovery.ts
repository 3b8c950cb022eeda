import { repeat } from '../follow.ts';
import type { Database } from '../ports.ts';
import type { ActiveRuns } from '../runs/active-runs.ts';
import type { Core } from '../scope/core.ts';
import type { ErrorData } from '../scope/errors.ts';

/** A host that has not renewed its lease for this long counts as gone until it does. */
const leaseMs = 30_000;
const renewMs = 5_000;
/** A request to cancel is meant for a host that may sleep; after this long nobody waits for it. */
const requestMs = 24 * 60 * 60_000;

const interrupted: ErrorData = {
  code: 'unavailable',
  message: 'PromptDev stopped before this run was finished. What had arrived is kept; run it again for the rest.',
};
const interruptedText = JSON.stringify(interrupted);

/**
 * Takes a lease for this host and renews it until stopped. Runs of hosts whose lease has ended are marked as interrupted; a
 * host that only slept takes its lease again when it wakes, and its runs with it.
 */
export async function joinDatabase(core: Core, active: ActiveRuns): Promise<() => Promise<void>> {
  await core.database.transaction().execute(async (trx) => {
    await closeRunsOfLostHosts(core, trx);
    await takeLease(core, trx);
  });
  let renewing: Promise<void> = Promise.resolve();
  const stop = repeat(renewMs, () => {
    renewing = renew(core, active).catch((error: unknown) => core.log.error('The lease could not be renewed.', error));
  });
  return async () => {
    stop();
    await renewing;
    // A file that cannot be written to any more must not keep the host from closing; the lease ends by itself.
    await core.database
      .deleteFrom('hosts')
      .where('id', '=', core.machine.hostId)
      .execute()
      .catch((error: unknown) => core.log.error('The lease could not be given back.', error));
  };
}

/** Whether a host holds its lease, as far as this computer can tell. */
export async function isHostAlive(
  core: Pick<Core, 'database' | 'machine' | 'clock'>,
  hostId: string,
): Promise<boolean> {
  const host = await core.database.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirst();
  return host !== undefined && isPresent(core, host);
}

interface HostRow {
  readonly id: string;
  readonly pid: number;
  readonly computer: string;
  readonly lease_until: string;
}

function isPresent({ machine, clock }: Pick<Core, 'machine' | 'clock'>, host: HostRow): boolean {
  // A dead process of this computer need not be waited for.
  if (host.computer === machine.computer && !machine.isAlive(host.pid)) return false;
  return host.lease_until >= clock.now();
}

function leaseEnd({ clock }: Core): string {
  return new Date(Date.parse(clock.now()) + leaseMs).toISOString();
}

async function takeLease(core: Core, trx: Database): Promise<void> {
  const { hostId: id, pid, computer } = core.machine;
  const lease = { pid, computer, lease_until: leaseEnd(core) };
  await trx
    .insertInto('hosts')
    .values({ id, ...lease })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(lease))
    .execute();
}

async function renew(core: Core, active: ActiveRuns): Promise<void> {
  const { database, machine, clock, changes } = core;
  const { numUpdatedRows } = await database
    .updateTable('hosts')
    .set({ lease_until: leaseEnd(core) })
    .where('id', '=', machine.hostId)
    .where('lease_until', '>=', clock.now())
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) {
    const hosts = await database.selectFrom('hosts').selectAll().execute();
    if (!hosts.some((host) => !isPresent(core, host))) return;
    await database.transaction().execute((trx) => closeRunsOfLostHosts(core, trx));
  } else {
    // This host slept. Others may have slept with it, so it looks at them the next time.
    await database.transaction().execute(async (trx) => {
      await takeLease(core, trx);
      await takeRunsBack(core, trx, active);
    });
    core.log.info('The lease had ended and was taken again.');
  }
  changes.publish('runs', []);
  changes.publish('comparisons', []);
}

/** What others marked as interrupted while this host slept is running or waiting again, unless it was started anew since. */
async function takeRunsBack({ machine: { hostId } }: Core, trx: Database, active: ActiveRuns): Promise<void> {
  const running = [...active.all()].filter((run) => run.status === 'running').map((run) => run.id);
  const open = { error: null, finished_at: null };
  const own = trx
    .updateTable('runs')
    .where('host_id', '=', hostId)
    .where('error', '=', interruptedText)
    .where('superseded', '=', 0);
  if (running.length > 0)
    await own
      .set({ ...open, status: 'running' })
      .where('id', 'in', running)
      .execute();
  await own
    .set({ ...open, status: 'queued' })
    .where('status', '=', 'failed')
    .execute();
  await trx
    .updateTable('comparisons')
    .set({ status: 'running' })
    .where('host_id', '=', hostId)
    .where('status', '=', 'finished')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('runs')
        .select('comparison_id')
        .where('host_id', '=', hostId)
        .where('status', 'in', ['queued', 'running'])
        .where('comparison_id', 'is not', null)
        .$castTo<{ comparison_id: string }>(),
    )
    .execute();
}

async function closeRunsOfLostHosts(core: Core, trx: Database): Promise<void> {
  const now = core.clock.now();
  const hosts = await trx.selectFrom('hosts').selectAll().execute();
  const present = hosts.filter((host) => host.id === core.machine.hostId || isPresent(core, host)).map(({ id }) => id);
  // The owner stays on the row: it may only be asleep.
  await trx
    .updateTable('runs')
    .set({ status: 'failed', error: interruptedText, finished_at: now })
    .where('status', 'in', ['queued', 'running'])
    .where((eb) => eb.or([eb('host_id', 'is', null), eb('host_id', 'not in', [...present, ''])]))
    .execute();
  await trx
    .updateTable('comparisons')
    .set({ status: 'finished' })
    .where('status', '=', 'running')
    .where((eb) => eb.or([eb('host_id', 'is', null), eb('host_id', 'not in', [...present, ''])]))
    .execute();
  await trx
    .deleteFrom('hosts')
    .where('id', 'not in', [...present, ''])
    .execute();
  await trx
    .deleteFrom('cancel_requests')
    .where('requested_at', '<', new Date(Date.parse(now) - requestMs).toISOString())
    .execute();
}
