import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import type { AppError } from '../../../src-core/scope/errors.ts';
import { explainPostgres } from './explain-postgres.ts';
import { createPool } from './pool.ts';
import { inTenantTransaction } from './tenant-connection.ts';
import { addTenant, appAddress, createTenantDatabase } from './testing/tenants.ts';

const database = await createTenantDatabase();
const address = appAddress(database);
const pool = createPool({ ...address, max: 2 });
const tenant = await addTenant(database);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const failure = (statement: RawBuilder<unknown>): Promise<unknown> =>
  inTenantTransaction(pool, { tenant, person: randomUUID() }, 'write', async ({ db }) => {
    await sql`INSERT INTO projects (id, name, created_at) VALUES (${randomUUID()}, 'canary', '')`.execute(db);
    await statement.execute(db);
  }).then(
    () => 'no failure',
    (error: unknown) => explainPostgres(error),
  );

test.each<[string, AppError['code'], RawBuilder<unknown>]>([
  [
    'a name that is taken',
    'conflict',
    sql`INSERT INTO projects SELECT tenant_id, gen_random_uuid(), name, '' FROM projects`,
  ],
  [
    'what belongs to something that is gone',
    'conflict',
    sql`INSERT INTO devices SELECT tenant(), id, id, '', '' FROM projects`,
  ],
  ['what may not be changed', 'denied', sql`UPDATE contents SET body = 'canary'`],
  ['a NUL', 'invalid', sql`SELECT ${'"canary\\u0000"'}::jsonb`],
  ['something that is no id', 'invalid', sql`SELECT * FROM projects WHERE id = ${'canary'}`],
  ['a server that goes away', 'unavailable', sql`SELECT pg_terminate_backend(pg_backend_pid())`],
])('%s is %s, in a sentence without anything of the row', async (_, code, statement) => {
  const error = await failure(statement);
  expect(error).toMatchObject({ name: 'AppError', code });
  expect(JSON.stringify((error as AppError).toData())).not.toMatch(/canary|projects|contents/);
});

test('a lock that is not given in time is "unavailable"', async () => {
  const person = randomUUID();
  const error = await inTenantTransaction(pool, { tenant, person }, 'write', async () => {
    const other = createPool({ ...address, max: 1 });
    try {
      await other.query(`SET lock_timeout = '20ms'`);
      return await inTenantTransaction(other, { tenant, person }, 'write', async () => 'no failure').catch(
        explainPostgres,
      );
    } finally {
      await other.end();
    }
  });
  expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('busy') });
});

test('a statement that takes too long is "unavailable"', async () => {
  const slow = createPool({ ...address, max: 1 });
  await slow.query(`SET statement_timeout = '20ms'`);
  const error = await slow.query('SELECT pg_sleep(60)').catch(explainPostgres);
  await slow.end();
  expect(error).toMatchObject({ code: 'unavailable' });
});

test.each([
  ['nobody listens', { ...address, host: '/nowhere' }],
  ['nobody has that name', { ...address, user: 'nobody_at_all' }],
  ['there is no such database', { ...address, database: 'none_such' }],
])('where %s it is "unavailable"', async (_, there) => {
  const elsewhere = createPool({ ...there, max: 1 });
  const error = await elsewhere.query('SELECT 1').catch(explainPostgres);
  await elsewhere.end();
  expect(error).toMatchObject({ name: 'AppError', code: 'unavailable' });
});

test('what is nobody’s fault but ours is passed on as it is', async () => {
  expect(await failure(sql`SELECT nothing`)).toMatchObject({ code: '42703' });
});
