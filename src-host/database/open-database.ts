import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect, type SqliteDatabase as SqliteDialectDatabase } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Tables } from '../../src-core/database/tables.ts';
import { AppError } from '../../src-core/errors.ts';
import { foldCase, foldText } from '../../src-core/search/fold-text.ts';
import { migrations } from './migrations.ts';

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
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: cacheStatements(sqlite) }) });
  try {
    await migrate(kysely, sqlite, file);
  } catch (error) {
    await close(kysely, sqlite);
    throw error instanceof AppError ? error : explain(error, file);
  }
  return { file, kysely, sqlite, close: () => close(kysely, sqlite) };
}

/** Most statements that are kept prepared; the least recently used one goes. */
const keptStatements = 400;

/** Kysely prepares each query anew; preparing costs more than running most of ours. */
function cacheStatements(sqlite: SqliteDatabase.Database): SqliteDialectDatabase {
  const statements = new Map<string, SqliteDatabase.Statement>();
  return {
    close: () => sqlite.close(),
    prepare(text) {
      // A transaction that reads first and writes later fails at once, without patience, when another process wrote meanwhile.
      const query = text === 'begin' ? 'begin immediate' : text;
      const statement = statements.get(query) ?? sqlite.prepare(query);
      statements.delete(query);
      statements.set(query, statement);
      if (statements.size > keptStatements) statements.delete(statements.keys().next().value!);
      return statement as ReturnType<SqliteDialectDatabase['prepare']>;
    },
  };
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
    // SQLite's own lower() knows ASCII only.
    for (const [name, fold] of Object.entries({ fold_case: foldCase, fold_text: foldText })) {
      sqlite.function(name, { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : text));
    }
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
  if (sqlite.open) sqlite.pragma('wal_checkpoint(TRUNCATE)');
  await kysely.destroy();
  // Kysely closes only what it has used.
  if (sqlite.open) sqlite.close();
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'is not writable for this user. Change its permissions or choose another --data-dir.',
  EPERM: 'is not writable for this user. Change its permissions or choose another --data-dir.',
  EROFS: 'is on a read-only file system. Choose another --data-dir.',
  ENOTDIR: 'is not a directory. Choose another --data-dir.',
  EEXIST: 'is a file, not a directory. Choose another --data-dir.',
  ENOENT: 'cannot be created there. Choose another --data-dir.',
  ENOSPC: 'is on a disk that is full. Free some space or choose another --data-dir.',
  SQLITE_FULL: 'is on a disk that is full. Free some space; what was saved before is safe.',
  SQLITE_READONLY: 'is read-only. Change its permissions or choose another --data-dir.',
  SQLITE_READONLY_DIRECTORY: 'is in a read-only directory. Change its permissions or choose another --data-dir.',
  SQLITE_CANTOPEN: 'cannot be opened. Check that its folder exists and is writable, or choose another --data-dir.',
  SQLITE_NOTADB: 'is not a PromptDev database. Move it away or choose another --data-dir.',
  SQLITE_CORRUPT:
    'is damaged. Restore a backup from the same folder (promptdev.db.before-migration-…) or choose another --data-dir.',
  SQLITE_BUSY: 'is locked by another program. Close it and try again.',
};

/** A file or SQLite error as one sentence that names the path; anything else is passed on as it is. */
export function explain(error: unknown, path: string): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const reason =
    reasons[code] ?? (code.startsWith('SQLITE_IOERR') ? 'cannot be read or written: the disk reports an error.' : null);
  return reason === null ? error : new AppError('unavailable', `${path} ${reason}`, { path, code }, error);
}
