import { repeat } from '../follow.ts';
import type { Ports } from '../ports.ts';
import type { Reader, Writer } from '../scope/scope.ts';

/** How long a lease lasts that is not renewed, and how often it is, milliseconds. */
export interface LeaseTimes {
  readonly leaseMs: number;
  readonly renewMs: number;
}

export const leaseTimes: LeaseTimes = { leaseMs: 15_000, renewMs: 4_000 };

/** Whether this host may have lost its lease without having noticed, as one that slept. */
export interface LeaseWatch {
  /** False from the end of the lease to the next look at it: others may be at this host's work. */
  isSure(): boolean;
  /** `at`: when the look began, milliseconds. */
  looked(at: number): void;
}

export function createLeaseWatch({ leaseMs }: LeaseTimes = leaseTimes): LeaseWatch {
  let lookedAt = Date.now();
  return {
    isSure: () => Date.now() - lookedAt < leaseMs,
    looked(at) {
      lookedAt = at;
    },
  };
}

/** What happens to the work of hosts. */
export interface LeaseEvents {
  /** A host has lost its lease: part of the transaction that finds out. Called with the hosts that still have one. */
  lost(scope: Writer, present: readonly string[]): Promise<void>;
  /** This host's own lease had ended, as after sleep, and was taken again. */
  regained(scope: Writer): Promise<void>;
  /** Called after each look at the leases, which began `at` (milliseconds), outside of any transaction. */
  looked(at: number): Promise<void>;
  /** Called where nothing can be written, and so nothing be taken over either. */
  failed(at: number): void;
}

/**
 * Takes a lease for this host and renews it until stopped. Who holds no lease counts as gone, wherever it ran and whether
 * or not it is still there; a host that only slept takes its lease again when it wakes.
 */
export async function holdLease(
  ports: Pick<Ports, 'host' | 'machine' | 'log'>,
  events: LeaseEvents,
  { leaseMs, renewMs }: LeaseTimes = leaseTimes,
): Promise<() => Promise<void>> {
  const { host, machine, log } = ports;
  const end = (now: string) => new Date(Date.parse(now) + leaseMs).toISOString();

  const take = async (scope: Writer): Promise<void> => {
    const lease = { lease_until: end(scope.now) };
    await scope.db
      .insertInto('hosts')
      .values({ id: machine.hostId, ...lease })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(lease))
      .execute();
  };

  const dropLost = async (scope: Writer): Promise<void> => {
    const present = await presentHosts(scope);
    await events.lost(scope, [...present, machine.hostId]);
    await scope.db.deleteFrom('hosts').where('lease_until', '<', scope.now).where('id', '!=', machine.hostId).execute();
  };

  const renew = async (at: number): Promise<void> => {
    const state = await host.write(async (scope) => {
      const { numUpdatedRows } = await scope.db
        .updateTable('hosts')
        .set({ lease_until: end(scope.now) })
        .where('id', '=', machine.hostId)
        .where('lease_until', '>=', scope.now)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows > 0n) {
        if (await isAnyLost(scope)) await dropLost(scope);
        return 'held';
      }
      // This host slept. Others may have slept with it, so it looks at them the next time.
      await take(scope);
      await events.regained(scope);
      return 'regained';
    });
    if (state === 'regained') log.info('The lease had ended and was taken again.');
    await events.looked(at);
  };

  await host.write(async (scope) => {
    await dropLost(scope);
    await take(scope);
  });
  let renewing: Promise<void> = Promise.resolve();
  const stop = repeat(renewMs, () => {
    const at = Date.now();
    renewing = renew(at).catch((error: unknown) => {
      log.error('The lease could not be renewed.', error);
      events.failed(at);
    });
  });
  return async () => {
    stop();
    await renewing;
    // A store that cannot be written to any more must not keep the host from closing; the lease ends by itself.
    await host
      .write((scope) => scope.db.deleteFrom('hosts').where('id', '=', machine.hostId).execute())
      .catch((error: unknown) => log.error('The lease could not be given back.', error));
  };
}

/** Whether a host holds its lease. */
export async function isHostAlive({ db, now }: Reader, hostId: string): Promise<boolean> {
  const hosts = db.selectFrom('hosts').select('id').where('id', '=', hostId).where('lease_until', '>=', now);
  return (await hosts.executeTakeFirst()) !== undefined;
}

async function presentHosts({ db, now }: Reader): Promise<string[]> {
  const hosts = await db.selectFrom('hosts').select('id').where('lease_until', '>=', now).execute();
  return hosts.map(({ id }) => id);
}

async function isAnyLost({ db, now }: Reader): Promise<boolean> {
  const lost = db.selectFrom('hosts').select('id').where('lease_until', '<', now).limit(1);
  return (await lost.executeTakeFirst()) !== undefined;
}
