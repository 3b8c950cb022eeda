import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { AppError } from '../../../src-core/scope/errors.ts';

const writable = 'is not writable for this user. Change its permissions or choose another --data-dir.';

const reasons: Readonly<Record<string, string>> = {
  EACCES: writable,
  EPERM: writable,
  EROFS: 'is on a read-only file system. Make it writable again, or choose another --data-dir.',
  ENOTDIR: 'is not a directory. Choose another --data-dir.',
  EEXIST: 'is a file, not a directory. Choose another --data-dir.',
  ENOENT: 'cannot be created there. Choose another --data-dir.',
  ENOSPC: 'is on a disk that is full. Free some space; what was saved before is safe.',
  EDQUOT:
    'is over the disk quota of this user. Free some space or have the quota raised; what was saved before is safe.',
  EIO: 'cannot be read or written: the disk reports an error. Check the disk, and keep a copy of the folder elsewhere.',
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
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return new AppError(
      'conflict',
      'Somebody else has just stored something of the same name. Nothing was overwritten; look again and choose another.',
      undefined,
      error,
    );
  const reason = reasons[causeOf(code, path)];
  return reason === undefined ? error : new AppError('unavailable', `${path} ${reason}`, { path, code }, error);
}

/** What SQLite means in the words of the system: a quota, a full shared-memory file and a dying disk are one "I/O error" to it. */
function causeOf(code: string, path: string): string {
  if (code.startsWith('SQLITE_FULL')) return 'ENOSPC';
  if (!code.startsWith('SQLITE_IOERR')) return reasons[code] === undefined ? baseOf(code) : code;
  const found = tryToWrite(path);
  return found !== null && found in reasons ? found : 'EIO';
}

/** `SQLITE_READONLY_DBMOVED` and the like, as their family. */
function baseOf(code: string): string {
  const family = /^SQLITE_[A-Z]+(?=_)/.exec(code)?.[0];
  return family !== undefined &&
    ['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_CORRUPT', 'SQLITE_BUSY'].includes(family)
    ? family
    : code;
}

/** The system's own code for why nothing can be written beside the file; null when something can. */
function tryToWrite(path: string): string | null {
  const probe = `${path}.probe-${process.pid}`;
  try {
    const file = openSync(probe, 'wx', 0o600);
    try {
      // More than what fits beside the inode, and than what the file system keeps back.
      writeSync(file, Buffer.alloc(64 * 1024));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? null;
  } finally {
    rmSync(probe, { force: true });
  }
}
