import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { migrate } from '../migrations/migrate.ts';
import { createPool } from '../pool.ts';
import { createTestDatabase, type TestDatabase, withClient } from './embedded.ts';

/** A migrated database, made once in a run and copied. */
export function createTenantDatabase(): Promise<TestDatabase> {
  return createTestDatabase({
    name: 'migrated',
    build: (address) => withClient(address, async (client) => void (await migrate(client))),
  });
}

/** The login of a server, which owns nothing. */
export function appAddress({ address }: TestDatabase): TestDatabase['address'] {
  return { ...address, user: 'pd_app' };
}

export async function addTenant(database: TestDatabase, id: string = randomUUID()): Promise<string> {
  const now = new Date().toISOString();
  await withClient(database.address, async (client) => {
    await client.query('INSERT INTO promptdev.workspace (tenant_id, id, created_at) VALUES ($1, $1, $2)', [id, now]);
  });
  return id;
}

/** A database with a pool as servers have it, both gone when the test is. */
export async function openTenantPool(): Promise<{ readonly database: TestDatabase; readonly pool: pg.Pool }> {
  const database = await createTenantDatabase();
  const pool = createPool({ ...appAddress(database), max: 6 });
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  return { database, pool };
}
