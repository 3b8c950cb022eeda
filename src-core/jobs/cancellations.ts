import { repeat } from '../follow.ts';
import type { Ports } from '../ports.ts';
import { isHostAlive } from './leases.ts';

/** Stops runs and comparisons, whichever process on this store works on them. */
export interface Cancellations {
  /** Adds a way to stop what this host works on; it returns false for an id that it does not know. */
  handle(stop: (id: string) => boolean): void;
  /** Stops it here, or asks the host that works on it to; `gone` means that nobody works on it. */
  cancel(id: string, hostId: string | null): Promise<'stopped' | 'asked' | 'gone'>;
  close(): void;
}

/** How soon a request of another process is noticed. */
const noticeMs = 200;
/** A request is meant for a host that may sleep; after this long nobody waits for it. */
const requestMs = 24 * 60 * 60_000;

/** `isBusy` says whether there is anything here to stop; an idle host does not look for requests. */
export function createCancellations(
  { host, machine, log }: Pick<Ports, 'host' | 'machine' | 'log'>,
  isBusy: () => boolean,
): Cancellations {
  const handlers: ((id: string) => boolean)[] = [];
  const stopHere = (id: string): boolean => handlers.some((stop) => stop(id));

  const answerRequests = async (): Promise<void> => {
    const requests = await host.read(({ db }) => db.selectFrom('cancel_requests').select('target_id').execute());
    const stopped = requests.map((request) => request.target_id).filter(stopHere);
    if (stopped.length > 0)
      await host.write(({ db }) => db.deleteFrom('cancel_requests').where('target_id', 'in', stopped).execute());
  };

  const close = repeat(noticeMs, () => {
    if (!isBusy()) return;
    answerRequests().catch((error: unknown) => log.error('Requests to cancel could not be read.', error));
  });

  return {
    close,
    handle: (stop) => void handlers.push(stop),
    async cancel(id, hostId) {
      if (stopHere(id)) return 'stopped';
      if (hostId === null || hostId === machine.hostId) return 'gone';
      return host.write(async (scope) => {
        const old = new Date(Date.parse(scope.now) - requestMs).toISOString();
        await scope.db.deleteFrom('cancel_requests').where('requested_at', '<', old).execute();
        // Also where the host seems to be gone: one that only slept must not go on with it.
        await scope.db
          .insertInto('cancel_requests')
          .values({ target_id: id, requested_at: scope.now })
          .onConflict((conflict) => conflict.column('target_id').doNothing())
          .execute();
        return (await isHostAlive(scope, hostId)) ? 'asked' : 'gone';
      });
    },
  };
}
