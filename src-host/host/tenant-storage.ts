import type pg from 'pg';
import { permissions } from '../../src-core/contract/permissions.ts';
import type { Actor } from '../../src-core/scope/actor.ts';
import type { Store } from '../../src-core/scope/scope.ts';
import { explainPostgres } from '../store/postgres/explain-postgres.ts';
import { createPostgresRunStorage } from '../store/postgres/run-storage.ts';
import type { Storage } from './storage.ts';

export interface TenantOptions {
  /** Of all tenants of the database; whoever made them ends them. */
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly tenantId: string;
  /** This server among the devices of the tenant. */
  readonly deviceId: string;
  readonly actorOf: Storage['actorOf'];
  /** What a person knows the database by. */
  readonly place: string;
}

/** One tenant of a database that others use too. */
export function openTenantStorage({ pool, store, tenantId, deviceId, actorOf, place }: TenantOptions): Storage {
  const host: Actor = {
    kind: 'device',
    id: deviceId,
    name: 'PromptDev',
    // Nobody's drafts are meant by what it does of itself.
    personId: deviceId,
    tenantId,
    deviceId,
    isShared: true,
    permissions: new Set(permissions),
    clientId: null,
  };
  return {
    store,
    host,
    actorOf,
    runStorage: (hostId) => createPostgresRunStorage(pool, { tenant: tenantId, person: deviceId }, hostId),
    explain: explainPostgres,
    place,
    problem: () => null,
    close: async () => undefined,
  };
}
