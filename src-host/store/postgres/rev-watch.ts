import { repeat, type Signal } from '../../../src-core/follow.ts';
import type { Actor } from '../../../src-core/scope/actor.ts';
import type { Rev } from '../../../src-core/scope/scope.ts';

/** How often it is asked whether another process has committed, milliseconds. */
const pollMs = 1_000;

export interface RevWatch {
  /** Wakes `news` at every commit for the actor's tenant, until the returned function is called. */
  follow(as: Actor, news: Signal): () => void;
  /** Something was committed here. */
  tell(tenant: string): void;
  close(): void;
}

interface Watched {
  readonly followers: Set<Signal>;
  readonly stop: () => void;
}

/**
 * Tells those who follow a tenant of each commit: of this process at once, of others as soon as the tenant's counter is next
 * looked at, which is once however many follow. A notification of the server, where there is one, is one more caller of `tell`.
 */
export function createRevWatch(readRev: (as: Actor) => Promise<Rev>): RevWatch {
  const tenants = new Map<string, Watched>();

  const tell = (tenant: string): void => {
    for (const news of tenants.get(tenant)?.followers ?? []) news.wake();
  };

  const watch = (as: Actor): Watched => {
    let last: Rev | null = null;
    let isAsking = false;
    const look = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      // A database that is away for a while is asked again.
      const rev = await readRev(as).catch(() => last);
      isAsking = false;
      if (rev === last) return;
      last = rev;
      tell(as.tenantId);
    };
    return { followers: new Set(), stop: repeat(pollMs, () => void look()) };
  };

  return {
    tell,
    follow(as, news) {
      const watched = tenants.get(as.tenantId) ?? watch(as);
      tenants.set(as.tenantId, watched);
      watched.followers.add(news);
      return () => {
        watched.followers.delete(news);
        if (watched.followers.size > 0 || tenants.get(as.tenantId) !== watched) return;
        watched.stop();
        tenants.delete(as.tenantId);
      };
    },
    close() {
      for (const { stop } of tenants.values()) stop();
      tenants.clear();
    },
  };
}
