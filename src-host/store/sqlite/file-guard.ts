import { rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as SqliteDialectDatabase } from 'kysely';
import { AppError } from '../../../src-core/scope/errors.ts';
import { createPrivate } from '../../files/private-file.ts';

/** Watches that the database file is still the one that was opened. */
export interface FileGuard {
  /** One sentence for a person while the file is gone or another one, else null. */
  problem(): string | null;
  /** Throws that sentence as `unavailable`: what would be written now would be lost. */
  check(): void;
  /** Copies everything that the open connection still has beside the file, once; resolves with the copy, or null. */
  rescue(): Promise<string | null>;
}

const happened = {
  gone: 'deleted or moved away',
  replaced: 'replaced by another file',
  'cut off': 'cut off',
} as const;
type Fault = keyof typeof happened;

/**
 * SQLite goes on writing to a file that was deleted or renamed under it, where nobody finds it again. A file or a log that was
 * overwritten in place is noticed when it is empty or shorter than what SQLite knows to be in it.
 */
export function guardFile(sqlite: SqliteDatabase.Database, file: string): FileGuard {
  const parts = [file, `${file}-wal`, `${file}-shm`];
  const opened = new Map<string, string>();
  const log = `${file}-wal`;
  let longest = 0n;
  let longestLog = 0n;
  let rescued: string | null = null;
  let rescuing: Promise<string | null> | null = null;

  const look = (): { readonly fault: Fault; readonly part: string } | null => {
    for (const part of parts) {
      const now = identify(part);
      if (now === 'unknown') continue;
      const then = opened.get(part);
      // The log and its index come with the first use of the file.
      if (then === undefined && now !== null) opened.set(part, now.id);
      else if (then !== undefined && now === null) return { fault: 'gone', part };
      else if (then !== undefined && now?.id !== then) return { fault: 'replaced', part };
      if (part === file && now !== null && isCutOff(now.size)) return { fault: 'replaced', part };
      if (part === log && now !== null && isLogCutOff(now.size)) return { fault: 'cut off', part };
    }
    return null;
  };
  const isCutOff = (size: bigint): boolean => {
    if (size >= longest) {
      longest = size;
      return false;
    }
    if (size === 0n || !sqlite.open) return size === 0n;
    // After a VACUUM it is shorter too, but then SQLite knows.
    const pages = BigInt(sqlite.pragma('page_count', { simple: true }) as number);
    return size < pages * BigInt(sqlite.pragma('page_size', { simple: true }) as number);
  };
  /** What SQLite knows to be in its log, with a header of 32 bytes and of 24 for each page. */
  const isLogCutOff = (size: bigint): boolean => {
    // In a transaction SQLite does not tell; who emptied it just before it began was another host that closed.
    if (size < longestLog && sqlite.open && !sqlite.inTransaction) {
      // It begins anew when everything in it is in the database, as when another host closes; only then has it no pages.
      const [{ log: pages }] = sqlite.pragma('wal_checkpoint(NOOP)') as [{ log: number }];
      const pageBytes = sqlite.pragma('page_size', { simple: true }) as number;
      if (pages > 0 && size < 32n + BigInt(pages) * BigInt(pageBytes + 24)) return true;
    }
    longestLog = size;
    return false;
  };
  const problem = (): string | null => {
    const found = look();
    if (found === null) return null;
    const kept =
      rescued === null
        ? ''
        : ` Everything saved until then is in "${rescued}"; to go on with it, quit PromptDev, give it the name ${basename(file)} in ${dirname(file)} and start again.`;
    const way =
      found.fault === 'gone' && found.part === file
        ? 'Put it back where it was'
        : 'Quit PromptDev and start it again to work with the file that is there now';
    return `"${found.part}" was ${happened[found.fault]} while PromptDev had it open, so nothing more is saved. ${way}.${kept}`;
  };

  look();
  return {
    problem,
    check() {
      const sentence = problem();
      if (sentence !== null) throw new AppError('unavailable', sentence, { path: file });
    },
    rescue() {
      rescuing ??= copyOut(sqlite, file).then((copy) => {
        rescued = copy;
        return copy;
      });
      return rescuing;
    },
  };
}

/** Device and file number, null when there is no such file, `unknown` when the file system does not say. */
function identify(path: string): { readonly id: string; readonly size: bigint } | null | 'unknown' {
  try {
    const { dev, ino, size } = statSync(path, { bigint: true });
    return { id: `${dev}:${ino}`, size };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : 'unknown';
  }
}

async function copyOut(sqlite: SqliteDatabase.Database, file: string): Promise<string | null> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  for (const folder of [dirname(file), homedir()]) {
    const copy = join(folder, `${basename(file)}.rescued-${stamp}-${process.pid}`);
    createPrivate(copy);
    try {
      await sqlite.backup(copy);
      return copy;
    } catch {
      // The folder went with the file, or its disk is full.
      rmSync(copy, { force: true });
    }
  }
  return null;
}

const writes = /^\s*(begin|commit|insert|update|delete|replace)\b/i;

/** Asks the guard before anything is written and before each commit, so that nothing is acknowledged that nobody will find. */
export function guardWrites(
  database: SqliteDialectDatabase,
  guard: FileGuard,
  inTransaction: () => boolean,
): SqliteDialectDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      if (writes.test(text) && (!inTransaction() || text === 'commit')) guard.check();
      return database.prepare(text);
    },
  };
}
