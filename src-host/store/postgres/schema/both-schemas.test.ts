import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../../sqlite/open-database.ts';
import { withClient } from '../testing/embedded.ts';
import { createTenantDatabase } from '../testing/tenants.ts';

const database = await createTenantDatabase();
const folder = await mkdtemp(join(tmpdir(), 'promptdev-test-'));
const { sqlite, close } = await openDatabase(folder);
afterAll(async () => {
  await database.drop();
  await close();
  await rm(folder, { recursive: true, force: true });
});

/** Search is kept otherwise by each, and each has notes of its own on migrations and on its file. */
const ofOneAlone = /^(search_|sqlite_|kysely_|schema_info$|upkeep$)/;

const kinds: Readonly<Record<string, string>> = {
  ...{ TEXT: 'text', INTEGER: 'whole', REAL: 'number', BLOB: 'bytes', bytea: 'bytes' },
  ...{ text: 'text', uuid: 'text', integer: 'whole', bigint: 'whole', smallint: 'whole', 'double precision': 'number' },
};

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: number;
}

function ofSqlite() {
  const tables = sqlite.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[];
  return tables
    .filter((table) => !ofOneAlone.test(table))
    .flatMap((table) => {
      const columns = sqlite
        .prepare(`SELECT name, type, "notnull" OR pk > 0 AS required FROM pragma_table_info(?)`)
        .all(table) as Column[];
      return columns.map(({ name, type, required }) => `${table}.${name} ${kinds[type]}${required ? '' : ' or null'}`);
    })
    .sort();
}

const ofPostgres = () =>
  withClient(database.address, async (client) => {
    const { rows } = await client.query<Column & { table: string }>(`
      SELECT table_name AS table, column_name AS name, data_type AS type, (is_nullable = 'NO')::int AS required
      FROM information_schema.columns WHERE table_schema = 'promptdev' AND column_name <> 'tenant_id'`);
    return rows
      .filter(({ table }) => !ofOneAlone.test(table))
      .map(({ table, name, type, required }) => `${table}.${name} ${kinds[type]}${required ? '' : ' or null'}`)
      .sort();
  });

test('both stores have the same tables with the same columns', async () => {
  expect(await ofPostgres()).toEqual(ofSqlite());
});

test('what SQLite has an index for, PostgreSQL has one for within a tenant', async () => {
  const indexes = sqlite
    .prepare(`
      SELECT tables.name AS "table", (SELECT group_concat(name) FROM pragma_index_info(indexes.name)) AS columns
      FROM sqlite_schema AS tables JOIN pragma_index_list(tables.name) AS indexes
      -- Of the workspace there is one row a tenant.
      WHERE tables.type = 'table' AND tables.name <> 'workspace' AND NOT indexes.partial`)
    .all() as { table: string; columns: string }[];
  const wanted = indexes
    .filter(({ table }) => !ofOneAlone.test(table))
    .map(({ table, columns }) => `${table} (${columns})`);
  const there = await withClient(database.address, async (client) => {
    const { rows } = await client.query<{ index: string }>(`
      SELECT indrelid::regclass::text || ' (' || string_agg(attname, ',' ORDER BY place) || ')' AS index
      FROM pg_index CROSS JOIN unnest(indkey) WITH ORDINALITY AS key (number, place)
      JOIN pg_attribute ON attrelid = indrelid AND attnum = key.number
      WHERE indrelid::regclass::text LIKE 'promptdev.%' AND place > 1
      GROUP BY indexrelid, indrelid`);
    return rows.map(({ index }) => index.replace('promptdev.', ''));
  });
  const missing = wanted.filter((index) => !there.some((other) => other.startsWith(index.slice(0, -1))));
  expect(missing).toEqual([]);
});
