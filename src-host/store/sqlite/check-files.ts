import { accessSync, constants, lstatSync, type Stats, statSync } from 'node:fs';
import { AppError } from '../../../src-core/scope/errors.ts';

const otherwise = 'Move it away or choose another --data-dir.';

/**
 * Refuses what is no regular file under the names that SQLite uses: a pipe or a device would be waited for or written to, and
 * nothing else there can hold a database. Throws one sentence; files that are not there yet are none of its business.
 */
export function checkFiles(file: string): void {
  for (const part of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    const found = kindOf(part);
    if (found === null) continue;
    throw new AppError('invalid', `${part} is ${found}, not a database file. ${otherwise}`, { path: part });
  }
}

/** What stands there in place of a file; null for a regular file and for nothing. */
function kindOf(path: string): string | null {
  try {
    return describe(statSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') return 'a symbolic link that leads back to itself';
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    return code === 'ENOENT' && isLink ? 'a symbolic link to a file that is not there' : null;
  }
}

function describe(stats: Stats): string | null {
  if (stats.isFile()) return null;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** SQLite says of a file that this user may not read only that it cannot be opened. */
export function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') return;
    const sentence = `${file} is not readable for this user. Change its permissions or choose another --data-dir.`;
    throw new AppError('denied', sentence, { path: file });
  }
}
