import type { Core } from '../core.ts';
import type { ErrorData } from '../errors.ts';
import { repeat } from '../follow.ts';

/** A host that was not seen for this long is gone, even if its process id is in use again. */
const staleMs = 30_000;
const heartbeatMs = 5_000;

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

async function closeRunsOfDeadHosts({ database, machine, clock }: Core): Promise<void> {
  const now = clock.now();
  const hosts = await database.selectFrom('hosts').selectAll().execute();
  const isDead = (host: { pid: number; seen_at: string }) =>
    !machine.isAlive(host.pid) || Date.parse(now) - Date.parse(host.seen_at) > staleMs;
  const alive = hosts.filter((host) => !isDead(host)).map((host) => host.id);
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
  });
}
