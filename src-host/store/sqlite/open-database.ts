import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { Kysely } from 'kysely';
import { foldCase, foldText } from '../../../src-core/content/search-terms/fold-text.ts';
import { terminalText } from '../../../src-core/content/text/terminal-text.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { newId } from '../../../src-core/scope/ids.ts';
import type { DeviceTables } from '../../../src-core/tables/device.ts';
import type { Tables } from '../../../src-core/tables/tables.ts';
import { holdFiles } from '../../files/held-files.ts';
import { createPrivate, keepPrivate } from '../../files/private-file.ts';
import { userName } from '../../files/user-name.ts';
import { checkFiles, checkReadable } from './check-files.ts';
import { sqliteDialect } from './dialect.ts';
import { explain } from './explain-failure.ts';
import { type FileGuard, guardFile, guardWrites } from './file-guard.ts';
import type { DeviceRows } from './legacy/convert.ts';
import { readMemoryCopy } from './memory-copy.ts';
import { deviceFile, type FileKind, workspaceFile } from './migrations.ts';
import { statementsOf } from './statements.ts';

export interface OpenFile<Schema> {
  readonly file: string;
  readonly kysely: Kysely<Schema>;
  /** For the measured hot paths and for pragmas; the same connection that Kysely uses. */
  readonly sqlite: SqliteDatabase.Database;
  /** Whether the open file is still the one under its name. */
  readonly guard: FileGuard;
  close(): Promise<void>;
}

export type OpenDatabase = OpenFile<Tables>;

/**
 * Opens (and creates) `promptdev.db` in `dataDir`: WAL, foreign keys, five seconds of patience with another process,
 * every commit synced to disk. Migrates after a backup, also a file of 0.1.0, which held what is the device's too. Throws an
 * AppError that names the path.
 */
export function openDatabase(dataDir: string): Promise<OpenDatabase> {
  return openKind<Tables>(dataDir, workspaceFile, (sqlite, kysely) => convertFirst(dataDir, sqlite, kysely));
}

/** The same for `device.db`: what belongs to this computer. */
export function openDevice(dataDir: string): Promise<OpenFile<DeviceTables>> {
  return openKind<DeviceTables>(dataDir, deviceFile, async () => undefined);
}

type Convert<Schema> = (
  sqlite: SqliteDatabase.Database,
  kysely: Kysely<Schema>,
) => Promise<(() => Promise<void>) | undefined>;

async function openKind<Schema>(dataDir: string, kind: FileKind, convert: Convert<Schema>): Promise<OpenFile<Schema>> {
  makeDataDir(dataDir);
  const opened = await connect<Schema>(join(dataDir, kind.name));
  const { kysely, sqlite, file, guard } = opened;
  const leave = async (): Promise<void> => {
    // A file that was put in its place is left alone, and what the old one held is kept before it is gone.
    if (guard.problem() !== null) await guard.rescue();
    else checkpoint(sqlite);
    await disconnect(opened);
  };
  try {
    await migrate(kysely, sqlite, file, kind, convert);
  } catch (error) {
    await leave();
    throw error instanceof AppError ? error : explain(error, file);
  }
  return { ...opened, close: leave };
}

/**
 * Opens a file that is there and up to date, and changes nothing on it: what a command that reads needs. Null when it must
 * first be created or migrated, which `openDatabase` does.
 */
export function openCurrentDatabase(dataDir: string): Promise<OpenDatabase | null> {
  return openCurrent<Tables>(dataDir, workspaceFile);
}

/** The same for `device.db`. */
export function openCurrentDevice(dataDir: string): Promise<OpenFile<DeviceTables> | null> {
  return openCurrent<DeviceTables>(dataDir, deviceFile);
}

async function openCurrent<Schema>(dataDir: string, { name, migrations }: FileKind): Promise<OpenFile<Schema> | null> {
  const file = join(dataDir, name);
  if (!existsSync(file)) return null;
  const opened = await connect<Schema>(file).catch((error: unknown) => connectToCopy<Schema>(file, error));
  const leave = () => disconnect(opened);
  let current = false;
  try {
    const known = Object.keys(migrations);
    const applied = appliedMigrations(opened.sqlite);
    current = applied.length === known.length && known.every((migration) => applied.includes(migration));
  } catch (error) {
    await leave();
    throw explain(error, file);
  }
  if (current) return { ...opened, close: leave };
  await leave();
  return null;
}

interface Connection<Schema> extends Omit<OpenFile<Schema>, 'close'> {
  /** Lets others open the files again. */
  readonly letGo: () => void;
}

async function connect<Schema>(file: string): Promise<Connection<Schema>> {
  const letGo = holdFiles([file, `${file}-wal`, `${file}-shm`]);
  const sqlite = await openFile(file).catch((error: unknown) => {
    letGo();
    throw error;
  });
  const guard = guardFile(sqlite, file);
  const database = guardWrites(statementsOf(sqlite, file), guard, () => sqlite.inTransaction);
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect({ database }) });
  return { file, sqlite, guard, kysely, letGo };
}

/** A disk that is full or read-only keeps nobody from reading; what would be written fails as it would have on the file. */
function connectToCopy<Schema>(file: string, problem: unknown): Connection<Schema> {
  const copy = isOfDisk(problem) ? readMemoryCopy(file) : null;
  if (copy === null) throw problem;
  const sqlite = new SqliteDatabase(copy, { readonly: true });
  prepareConnection(sqlite);
  const refuse = () => {
    throw problem;
  };
  const guard: FileGuard = { problem: () => null, check: refuse, rescue: async () => null };
  const database = guardWrites(statementsOf(sqlite, file), guard, () => sqlite.inTransaction);
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect({ database }) });
  return { file, sqlite, guard, kysely, letGo: () => {} };
}

const isOfDisk = (problem: unknown): boolean =>
  problem instanceof AppError && /^SQLITE_(?:CANTOPEN|READONLY|FULL|IOERR)/.test(String(problem.details?.code));

async function disconnect<Schema>({ kysely, sqlite, letGo }: Connection<Schema>): Promise<void> {
  await kysely.destroy();
  // Kysely closes only what it has used.
  if (sqlite.open) sqlite.close();
  letGo();
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!statSync(dataDir).isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
  } catch (error) {
    throw explain(error, dataDir);
  }
}

/** How long SQLite itself waits for another process, milliseconds; the thread stands still meanwhile. */
const busyMs = 5_000;
/** How long a start waits for a program that is changing the file, milliseconds, and when a person is told. */
const patienceMs = 60_000;
const sayAfterMs = 1_000;
const retryMs = 50;

/** Tries again while another program holds the file, and says on stderr what it waits for. */
async function whenFree(sqlite: SqliteDatabase.Database, statement: string): Promise<void> {
  const since = performance.now();
  sqlite.pragma('busy_timeout = 0');
  for (let said = false; ; await sleep(retryMs)) {
    try {
      sqlite.exec(statement);
      sqlite.pragma(`busy_timeout = ${busyMs}`);
      return;
    } catch (error) {
      const waited = performance.now() - since;
      if (!(error as { code?: string }).code?.startsWith('SQLITE_BUSY') || waited > patienceMs) throw error;
      if (said || waited < sayAfterMs) continue;
      said = true;
      process.stderr.write(`${terminalText(`Waiting for another program that is changing ${sqlite.name}.`)}\n`);
    }
  }
}

async function openFile(file: string): Promise<SqliteDatabase.Database> {
  checkFiles(file);
  // SQLite would make it readable for others where the folder is; its log and index take over the rights of the file.
  if (!existsSync(file)) createPrivate(file);
  keepPrivate(file, `${file}-wal`, `${file}-shm`);
  let sqlite: SqliteDatabase.Database | undefined;
  try {
    const opened = new SqliteDatabase(file, { timeout: busyMs });
    sqlite = opened;
    // The first use of a new file needs it alone, for which SQLite does not wait by itself.
    await whenFree(opened, 'PRAGMA journal_mode = WAL');
    opened.pragma('synchronous = FULL');
    opened.pragma('foreign_keys = ON');
    // What is deleted is overwritten, also in pages that are given back.
    opened.pragma('secure_delete = ON');
    prepareConnection(opened);
    return opened;
  } catch (error) {
    sqlite?.close();
    checkReadable(file);
    throw explain(error, file);
  }
}

function prepareConnection(sqlite: SqliteDatabase.Database): void {
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('cache_size = -32768');
  // SQLite's own lower() knows ASCII only.
  for (const [name, fold] of Object.entries({ fold_case: foldCase, fold_text: foldText })) {
    sqlite.function(name, { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : text));
  }
}

async function migrate<Schema>(
  kysely: Kysely<Schema>,
  sqlite: SqliteDatabase.Database,
  file: string,
  { migrations }: FileKind,
  convert: Convert<Schema>,
): Promise<void> {
  const known = Object.keys(migrations);
  const isCurrent = (): boolean => {
    const applied = appliedMigrations(sqlite);
    const unknown = applied.filter((name) => !known.includes(name) && !isOfFirst(name));
    if (unknown.length > 0) {
      throw new AppError(
        'conflict',
        `${file} was written by a newer PromptDev (it has the change "${unknown[0]}", which this version does not know). Install the newer version, or start with another --data-dir.`,
      );
    }
    return known.every((name) => applied.includes(name));
  };
  if (isCurrent()) return;
  await inOneTransaction(sqlite, async () => {
    // Another process may have migrated while this one waited.
    if (isCurrent()) return;
    if (appliedMigrations(sqlite).length > 0) backUp(file);
    const finish = await convert(sqlite, kysely);
    await migrateTo(kysely, migrations);
    await finish?.();
  });
}

async function migrateTo<Schema>(kysely: Kysely<Schema>, migrations: FileKind['migrations']): Promise<void> {
  const { Migrator } = await import('kysely/migration');
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** The changes that a file of 0.1.0, or of the time after it, went through; the code for them is loaded for such a file alone. */
function isOfFirst(name: string): boolean {
  return /^0001-foundation$|^000[2-8]-(history|runs|endpoints|run-texts|search|typed|leases)$/.test(name);
}

/** Puts the tables of a file of 0.1.0 aside; what is returned fills the new ones from them. */
async function convertFirst(dataDir: string, sqlite: SqliteDatabase.Database, kysely: Kysely<Tables>) {
  if (!appliedMigrations(sqlite).some(isOfFirst)) return undefined;
  const [{ legacyMigrations }, { convert, setTablesAside }] = await Promise.all([
    import('./legacy/legacy-migrations.ts'),
    import('./legacy/convert.ts'),
  ]);
  await migrateTo(kysely, legacyMigrations);
  setTablesAside(sqlite);
  return async () => {
    const now = new Date().toISOString();
    const ids = { workspaceId: newId(), personId: newId(), deviceId: newId() };
    const rows = convert(sqlite, { ...ids, now, userName: userName() });
    // The device's file first: a kill between the two leaves all of it where it was, and it is done again.
    await fillDevice(dataDir, rows);
  };
}

/** What is there already stays: it is other workspaces', or an earlier try's, whose person nobody will be. */
async function fillDevice(dataDir: string, rows: DeviceRows): Promise<void> {
  const { sqlite, close } = await openDevice(dataDir);
  try {
    sqlite
      .transaction(() => {
        for (const [table, values] of Object.entries(rows))
          for (const row of values) {
            const columns = Object.keys(row);
            const places = columns.map((name) => `@${name}`).join(', ');
            sqlite.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${places})`).run(row);
          }
      })
      .immediate();
  } finally {
    await close();
  }
}

/**
 * Kysely runs SQLite migrations outside of any transaction, where a kill would leave half of one behind; and of two
 * processes that start at once only one may migrate. The other one waits, and then finds nothing to do.
 */
async function inOneTransaction(sqlite: SqliteDatabase.Database, work: () => Promise<void>): Promise<void> {
  await whenFree(sqlite, 'BEGIN IMMEDIATE');
  try {
    await work();
    sqlite.exec('COMMIT');
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

function appliedMigrations(sqlite: SqliteDatabase.Database): string[] {
  const table = sqlite.prepare("SELECT name FROM sqlite_master WHERE name = 'kysely_migration'").get();
  if (!table) return [];
  return sqlite.prepare('SELECT name FROM kysely_migration ORDER BY name').pluck().all() as string[];
}

/** Reads on a connection of its own, because the other one is in the transaction that migrates. */
function backUp(file: string): void {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const copy = `${file}.before-migration-${stamp}`;
  // A kill leaves no half of a copy under the name of a whole one.
  const unfinished = `${copy}.unfinished`;
  // One process at a time is here, so what others left is left for good.
  for (const name of readdirSync(dirname(file)))
    if (name.startsWith(`${basename(file)}.before-migration-`) && name.includes('.unfinished'))
      rmSync(join(dirname(file), name), { force: true });
  const sqlite = new SqliteDatabase(file, { readonly: true });
  try {
    createPrivate(unfinished);
    sqlite.prepare('VACUUM INTO ?').run(unfinished);
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    sqlite.close();
  }
}

function checkpoint(sqlite: SqliteDatabase.Database): void {
  try {
    if (sqlite.open) sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // On a full disk the journal stays beside the file, and the next start reads both.
  }
}
