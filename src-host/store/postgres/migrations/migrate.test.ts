import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase, withClient } from '../testing/embedded.ts';
import { appliedMigrations, migrate } from './migrate.ts';

async function emptyDatabase(): Promise<TestDatabase['address']> {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  return database.address;
}

test('an empty database gets everything once, whoever else does the same at the same time', async () => {
  const address = await emptyDatabase();
  const done = await Promise.all([1, 2, 3].map(() => withClient(address, migrate)));
  expect(done.map((names) => names.length).sort()).toEqual([0, 0, 1]);
  expect(await withClient(address, appliedMigrations)).toEqual(['0001-first']);
});

test('somebody who is no superuser can do it, with the right to make roles', async () => {
  const address = await emptyDatabase();
  const name = `maker_${randomBytes(4).toString('hex')}`;
  await withClient(address, async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN CREATEROLE`);
    await client.query(`GRANT ALL ON DATABASE ${address.database} TO ${name}`);
    // Roles are of the whole cluster: where somebody made them before, whoever migrates another database must be let in.
    await migrate(client);
    await client.query('DROP SCHEMA promptdev CASCADE');
    await client.query(`GRANT pd_owner TO ${name}`);
  });
  await withClient({ ...address, user: name }, async (client) => expect(await migrate(client)).toEqual(['0001-first']));
  const owners = await withClient(address, async (client) => {
    const { rows } = await client.query(`SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class
      WHERE relnamespace = 'promptdev'::regnamespace`);
    return rows;
  });
  expect(owners).toEqual([{ owner: 'pd_owner' }]);
  await withClient(address, (client) => client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`));
});

/** Gives every statement another session, as a pooler in transaction mode does. */
class Pooled extends pg.Client {
  readonly others: pg.Client[] = [];
  next = 0;
  override query(...args: unknown[]): never {
    this.next += 1;
    const client = this.others[this.next % this.others.length]!;
    return (client.query as (...args: unknown[]) => never)(...args);
  }
}

test('is refused through a transaction-mode pooler, in a sentence that says what to do', async () => {
  const address = await emptyDatabase();
  await withClient(address, (one) =>
    withClient(address, async (other) => {
      const pooled = new Pooled(address);
      pooled.others.push(one, other);
      await expect(migrate(pooled)).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(/transaction-mode pooler.*Give the address of the database itself/),
      });
      expect(await appliedMigrations(one)).toEqual([]);
    }),
  );
});

test('a database of a newer version is left alone, and named', async () => {
  const address = await emptyDatabase();
  await withClient(address, async (client) => {
    await migrate(client);
    await client.query(`INSERT INTO promptdev.schema_info (name) VALUES ('0002-tomorrow')`);
    await expect(migrate(client)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('it has 0002-tomorrow'),
    });
  });
});
