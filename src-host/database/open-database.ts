import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Tables } from '../../src-core/database/tables.ts';
import { AppError } from '../../src-core/errors.ts';
import { explain } from './explain-failure.ts';
import { migrations } from './migrations.ts';
import { statementsOf } from './statements.ts';

export interface OpenDatabase {
  readonly file: string;
  readonly kysely: Kysely<Tables>;
  /** For the measured hot paths and for pragmas; the same connection that Kysely uses. */
  readonly sqlite: SqliteDatabase.Database;
  close(): Promise<void>;
}

/**
 * Opens (and creates) `promptdev.db` in `dataDir`: WAL, foreign keys, five seconds of patience with another process,
 * every commit synced to disk. Migrates after a backup. Throws an AppError that names the path.
 */
export async function openDatabase(dataDir: string): Promise<OpenDatabase> {
  makeDataDir(dataDir);
  const file = join(dataDir, 'promptdev.db');
  const sqlite = openFile(file);
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: statementsOf(sqlite, file) }) });
  try {
    await migrate(kysely, sqlite, file);
  } catch (error) {
    await close(kysely, sqlite);
    throw error instanceof AppError ? error : explain(error, file);
  }
  return { file, kysely, sqlite, close: () => close(kysely, sqlite) };
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!statSync(dataDir).isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
  } catch (error) {
    throw explain(error, dataDir);
  }
}

function openFile(file: string): SqliteDatabase.Database {
  try {
    const sqlite = new SqliteDatabase(file, { timeout: 5_000 });
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('temp_store = MEMORY');
    sqlite.pragma('cache_size = -32768');
    return sqlite;
  } catch (error) {
    throw explain(error, file);
  }
}

async function migrate(kysely: Kysely<Tables>, sqlite: SqliteDatabase.Database, file: string): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const known = Object.keys(migrations);
  const applied = appliedMigrations(sqlite);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new AppError(
      'conflict',
      `${file} was written by a newer PromptDev (it has the change "${unknown[0]}", which this version does not know). Install the newer version, or start with another --data-dir.`,
    );
  }
  if (applied.length === known.length) return;
  if (applied.length > 0) backUp(sqlite, file);
  await inOneTransaction(sqlite, async () => {
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  });
}

/**
 * Kysely runs SQLite migrations outside of any transaction, where a kill would leave half of one behind; and of two
 * processes that start at once only one may migrate. The other one waits, and then finds nothing to do.
 */
async function inOneTransaction(sqlite: SqliteDatabase.Database, work: () => Promise<void>): Promise<void> {
  sqlite.exec('BEGIN IMMEDIATE');
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

function backUp(sqlite: SqliteDatabase.Database, file: string): void {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const copy = `${file}.before-migration-${stamp}`;
  if (!existsSync(copy)) sqlite.prepare('VACUUM INTO ?').run(copy);
}

async function close(kysely: Kysely<Tables>, sqlite: SqliteDatabase.Database): Promise<void> {
  try {
    if (sqlite.open) sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // On a full disk the journal stays beside the file, and the next start reads both.
  }
  await kysely.destroy();
  // Kysely closes only what it has used.
  if (sqlite.open) sqlite.close();
}
