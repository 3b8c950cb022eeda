import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../src-core/client/connection.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import { permissions } from '../../src-core/contract/permissions.ts';
import { newId } from '../../src-core/scope/ids.ts';
import type { Session } from '../../src-core/scope/scope.ts';
import { openHostOn } from '../host/host.ts';
import { createFileLog } from '../host/log.ts';
import { openTenantStorage } from '../host/tenant-storage.ts';
import { createPool } from '../store/postgres/pool.ts';
import { createPostgresStore } from '../store/postgres/store.ts';
import type { TestDatabase } from '../store/postgres/testing/embedded.ts';
import { appAddress } from '../store/postgres/testing/tenants.ts';
import { inProcessClient } from '../transports/serve-calls.ts';

/** Hosts of several tenants on one pool, as a team server has them. */
export interface TenantServer {
  open(tenant: string): Promise<TenantHost>;
  close(): Promise<void>;
}

export interface TenantHost {
  /** A window of a person of the tenant. */
  join(person: string, clientId: string): Client;
  readonly session: Session;
  close(): Promise<void>;
}

/** Few connections, so that tenants come after one another on each of them. */
export function openTenantServer(database: TestDatabase, connections = 3): TenantServer {
  const pool = createPool({ ...appAddress(database), max: connections });
  const store = createPostgresStore(pool);
  return {
    async open(tenantId) {
      const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-tenant-'));
      const deviceId = newId();
      const people = new Map<string, string>();
      const storage = openTenantStorage({
        pool,
        store,
        tenantId,
        deviceId,
        place: 'the database of the tests',
        actorOf({ clientId }) {
          const personId = people.get(clientId);
          if (personId === undefined) throw new Error(`Nobody has signed in as ${clientId}.`);
          const who = { kind: 'person', id: personId, personId, name: clientId } as const;
          return { ...who, tenantId, deviceId, isShared: true, permissions: new Set(permissions), clientId };
        },
      });
      const log = createFileLog(dataDir);
      const host = await openHostOn(storage, log, { dataDir, withoutSamples: true });
      return {
        join(person, clientId) {
          people.set(clientId, person);
          return inProcessClient<Contract>(host.router, { clientId, log });
        },
        session: host.ports.host,
        async close() {
          await host.close();
          await rm(dataDir, { recursive: true, force: true });
        },
      };
    },
    async close() {
      store.close();
      await pool.end();
    },
  };
}
