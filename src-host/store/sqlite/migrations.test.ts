import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openTestHost, temporaryFolder } from '../../testing/test-host.ts';

/** A data directory with the file that 0.1.0 left behind. */
async function folderOfFirstRelease(): Promise<string> {
  const dataDir = await temporaryFolder();
  const packed = readFileSync(fileURLToPath(new URL('./testing/release-0.1.0.db.gz', import.meta.url)));
  writeFileSync(join(dataDir, 'promptdev.db'), gunzipSync(packed));
  return dataDir;
}

/** What may look different after a migration: the index is made anew, and processes and migrations come and go. */
const ownAffairs = /^(search_|hosts$|kysely_|sqlite_|topic_changes$)/;

/** Every row of every table that holds a person's work, with the columns that are named, or all. */
function readEverything(file: string, columns?: ReadonlyMap<string, readonly string[]>) {
  const sqlite = new SqliteDatabase(file, { readonly: true });
  const tables = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
  const names = columns ? [...columns.keys()] : (tables as string[]).filter((name) => !ownAffairs.test(name));
  const read = names.map((name) => {
    const wanted = columns?.get(name)?.map((column) => `"${column}"`) ?? ['*'];
    return [name, sqlite.prepare(`SELECT ${wanted.join(', ')} FROM "${name}" ORDER BY rowid`).all()] as const;
  });
  sqlite.close();
  return new Map(read as readonly (readonly [string, readonly Readonly<Record<string, unknown>>[]])[]);
}

test('a file of 0.1.0 is migrated with every row of every table as it was, after a backup that is the file of before', async () => {
  const dataDir = await folderOfFirstRelease();
  const file = join(dataDir, 'promptdev.db');
  const before = readEverything(file);
  const columns = new Map([...before].map(([name, rows]) => [name, Object.keys(rows[0] ?? {})]));
  const filled = new Map([...columns].filter(([, names]) => names.length > 0));
  const { host } = await openTestHost(dataDir);
  await host.close();
  const after = readEverything(file, filled);
  for (const name of filled.keys()) {
    // The models that come with the product are entered wherever they lie now.
    if (name === 'local_models') continue;
    expect(after.get(name), name).toEqual(before.get(name));
  }
  expect([...filled.keys()]).toEqual(
    expect.arrayContaining([
      'comparisons',
      'contents',
      'drafts',
      'endpoints',
      'label_moves',
      'prompts',
      'runs',
      'versions',
    ]),
  );
  const backups = readdirSync(dataDir).filter((name) => name.includes('before-migration'));
  expect(backups).toHaveLength(1);
  expect(readEverything(join(dataDir, backups[0]!))).toEqual(before);
});

test('what a person wrote with 0.1.0 is read, found and gone on with', async () => {
  const { client } = await openTestHost(await folderOfFirstRelease());
  const prompt = await client.prompts.find({ name: 'shop/support/grusse' });
  expect(prompt).toMatchObject({
    title: 'Begrüßung – 問候',
    description: 'مرحبا',
    tags: ['süß', 'ÄRGER'],
    latestVersion: 2,
    hasChanges: true,
  });
  expect(prompt.draft.content.messages.map((message) => message.content)).toEqual([
    'Unsaved: เขียนไว้',
    'Grüße {{ name }} – 你好, {{ name }}! 🙂',
    'Привет',
  ]);
  const versions = (await client.versions.list({ promptId: prompt.id })).items;
  expect(versions.map(({ number, note, labels }) => [number, note, [...labels].sort()])).toEqual([
    [2, 'Antwort dazu', ['latest', 'production']],
    [1, 'Première version', ['my-own']],
  ]);
  const runs = (await client.runs.list({ promptId: prompt.id })).items.filter((run) => run.comparisonId === null);
  expect(runs.map((run) => run.status)).toEqual(['failed', 'succeeded']);
  expect((await client.runs.get({ id: runs[1]!.id })).output).toBe('Grüße Łukasz – 你好, Łukasz! 🙂');
  const [comparison] = (await client.comparisons.list({})).items;
  expect(comparison).toMatchObject({ title: 'Vergleich', status: 'finished' });
  const cells = (await client.runs.list({ comparisonId: comparison!.id })).items;
  expect(cells.map((cell) => cell.status).sort()).toEqual(['failed', 'failed', 'succeeded', 'succeeded']);
  const names = async (search: string) => (await client.prompts.list({ search })).items.map((item) => item.name);
  expect(await names('unsaved')).toEqual(['support/grusse']);
  expect(await names('begrüßung')).toEqual(['support/grusse']);
  expect(await names('word')).toEqual(['plain']);
  expect((await client.prompts.list({})).total).toBe(3);
  const saved = await client.versions.save({ promptId: prompt.id, note: 'Weiter' });
  expect(saved.version.number).toBe(3);
});
