import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { readRegular } from '../../files/regular-file.ts';
import { contentOf, eventually, openTestHost, temporaryFolder } from '../../testing/test-host.ts';
import { openDatabase } from './open-database.ts';

/** A host whose database file something happens to while it is open. */
async function openHostThatLosesItsFile(lose: (file: string) => Promise<void>) {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'promptdev.db');
  const { client } = await openTestHost(dataDir);
  const { id } = await client.prompts.create({ name: 'kept', content: contentOf('written before') });
  await lose(file);
  return { dataDir, file, client, id };
}

test.each<[string, (file: string) => Promise<void>, RegExp]>([
  ['deleted', (file) => rm(file), /promptdev\.db" was deleted or moved away/],
  ['moved away', (file) => rename(file, `${file}.elsewhere`), /promptdev\.db" was deleted or moved away/],
  [
    'replaced by another file',
    async (file) => {
      await copyFile(file, `${file}.other`);
      await rename(`${file}.other`, file);
    },
    /promptdev\.db" was replaced by another file/,
  ],
  ['emptied', (file) => truncate(file), /promptdev\.db" was replaced by another file/],
  ['whose log was emptied', (file) => truncate(`${file}-wal`), /promptdev\.db-wal" was cut off/],
  ['whose log was cut', (file) => truncate(`${file}-wal`, 20_000), /promptdev\.db-wal" was cut off/],
  ['without its log', (file) => rm(`${file}-wal`), /promptdev\.db-wal" was deleted/],
  ['without its index', (file) => rm(`${file}-shm`), /promptdev\.db-shm" was deleted/],
  [
    'whose log was replaced',
    async (file) => {
      await rm(`${file}-wal`);
      await writeFile(`${file}-wal`, '');
    },
    /promptdev\.db-wal" was replaced/,
  ],
])('a database that is %s acknowledges no write any more and says what to do', async (_, lose, sentence) => {
  const { client, id } = await openHostThatLosesItsFile(lose);
  const write = client.prompts.saveDraft({ id, revision: 0, content: contentOf('would be lost') });
  await expect(write).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(sentence) });
  await expect(client.prompts.create({ name: 'lost', content: contentOf('x') })).rejects.toThrow(
    'nothing more is saved',
  );
});

test('what was saved before the file was deleted is copied out of the open host, and the window is told', async () => {
  const { client, dataDir, file } = await openHostThatLosesItsFile(async (name) => {
    for (const part of [name, `${name}-wal`, `${name}-shm`]) await rm(part);
  });
  for await (const status of await client.workspace.status()) {
    if (status.problem?.includes('.rescued-') !== true) continue;
    expect(status.problem).toContain(`"${file}" was deleted or moved away while PromptDev had it open`);
    break;
  }
  expect((await client.workspace.info()).warnings[0]).toContain('nothing more is saved');
  const copy = (await readdir(dataDir)).find((name) => name.includes('.rescued-'))!;
  expect((await stat(join(dataDir, copy))).mode & 0o777).toBe(0o600);
  const rescued = new SqliteDatabase(join(dataDir, copy), { readonly: true });
  expect(rescued.prepare('SELECT name FROM prompts').pluck().all()).toEqual(['kept']);
  rescued.close();
});

test('a file that is put back is written to again', async () => {
  const { client, file, id } = await openHostThatLosesItsFile((name) => rename(name, `${name}.elsewhere`));
  await expect(client.prompts.saveDraft({ id, revision: 0, content: contentOf('a') })).rejects.toThrow('moved away');
  await rename(`${file}.elsewhere`, file);
  expect(await client.prompts.saveDraft({ id, revision: 0, content: contentOf('a') })).toMatchObject({ revision: 1 });
  await eventually(async () => (await client.workspace.info()).warnings.every((text) => !text.includes('moved away')));
});

test('a file that a newer one took the place of is left as it is when the host closes', async () => {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'promptdev.db');
  const first = await openDatabase(dataDir);
  await mkdir(join(dataDir, 'old'));
  for (const part of ['', '-wal', '-shm'])
    await rename(`${file}${part}`, join(dataDir, 'old', `promptdev.db${part}`)).catch(() => undefined);
  const second = await openDatabase(dataDir);
  await second.kysely.insertInto('settings').values({ key: 'mine', value: 'true' }).execute();
  await first.close();
  expect(await second.kysely.selectFrom('settings').selectAll().execute()).toEqual([{ key: 'mine', value: 'true' }]);
  await second.close();
});

test('the database, its log, its index and its backups are for their owner alone, in a folder of others too', async () => {
  const dataDir = await temporaryFolder();
  await chmod(dataDir, 0o777);
  const before = process.umask(0);
  try {
    const { close, file } = await openDatabase(dataDir);
    const rights = async () =>
      Promise.all((await readdir(dataDir)).map(async (name) => [name, (await stat(join(dataDir, name))).mode & 0o777]));
    expect(await rights()).toEqual([
      ['promptdev.db', 0o600],
      ['promptdev.db-shm', 0o600],
      ['promptdev.db-wal', 0o600],
    ]);
    await close();
    // A file of 0.1.0 is converted after a backup.
    await writeFile(file, gunzipSync(readFileSync(new URL('./testing/release-0.1.0.db.gz', import.meta.url))));
    await chmod(file, 0o644);
    await (await openDatabase(dataDir)).close();
    const found = await rights();
    expect(found.map(([name]) => name)).toEqual([
      'device.db',
      'promptdev.db',
      expect.stringContaining('.before-migration-'),
    ]);
    expect(found.every(([, mode]) => mode === 0o600)).toBe(true);
  } finally {
    process.umask(before);
  }
});

test('nobody else in this process opens the database, which would drop the locks that keep its log from being deleted', async () => {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'promptdev.db');
  const { client } = await openTestHost(dataDir);
  await link(file, join(dataDir, 'hard.gguf'));
  await symlink(file, join(dataDir, 'soft.gguf'));
  const names = ['promptdev.db', 'promptdev.db-wal', 'promptdev.db-shm', 'hard.gguf', 'soft.gguf'];
  for (const path of names.map((name) => join(dataDir, name))) {
    const refused = {
      code: 'invalid',
      message: expect.stringContaining('belongs to the database that PromptDev has open'),
    };
    await expect(client.models.addLocal({ path })).rejects.toMatchObject(refused);
    await expect(readRegular(path)).rejects.toMatchObject(refused);
  }
  // Another process that closes as the last one, as far as the locks tell, deletes the log.
  const visit = `const S = require('better-sqlite3'); const d = new S(process.argv[1]); d.prepare('SELECT count(*) FROM prompts').get(); d.close();`;
  expect(spawnSync(process.execPath, ['-e', visit, file], { cwd: import.meta.dirname }).status).toBe(0);
  expect(await readdir(dataDir)).toContain('promptdev.db-wal');
  await client.prompts.create({ name: 'still-saved', content: contentOf('x') });
});

test('a database that was closed is a file like others again', async () => {
  const dataDir = await temporaryFolder();
  const { close, file } = await openDatabase(dataDir);
  await close();
  expect((await readRegular(file)).subarray(0, 6).toString()).toBe('SQLite');
});

test('a log that was emptied costs nothing that was saved: it is in the copy, and the file itself stays whole', async () => {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'promptdev.db');
  const { kysely, guard, close } = await openDatabase(dataDir);
  await kysely.insertInto('settings').values({ key: 'mine', value: 'true' }).execute();
  await truncate(`${file}-wal`);
  await expect(kysely.insertInto('settings').values({ key: 'lost', value: 'true' }).execute()).rejects.toThrow(
    'cut off',
  );
  const copy = await guard.rescue();
  await close();
  for (const [path, keys] of [
    [copy!, ['mine']],
    [file, []],
  ] as const) {
    const sqlite = new SqliteDatabase(path);
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    if (keys.length > 0) expect(sqlite.prepare('SELECT key FROM settings').pluck().all()).toEqual(keys);
    sqlite.close();
  }
});

test('a log that another process has emptied because all of it is in the file is no fault', async () => {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'promptdev.db');
  const { client } = await openTestHost(dataDir);
  await client.prompts.create({ name: 'before', content: contentOf('x'.repeat(50_000)) });
  const empty = `const S = require('better-sqlite3'); const d = new S(process.argv[1]); d.pragma('wal_checkpoint(TRUNCATE)'); d.close();`;
  expect(spawnSync(process.execPath, ['-e', empty, file], { cwd: import.meta.dirname }).status).toBe(0);
  expect((await stat(`${file}-wal`)).size).toBe(0);
  await client.prompts.create({ name: 'after', content: contentOf('y') });
  expect((await client.prompts.list({})).total).toBe(2);
});
