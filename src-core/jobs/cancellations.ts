import { repeat } from '../follow.ts';
import type { Core } from '../scope/core.ts';
import { isHostAlive } from './recovery.ts';

/** Stops runs and comparisons, whichever process on this data directory works on them. */
export interface Cancellations {
  /** Adds a way to stop what this host works on; it returns false for an id that it does not know. */
  handle(stop: (id: string) => boolean): void;
  /** Stops it here, or asks the host that works on it to; `gone` means that nobody works on it. */
  cancel(id: string, hostId: string | null): Promise<'stopped' | 'asked' | 'gone'>;
  close(): void;
}

/** How soon a request of another process is noticed. */
const noticeMs = 200;

/** `isBusy` says whether there is anything here to stop; an idle host does not look for requests. */
export function createCancellations(core: Core, isBusy: () => boolean): Cancellations {
  const handlers: ((id: string) => boolean)[] = [];
  const stopHere = (id: string): boolean => handlers.some((stop) => stop(id));

  const answerRequests = async (): Promise<void> => {
    const requests = await core.database.selectFrom('cancel_requests').select('target_id').execute();
    const stopped = requests.map((request) => request.target_id).filter(stopHere);
    if (stopped.length > 0)
      await core.database.deleteFrom('cancel_requests').where('target_id', 'in', stopped).execute();
  };

  const close = repeat(noticeMs, () => {
    if (!isBusy()) return;
    answerRequests().catch((error: unknown) => core.log.error('Requests to cancel could not be read.', error));
  });

  return {
    close,
    handle: (stop) => void handlers.push(stop),
    async cancel(id, hostId) {
      if (stopHere(id)) return 'stopped';
      if (hostId === null || hostId === core.machine.hostId) return 'gone';
      // Also where the host seems to be gone: one that only slept must not go on with it.
      await core.database
        .insertInto('cancel_requests')
        .values({ target_id: id, requested_at: core.clock.now() })
        .onConflict((conflict) => conflict.column('target_id').doNothing())
        .execute();
      return (await isHostAlive(core, hostId)) ? 'asked' : 'gone';
    },
  };
}
