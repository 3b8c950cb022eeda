import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Tables } from '../../../src-core/tables/tables.ts';
import { explainPostgres } from './explain-postgres.ts';
import { inTenantTransaction, type TenantTransaction } from './tenant-connection.ts';
import { withClient } from './testing/embedded.ts';
import { addTenant, openTenantPool } from './testing/tenants.ts';

const person = randomUUID();

async function open() {
  const { database, pool } = await openTenantPool();
  const tenant = await addTenant(database);
  const run = <Result>(
    access: 'read' | 'write',
    work: (it: TenantTransaction<Tables>) => Promise<Result>,
    as = tenant,
  ) => inTenantTransaction<Tables, Result>(pool, { tenant: as, person }, access, work);
  return { database, pool, tenant, run };
}

const put =
  (key: string, value: string) =>
  async ({ db }: TenantTransaction<Tables>) => {
    await db
      .insertInto('settings')
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
  };
const all = ({ db }: TenantTransaction<Tables>) =>
  db.selectFrom('settings').select(['key', 'value']).orderBy('key').execute();

test('a write is there when it is done, and a failed one is not', async () => {
  const { run } = await open();
  await run('write', put('a', '1'));
  await run('write', put('a', '2'));
  const failed = run('write', async (it) => {
    await put('b', '1')(it);
    throw new Error('on second thoughts');
  });
  await expect(failed).rejects.toThrow('on second thoughts');
  expect(await run('read', all)).toEqual([{ key: 'a', value: '2' }]);
});

test('those who write at once do it one after the other, each on what the one before left', async () => {
  const { run } = await open();
  await run('write', put('count', '0'));
  const add = () =>
    run('write', async (it) => {
      const [row] = await all(it);
      await put('count', String(Number(row?.value) + 1))(it);
    });
  await Promise.all(Array.from({ length: 20 }, add));
  expect(await run('read', all)).toEqual([{ key: 'count', value: '20' }]);
});

test('what one reads fits together, whatever is committed meanwhile', async () => {
  const { run } = await open();
  await run('write', put('a', '1'));
  await run('read', async (it) => {
    const before = await all(it);
    await run('write', put('a', '2'));
    expect(await all(it)).toEqual(before);
  });
});

test('who reads cannot write, and who writes sees no other transaction', async () => {
  const { run } = await open();
  await expect(run('read', put('a', '1'))).rejects.toMatchObject({ code: '25006' });
  await expect(run('read', ({ db }) => db.transaction().execute(async () => undefined))).rejects.toThrow(
    'A scope is one transaction already',
  );
});

test('queries that are asked at once are answered one after the other', async () => {
  const { run } = await open();
  const numbers = await run('read', ({ db }) =>
    Promise.all([1, 2, 3].map(async (n) => (await sql<{ n: number }>`SELECT ${n}::int8 AS n`.execute(db)).rows[0]?.n)),
  );
  expect(numbers).toEqual([1, 2, 3]);
});

test('a text that PostgreSQL cannot hold is kept with a mark in place of what it cannot', async () => {
  const { run } = await open();
  await run('write', put('a\0', 'answer\0of \ud800 a model'));
  expect(await run('read', all)).toEqual([{ key: 'a\ufffd', value: 'answer\ufffdof \ufffd a model' }]);
});

test('lists may be empty', async () => {
  const { run } = await open();
  const among = (keys: string[]) =>
    run('read', ({ db }) => db.selectFrom('settings').select('key').where('key', 'in', keys).execute());
  expect(await among([])).toEqual([]);
});

test('a query after the scope has ended is refused, and runs in nobody else’s transaction', async () => {
  const { run } = await open();
  const kept = await run('read', async (it) => it);
  await expect(all(kept)).rejects.toThrow('This scope has ended');
});

test('a failure that was swallowed is no success', async () => {
  const { run } = await open();
  const swallowed = run('write', async (it) => {
    await put('a', '1')(it);
    await sql`SELECT nothing`.execute(it.db).catch(() => undefined);
  });
  await expect(swallowed).rejects.toThrow('was not committed');
  expect(await run('read', all)).toEqual([]);
});

test('a tenant that is not there is not entered', async () => {
  const { run } = await open();
  const error = await run('read', all, randomUUID()).catch(explainPostgres);
  expect(error).toMatchObject({ code: 'not_found' });
});

test('of a thousand transactions of ten tenants on six connections, some of which are killed, none sees another’s and nothing stays', async () => {
  const { database, pool, run } = await open();
  const tenants = await Promise.all(Array.from({ length: 10 }, () => addTenant(database)));
  await Promise.all(tenants.map((tenant) => run('write', put('name', tenant), tenant)));
  const wrong: unknown[] = [];
  const visit = async (tenant: string, n: number) => {
    try {
      const rows = await run(
        n % 7 === 0 ? 'write' : 'read',
        async (it) => {
          const found = await all(it);
          if (n % 50 === 3) await sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(it.db);
          if (n % 11 === 5) throw new Error('a service failed');
          return found;
        },
        tenant,
      );
      if (JSON.stringify(rows) !== JSON.stringify([{ key: 'name', value: tenant }])) wrong.push(rows);
    } catch (error) {
      const { code, message } = explainPostgres(error) as { code?: string; message: string };
      if (code !== 'unavailable' && message !== 'a service failed') wrong.push(error);
    }
  };
  const lanes = Array.from({ length: 20 }, async (_, lane) => {
    for (let n = 0; n < 50; n += 1) await visit(tenants[(lane + n) % tenants.length]!, lane * 50 + n);
  });
  await Promise.all(lanes);
  expect(wrong).toEqual([]);
  const clients = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
  for (const client of clients) {
    const { rows } = await client.query(`SELECT coalesce(current_setting('promptdev.tenant', true), '') AS tenant,
      coalesce(current_setting('promptdev.sought', true), '') AS sought, current_setting('search_path') AS path,
      (SELECT count(*) FROM pg_prepared_statements) AS prepared,
      (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks`);
    expect(rows).toEqual([{ tenant: '', sought: '', path: '"$user", public', prepared: 0, locks: 0 }]);
    client.release();
  }
  await withClient(database.address, async (client) => {
    const { rows } = await client.query(
      `SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`,
    );
    expect(rows).toEqual([]);
  });
});
