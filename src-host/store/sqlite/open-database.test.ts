import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/test-host.ts';
import { workspaceFile } from './migrations.ts';
import { openDatabase } from './open-database.ts';

test('a new file gets write-ahead logging, synced commits, foreign keys and patience', async () => {
  const { sqlite, close } = await openDatabase(await temporaryFolder());
  const pragma = (name: string) => sqlite.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('busy_timeout')]).toEqual([
    'wal',
    2,
    1,
    5_000,
  ]);
  await close();
});

test('a file of a newer version is refused with a sentence and left as it is', async () => {
  const dataDir = await temporaryFolder();
  const { file, sqlite, close } = await openDatabase(dataDir);
  sqlite.prepare("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-future', '2030-01-01')").run();
  await close();
  await expect(openDatabase(dataDir)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`${file} was written by a newer PromptDev`),
  });
  expect(await readdir(dataDir)).toEqual(['promptdev.db']);
  const untouched = new SqliteDatabase(file, { readonly: true });
  expect(untouched.prepare('SELECT count(*) FROM kysely_migration').pluck().get()).toBe(
    Object.keys(workspaceFile.migrations).length + 1,
  );
  untouched.close();
});

test('opening again migrates nothing and makes no backup', async () => {
  const dataDir = await temporaryFolder();
  await (await openDatabase(dataDir)).close();
  await (await openDatabase(dataDir)).close();
  expect(await readdir(dataDir)).toEqual(['promptdev.db']);
});

test.each([
  [
    'something that is no database',
    (file: string) => writeFile(file, 'a letter to a friend, longer than a header '.repeat(40)),
    /is not a PromptDev database/,
  ],
  ['a directory in its place', (file: string) => mkdir(file), /is a folder, not a database file/],
])('%s is refused with one sentence that names the file', async (_, make, sentence) => {
  const dataDir = await temporaryFolder();
  await make(join(dataDir, 'promptdev.db'));
  const failure = await openDatabase(dataDir).catch((error: unknown) => error as Error);
  expect((failure as Error).message).toMatch(sentence);
  expect((failure as Error).message).toContain(join(dataDir, 'promptdev.db'));
});
