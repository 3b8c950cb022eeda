import type pg from 'pg';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { explainPostgres } from '../explain-postgres.ts';
import { first } from './0001-first.ts';

export interface PostgresMigration {
  readonly name: string;
  /** Runs in a transaction of its own, as the owner of the schema. */
  readonly sql: string;
}

/** In their order; one that was released never changes. */
const migrations: readonly PostgresMigration[] = [first];

/** Any number that other programs are unlikely to take for their advisory lock. */
const lock = 7_274_021_991;

/** How long a migration waits for a table that is in use, so that nobody waits behind it for long. */
const lockTimeout = '3s';

/**
 * Brings a database to the schema of this version; resolves with the names of what was done. Needs a connection of its own with the right to
 * make roles or to become pd_owner, as the server's own login is not the owner of anything.
 */
export async function migrate(client: pg.ClientBase): Promise<readonly string[]> {
  try {
    await refusePooler(client);
    await client.query('SELECT pg_advisory_lock($1)', [lock]);
    try {
      return await applyMissing(client);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [lock]);
    }
  } catch (error) {
    throw explainPostgres(error);
  }
}

/** A transaction-mode pooler gives each statement another session, and a lock of a session would be nobody's. */
async function refusePooler(client: pg.ClientBase): Promise<void> {
  const sessions = new Set<number>();
  for (let i = 0; i < 2; i += 1) {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    sessions.add(rows[0]!.pid);
  }
  if (sessions.size === 1) return;
  throw new AppError(
    'invalid',
    'This connection goes through a transaction-mode pooler, where migrations cannot hold their lock. Give the address of the database itself (for hosted databases the "direct" or "session" connection string).',
  );
}

async function applyMissing(client: pg.ClientBase): Promise<readonly string[]> {
  const known = new Set(await appliedMigrations(client));
  const unknown = [...known].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0)
    throw new AppError(
      'invalid',
      `The database was made by a newer version of PromptDev (it has ${unknown.join(', ')}). Update PromptDev.`,
    );
  const missing = migrations.filter(({ name }) => !known.has(name));
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

/** Names of the migrations that a database has; none where there is no schema yet. */
export async function appliedMigrations(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('promptdev.schema_info') IS NOT NULL AS there`,
  );
  if (!rows[0]!.there) return [];
  const applied = await client.query<{ name: string }>('SELECT name FROM promptdev.schema_info ORDER BY name');
  return applied.rows.map(({ name }) => name);
}

/** Whether these are exactly the migrations of this version. */
export function isCurrent(applied: readonly string[]): boolean {
  return applied.length === migrations.length && migrations.every(({ name }) => applied.includes(name));
}

async function apply(client: pg.ClientBase, { name, sql }: PostgresMigration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL lock_timeout = '${lockTimeout}'`);
    await client.query(sql);
    await client.query('INSERT INTO promptdev.schema_info (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
