import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { onTestFinished } from 'vitest';

/** A disk that a test can fill and empty. */
export interface TestDisk {
  readonly folder: string;
  fill(): void;
  empty(): void;
}

/** Why no small file system can be mounted here; null when one can. */
export function whyNoMount(): string | null {
  if (process.platform !== 'linux') return 'Small file systems are mounted on Linux only.';
  try {
    const folder = mkdtempSync(join(tmpdir(), 'promptdev-mount-'));
    mount(folder, '1m');
    unmount(folder);
    return null;
  } catch {
    return 'This user may not mount a file system.';
  }
}

/** A real file system of a few megabytes, gone when the test is. */
export function smallDisk(): TestDisk {
  const folder = mkdtempSync(join(tmpdir(), 'promptdev-small-disk-'));
  mount(folder, '6m');
  onTestFinished(() => unmount(folder));
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      // What the journal has room for already would still be taken.
      const sqlite = new SqliteDatabase(join(folder, 'promptdev.db'));
      sqlite.pragma('wal_checkpoint(TRUNCATE)');
      sqlite.close();
      fillFile(filler);
    },
    empty: () => rmSync(filler, { force: true }),
  };
}

function fillFile(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (const size of [65_536, 4_096, 1]) writeUntilFull(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function mount(folder: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
}

function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
}

type Prepare = typeof SqliteDatabase.prototype.prepare;

/**
 * A disk that fails where a full one does, wherever tests run: every statement that writes ends the transaction it is in, as
 * SQLite does by itself, and throws what SQLite throws.
 */
export function failingDisk(folder: string, code = 'SQLITE_FULL'): TestDisk {
  const original = SqliteDatabase.prototype.prepare;
  let isFull = false;
  SqliteDatabase.prototype.prepare = function prepare(this: SqliteDatabase.Database, query: string) {
    const statement = original.call(this, query);
    if (!/^\s*(insert|update|delete|create|alter)\b/i.test(query)) return statement;
    for (const name of ['run', 'all', 'get', 'iterate'] as const) {
      const run = statement[name].bind(statement) as (...parameters: unknown[]) => unknown;
      const failing = (...parameters: unknown[]): unknown => {
        if (!isFull) return run(...parameters);
        if (this.inTransaction) this.exec('ROLLBACK');
        throw new SqliteDatabase.SqliteError('database or disk is full', code);
      };
      Object.defineProperty(statement, name, { value: failing });
    }
    return statement;
  } as Prepare;
  onTestFinished(() => {
    SqliteDatabase.prototype.prepare = original;
  });
  return {
    folder,
    fill: () => {
      isFull = true;
    },
    empty: () => {
      isFull = false;
    },
  };
}
