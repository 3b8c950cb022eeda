import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import { clientOf, contentOf, openTestHost, temporaryFolder } from '../testing/test-host.ts';
import { foundation } from './migrations/0001-foundation.ts';

/** A file as the first release left it, with one prompt, its version and its search documents. */
async function writeFirstRelease(dataDir: string): Promise<void> {
  const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
  const provider = { getMigrations: async () => ({ '0001-foundation': foundation }) };
  const { error } = await new Migrator({ db: kysely, provider }).migrateToLatest();
  if (error) throw error;
  const { host } = await openTestHost();
  const { id } = await clientOf(host).prompts.create({ name: 'greet', project: 'shop', content: contentOf('Hello') });
  await clientOf(host).versions.save({ promptId: id });
  sqlite.prepare('ATTACH ? AS new').run(join(host.dataDir, 'promptdev.db'));
  const columns: Readonly<Record<string, string>> = {
    contents: '*',
    prompts: '*',
    versions: 'id, prompt_id, number, content_hash, first_parent_id, second_parent_id, author, note, created_at',
    draft_entries: 'id, prompt_id, parent_id, content, created_at',
    drafts: '*',
    search_documents: '*',
  };
  for (const [table, names] of Object.entries(columns))
    sqlite.exec(`INSERT INTO main.${table} SELECT ${names} FROM new.${table}`);
  sqlite.exec(`INSERT INTO main.search_index (rowid, name, title, tags, description, body, note)
    SELECT id, name, title, tags, description, body, note FROM new.search_texts`);
  await kysely.destroy();
}

test('a file of the first release opens with everything in it, after a backup', async () => {
  const dataDir = await temporaryFolder();
  await writeFirstRelease(dataDir);
  const { client } = await openTestHost(dataDir);
  const { id, latestVersion } = await client.prompts.find({ name: 'shop/greet' });
  expect(latestVersion).toBe(1);
  expect((await client.versions.list({ promptId: id })).items).toMatchObject([{ number: 1, size: null }]);
  expect((await client.prompts.list({ search: 'hello' })).items).toMatchObject([{ name: 'greet' }]);
  expect(await client.library.projects()).toEqual([{ name: 'shop', prompts: 1 }]);
  expect(readdirSync(dataDir).filter((file) => file.includes('before-migration'))).toHaveLength(1);
});
