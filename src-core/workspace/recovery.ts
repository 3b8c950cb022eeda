import type { Core } from '../core.ts';
import type { ErrorData } from '../errors.ts';
import { repeat } from '../follow.ts';

/** A host that was not seen for this long is gone, even if its process id is in use again. */
const staleMs = 30_000;
const heartbeatMs = 5_000;
/** A request to cancel is answered at once or never. */
const requestMs = 60_000;

const interrupted: ErrorData = {
  code: 'unavailable',
  message: 'PromptDev stopped before this run was finished. What had arrived is kept; run it again for the rest.',
};

/** Registers this host, closes the runs of hosts that are gone, and says "still here" until stopped. */
export async function joinDatabase(core: Core): Promise<() => Promise<void>> {
  const { database, machine, clock } = core;
  await closeRunsOfDeadHosts(core);
  const seen = () => ({ id: machine.hostId, pid: machine.pid, seen_at: clock.now() });
  await database.insertInto('hosts').values(seen()).execute();
  const stop = repeat(heartbeatMs, () => {
    database
      .updateTable('hosts')
      .set({ seen_at: clock.now() })
      .where('id', '=', machine.hostId)
      .execute()
      .catch((error: unknown) => core.log.error('The host could not say that it is still here.', error));
  });
  return async () => {
    stop();
    await database.deleteFrom('hosts').where('id', '=', machine.hostId).execute();
  };
}

/** Whether the process of a host is there and was seen lately. */
export async function isHostAlive(core: Core, hostId: string): Promise<boolean> {
  const host = await core.database.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirst();
  return host !== undefined && seemsAlive(core, host);
}

function seemsAlive({ machine, clock }: Core, host: { readonly pid: number; readonly seen_at: string }): boolean {
  return machine.isAlive(host.pid) && Date.parse(clock.now()) - Date.parse(host.seen_at) <= staleMs;
}

async function closeRunsOfDeadHosts(core: Core): Promise<void> {
  const { database, clock } = core;
  const now = clock.now();
  const hosts = await database.selectFrom('hosts').selectAll().execute();
  const alive = hosts.filter((host) => seemsAlive(core, host)).map((host) => host.id);
  await database.transaction().execute(async (trx) => {
    await trx
      .updateTable('runs')
      .set({ status: 'failed', error: JSON.stringify(interrupted), finished_at: now })
      .where('status', 'in', ['queued', 'running'])
      .where((eb) => eb.or([eb('host_id', 'is', null), eb('host_id', 'not in', [...alive, ''])]))
      .execute();
    await trx
      .updateTable('comparisons')
      .set({ status: 'finished' })
      .where('status', '=', 'running')
      .where((eb) => eb.or([eb('host_id', 'is', null), eb('host_id', 'not in', [...alive, ''])]))
      .execute();
    await trx
      .deleteFrom('hosts')
      .where('id', 'not in', [...alive, ''])
      .execute();
    await trx
      .deleteFrom('cancel_requests')
      .where('requested_at', '<', new Date(Date.parse(now) - requestMs).toISOString())
      .execute();
  });
}
