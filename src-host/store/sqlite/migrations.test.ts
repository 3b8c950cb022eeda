import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { openTestHost, temporaryFolder } from '../../testing/test-host.ts';

/** A data directory with the file that 0.1.0 left behind. */
async function folderOfFirstRelease(): Promise<string> {
  const dataDir = await temporaryFolder();
  const packed = readFileSync(fileURLToPath(new URL('./testing/release-0.1.0.db.gz', import.meta.url)));
  writeFileSync(join(dataDir, 'promptdev.db'), gunzipSync(packed));
  return dataDir;
}

type Row = Readonly<Record<string, unknown>>;

/** Tables that no person's work stands in: the index is made anew, and processes and migrations come and go. */
const ownAffairs = /^(search_|hosts$|kysely_|sqlite_)/;

function readTables(file: string): ReadonlyMap<string, readonly Row[]> {
  const sqlite = new SqliteDatabase(file, { readonly: true });
  const tables = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
  const names = (tables as string[]).filter((name) => !ownAffairs.test(name));
  const read = names.map((name) => [name, sqlite.prepare(`SELECT * FROM "${name}"`).all() as Row[]] as const);
  sqlite.close();
  return new Map(read);
}

/** Columns that are kept otherwise now, by table: the rest must stand there as it stood. */
const keptOtherwise: Readonly<Record<string, readonly string[]>> = {
  prompts: ['project', 'tags', 'draft_hash'],
  draft_entries: ['id', 'parent_id'],
  drafts: ['entry_id'],
  label_moves: ['id'],
  endpoints: ['key_env'],
};

/** Those of the old rows that no new row has all columns of. */
function lost(table: string, old: readonly Row[], now: readonly Row[]): readonly Row[] {
  const columns = (row: Row) => Object.keys(row).filter((name) => !keptOtherwise[table]?.includes(name));
  return old.filter((row) => !now.some((other) => columns(row).every((name) => other[name] === row[name])));
}

test('a file of 0.1.0 opens with every row of every table, after a backup that is the file of before', async () => {
  const dataDir = await folderOfFirstRelease();
  const file = join(dataDir, 'promptdev.db');
  const before = readTables(file);
  const { host } = await openTestHost(dataDir);
  await host.close();
  const after = readTables(file);
  const device = readTables(join(dataDir, 'device.db'));
  for (const [table, rows] of before) {
    // The models that come with the product are entered wherever they lie now.
    if (table === 'local_models') continue;
    const now = after.get(table) ?? device.get(table) ?? [];
    expect(now, table).toHaveLength(rows.length);
    expect(lost(table, rows, now), table).toEqual([]);
  }
  expect([...before].filter(([, rows]) => rows.length > 0).map(([table]) => table)).toEqual(
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
  const names = (tables: ReadonlyMap<string, readonly Row[]>) => [...tables.keys()];
  expect(names(after).filter((name) => name.startsWith('of_0_1_0_'))).toEqual([]);
  expect(names(after)).not.toContain('local_models');
  const backups = readdirSync(dataDir).filter((name) => name.includes('before-migration'));
  expect(backups).toHaveLength(1);
  expect(readTables(join(dataDir, backups[0]!))).toEqual(before);
});

test('what is kept otherwise than in 0.1.0 says the same: projects, tags, the undo tree, moves and keys', async () => {
  const dataDir = await folderOfFirstRelease();
  const before = readTables(join(dataDir, 'promptdev.db'));
  const { host, client } = await openTestHost(dataDir);
  for (const old of before.get('prompts')!) {
    const prompt = await client.prompts.get({ id: String(old.id) });
    expect(prompt).toMatchObject({ project: old.project, tags: JSON.parse(String(old.tags)) });
    expect(prompt.draft.hash).toBe(old.draft_hash);
    const steps = (await client.prompts.draftSteps({ id: String(old.id) })).items;
    const entries = before.get('draft_entries')!.filter((entry) => entry.prompt_id === old.id);
    expect(steps.map(({ at }) => at).sort()).toEqual(entries.map((entry) => entry.created_at).sort());
    expect(steps.filter(({ parent }) => parent !== null)).toHaveLength(
      entries.filter((entry) => entry.parent_id !== null).length,
    );
    const moves = (await client.labels.history({ promptId: String(old.id) })).items;
    const olds = before.get('label_moves')!.filter((move) => move.prompt_id === old.id);
    expect(moves.map(({ name }) => name)).toEqual(
      olds.toSorted((a, b) => Number(b.id) - Number(a.id)).map((move) => move.name),
    );
  }
  const endpoints = await client.models.listEndpoints();
  expect(endpoints.map(({ name, keyEnv }) => [name, keyEnv])).toEqual(
    before.get('endpoints')!.map((old) => [old.name, old.key_env]),
  );
  const { rows } = await sql<Row>`PRAGMA foreign_key_check`.execute(host.database);
  expect(rows).toEqual([]);
});

test('a conversion that a kill ended before its end is done again, with nothing twice', async () => {
  const dataDir = await folderOfFirstRelease();
  const file = join(dataDir, 'promptdev.db');
  const old = readFileSync(file);
  await (await openTestHost(dataDir)).host.close();
  const converted = readTables(join(dataDir, 'device.db'));
  // As if the device's file had been written, and the other one not.
  for (const name of readdirSync(dataDir)) if (name.startsWith('promptdev.db')) rmSync(join(dataDir, name));
  writeFileSync(file, old);
  const { client } = await openTestHost(dataDir);
  expect((await client.prompts.list({})).total).toBe(3);
  const again = readTables(join(dataDir, 'device.db'));
  expect(again.get('local_models')).toEqual(converted.get('local_models'));
  // Those of the second time have a person of their own, and are the same.
  for (const table of ['window_state', 'device_settings']) {
    const first = converted.get(table)!;
    const isOfFirst = ({ person_id }: Row) => first.some((row) => row.person_id === person_id && person_id !== '');
    const unowned = (rows: readonly Row[]) => rows.map(({ person_id: _, ...row }) => row);
    expect(unowned(again.get(table)!.filter((row) => !isOfFirst(row))), table).toEqual(unowned(first));
  }
});

test('a kill in the middle of the backup leaves nothing under the name of a whole one, and the next start makes it', async () => {
  const dataDir = await folderOfFirstRelease();
  const file = join(dataDir, 'promptdev.db');
  // Long enough to write that the kill comes before the end.
  const old = new SqliteDatabase(file);
  old.exec('CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(200000000))');
  old.close();
  const backups = () => readdirSync(dataDir).filter((name) => name.includes('before-migration'));
  const code = `
    const { openDatabase } = await import(${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)});
    await openDatabase(${JSON.stringify(dataDir)});`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await vi.waitUntil(() => backups().length > 0, { timeout: 20_000, interval: 1 });
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(backups().filter((name) => !/\.unfinished(?:-journal)?$/.test(name))).toEqual([]);

  const { client } = await openTestHost(dataDir);
  expect((await client.prompts.list({})).total).toBe(3);
  expect(backups()).toEqual([expect.not.stringMatching(/\.unfinished$/)]);
  const whole = new SqliteDatabase(join(dataDir, backups()[0]!), { readonly: true });
  expect(whole.pragma('quick_check', { simple: true })).toBe('ok');
  expect(whole.prepare('SELECT count(*) FROM prompts').pluck().get()).toBe(3);
  whole.close();
}, 60_000);

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
