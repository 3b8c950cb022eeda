import { expect, onTestFinished, test } from 'vitest';
import { checkLogin } from './check-login.ts';
import { createPool, type PoolOptions } from './pool.ts';
import { createTestDatabase, withClient } from './testing/embedded.ts';
import { appAddress, createTenantDatabase } from './testing/tenants.ts';

async function check(address: PoolOptions): Promise<unknown> {
  const pool = createPool({ ...address, max: 1 });
  const result = await checkLogin(pool).catch((error: unknown) => error);
  await pool.end();
  return result;
}

test('the login of servers may serve, and one that row level security does not hold for may not', async () => {
  const database = await createTenantDatabase();
  onTestFinished(database.drop);
  expect(await check(appAddress(database))).toBeUndefined();
  expect(await check(database.address)).toMatchObject({
    code: 'denied',
    message: expect.stringMatching(/"postgres" goes around row level security.*Connect as pd_app/),
  });
  await withClient(database.address, (client) => client.query('ALTER TABLE promptdev.settings OWNER TO pd_app'));
  expect(await check(appAddress(database))).toMatchObject({
    code: 'denied',
    message: expect.stringContaining('owns the tables'),
  });
});

test('a database without the schema of this version is not served', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  expect(await check({ ...database.address, user: 'pd_app' })).toMatchObject({ code: 'unavailable' });
});
