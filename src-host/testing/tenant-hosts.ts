import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../src-core/client/connection.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import { permissions } from '../../src-core/contract/permissions.ts';
import { newId } from '../../src-core/scope/ids.ts';
import { openHostOn, type RunningHost } from '../host/host.ts';
import { createFileLog } from '../host/log.ts';
import { openTenantStorage } from '../host/tenant-storage.ts';
import { createPool } from '../store/postgres/pool.ts';
import { createPostgresStore } from '../store/postgres/store.ts';
import { type TestDatabase, withClient } from '../store/postgres/testing/embedded.ts';
import { addTenant, appAddress, createTenantDatabase } from '../store/postgres/testing/tenants.ts';
import { inProcessClient } from '../transports/serve-calls.ts';

/** A process with hosts of several tenants on one pool, as a team server has it. */
export interface TenantServer {
  readonly database: TestDatabase;
  /** A host of a new tenant, or of one that another server of the same database has. */
  open(tenant?: string): Promise<TenantHost>;
  close(): Promise<void>;
}

export interface TenantHost {
  readonly tenant: string;
  readonly host: RunningHost;
  /** A new person's window. */
  join(name: string): Promise<Client>;
}

/** `spoil` changes a database before anybody uses it; `database` is that of another server. */
export async function openTenantServer(
  options: {
    readonly spoil?: string;
    readonly database?: TestDatabase;
    readonly connections?: number;
    readonly isShared?: boolean;
  } = {},
): Promise<TenantServer> {
  const database = options.database ?? (await createTenantDatabase());
  if (options.spoil !== undefined) await withClient(database.address, (client) => client.query(options.spoil!));
  const pool = createPool({ ...appAddress(database), max: options.connections ?? 4 });
  const store = createPostgresStore(pool);
  const folders: string[] = [];
  const hosts: RunningHost[] = [];
  return {
    database,
    async open(known) {
      const tenant = known ?? (await addTenant(database));
      const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-tenant-'));
      folders.push(dataDir);
      const deviceId = newId();
      const people = new Map<string, string>();
      const personOf = (clientId: string) => people.get(clientId) ?? [...people.values()][0]!;
      const storage = openTenantStorage({
        pool,
        store,
        tenantId: tenant,
        deviceId,
        place: 'the team’s database',
        actorOf: ({ clientId }) => ({
          kind: 'person',
          id: personOf(clientId),
          name: clientId,
          personId: personOf(clientId),
          tenantId: tenant,
          deviceId,
          isShared: options.isShared ?? true,
          permissions: new Set(permissions),
          clientId,
        }),
      });
      const log = createFileLog(dataDir);
      const host = await openHostOn(storage, log, { dataDir, withoutSamples: true });
      hosts.push(host);
      return {
        tenant,
        host,
        async join(name) {
          const id = newId();
          people.set(name, id);
          const created_at = new Date().toISOString();
          await withClient(database.address, (client) =>
            client.query('INSERT INTO promptdev.people VALUES ($1, $2, $3, $4)', [tenant, id, name, created_at]),
          );
          return inProcessClient<Contract>(host.router, { clientId: name, log });
        },
      };
    },
    async close() {
      for (const host of hosts) await host.close();
      store.close();
      await pool.end();
      if (options.database === undefined) await database.drop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}
