import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inject } from 'vitest';
import type { ClusterAddress } from './cluster.ts';

/** A database of its own on the run's cluster. */
export interface TestDatabase {
  /** For `pg`, as the superuser who made it. */
  readonly address: ClusterAddress & { readonly database: string };
  drop(): Promise<void>;
}

const startLimitMs = 90_000;

/** The cluster of this test run; the first test file that asks for it starts it, and the others wait for that. */
async function clusterOfRun(): Promise<ClusterAddress> {
  const { folder, runner } = inject('postgres');
  if (isFirst(join(folder, 'wanted'))) {
    const keeper = fileURLToPath(new URL('./keeper.ts', import.meta.url));
    const options = { detached: true, stdio: 'ignore', windowsHide: true } as const;
    spawn(process.execPath, [keeper, folder, String(runner)], options).unref();
  }
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    if (existsSync(join(folder, 'ready.json')))
      return JSON.parse(readFileSync(join(folder, 'ready.json'), 'utf8')) as ClusterAddress;
    if (existsSync(join(folder, 'failed.json')))
      throw new Error((JSON.parse(readFileSync(join(folder, 'failed.json'), 'utf8')) as { message: string }).message);
    if (Date.now() > deadline) throw new Error(`PostgreSQL did not start within ${startLimitMs / 1_000} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function isFirst(file: string): boolean {
  try {
    writeFileSync(file, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** An empty database, or a copy of one that `build` filled; what has the same name is built once in a run. */
export async function createTestDatabase(template?: {
  readonly name: string;
  build(address: TestDatabase['address']): Promise<void>;
}): Promise<TestDatabase> {
  const cluster = await clusterOfRun();
  const database = `test_${randomBytes(8).toString('hex')}`;
  const administer = <Result>(work: (client: pg.Client) => Promise<Result>) =>
    withClient({ ...cluster, database: 'postgres' }, work);
  await administer(async (client) => {
    if (template === undefined) return client.query(`CREATE DATABASE ${database}`);
    const source = `template_${template.name}`;
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [source]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [source]);
    if (rowCount === 0) {
      await client.query(`CREATE DATABASE ${source}`);
      try {
        await template.build({ ...cluster, database: source });
      } catch (error) {
        await client.query(`DROP DATABASE ${source} WITH (FORCE)`);
        throw error;
      }
    }
    return client.query(`CREATE DATABASE ${database} TEMPLATE ${source}`);
  });
  return {
    address: { ...cluster, database },
    drop: () => administer(async (client) => void (await client.query(`DROP DATABASE ${database} WITH (FORCE)`))),
  };
}

/** One connection for as long as the work takes. */
export async function withClient<Result>(
  address: pg.ClientConfig,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
