import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, withClient } from './embedded.ts';

async function database(template?: Parameters<typeof createTestDatabase>[0]) {
  const made = await createTestDatabase(template);
  onTestFinished(made.drop);
  return made.address;
}

test('is PostgreSQL 18, in a locale whose order is not that of bytes', async () => {
  const [row] = await withClient(await database(), async (client) => {
    const { rows } = await client.query(`SELECT current_setting('server_version_num')::int / 10000 AS version,
      'a' < 'B' AS by_words, 'a' < 'B' COLLATE "C" AS by_bytes`);
    return rows;
  });
  expect(row).toEqual({ version: 18, by_words: true, by_bytes: false });
});

test('a template is built once, and its copies know nothing of each other', async () => {
  let built = 0;
  const template = {
    name: 'counted',
    async build(address: Parameters<typeof withClient>[0]) {
      built += 1;
      await withClient(address, (client) => client.query('CREATE TABLE things (name text)'));
    },
  };
  const [one, other] = await Promise.all([database(template), database(template)]);
  await withClient(one, (client) => client.query(`INSERT INTO things VALUES ('mine')`));
  const { rows } = await withClient(other, (client) => client.query('SELECT * FROM things'));
  expect(rows).toEqual([]);
  expect(built).toBe(1);
});
