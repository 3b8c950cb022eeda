import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { failingDisk } from '../../testing/full-disk.ts';
import { temporaryFolder } from '../../testing/test-host.ts';
import { explain } from './explain-failure.ts';
import { openDatabase } from './open-database.ts';

const failure = (code: string) => new SqliteDatabase.SqliteError('what SQLite says', code);

test.each([
  ['SQLITE_FULL', /is on a disk that is full\. Free some space/],
  ['ENOSPC', /is on a disk that is full\. Free some space/],
  ['EDQUOT', /is over the disk quota of this user\. Free some space or have the quota raised/],
  ['EROFS', /is on a read-only file system\. Make it writable again/],
  ['SQLITE_READONLY', /is read-only\. Change its permissions/],
  ['SQLITE_READONLY_DBMOVED', /is read-only\. Change its permissions/],
  ['SQLITE_IOERR_WRITE', /the disk reports an error\. Check the disk/],
  ['SQLITE_IOERR_FSYNC', /the disk reports an error\. Check the disk/],
  ['SQLITE_CORRUPT_VTAB', /is damaged\. Restore a backup/],
  ['SQLITE_BUSY_SNAPSHOT', /is locked by another program/],
])('%s is said in a sentence that names the file and what to do', async (code, sentence) => {
  const file = join(await temporaryFolder(), 'promptdev.db');
  const explained = explain(failure(code), file) as Error;
  expect(explained).toMatchObject({ code: 'unavailable', message: expect.stringMatching(sentence) });
  expect(explained.message.startsWith(file)).toBe(true);
});

test('an I/O error is looked into: what the system says of a write beside the file is the reason', () => {
  const file = '/proc/self/nowhere/promptdev.db';
  expect(explain(failure('SQLITE_IOERR_WRITE'), file)).toMatchObject({
    message: expect.stringContaining('cannot be created there'),
  });
});

test('a fault of the program is passed on as it is', () => {
  const error = failure('SQLITE_CONSTRAINT_FOREIGNKEY');
  expect(explain(error, '/data/promptdev.db')).toBe(error);
});

test('a name that another writer took meanwhile is a conflict, not a fault of the program', () => {
  expect(explain(failure('SQLITE_CONSTRAINT_UNIQUE'), '/data/promptdev.db')).toMatchObject({ code: 'conflict' });
});

test.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE'])(
  'a transaction that %s ended fails with that, and the next one works',
  async (code) => {
    const disk = failingDisk(await temporaryFolder(), code);
    const { kysely, close } = await openDatabase(disk.folder);
    const insert = () =>
      kysely.transaction().execute(async (trx) => {
        await sql`SELECT 1`.execute(trx);
        await trx.insertInto('projects').values({ id: 'p', name: 'p', created_at: 'now' }).execute();
      });
    disk.fill();
    await expect(insert()).rejects.toMatchObject({ code: 'unavailable', details: { code } });
    disk.empty();
    await insert();
    expect(await kysely.selectFrom('projects').select('name').execute()).toEqual([{ name: 'p' }]);
    await close();
  },
);
