import { chmodSync, closeSync, openSync } from 'node:fs';

const ownerOnly = 0o600;

/** Removes the permissions of other users; missing files and file systems without permissions are ignored. */
export function keepPrivate(...files: readonly string[]): void {
  for (const file of files) {
    try {
      chmodSync(file, ownerOnly);
    } catch {
      // It does not exist, belongs to somebody else, or the file system has no permissions.
    }
  }
}

/**
 * Creates an empty file that only its owner may read, whatever the umask; an existing one gets the same permissions.
 */
export function createPrivate(file: string): void {
  try {
    // Never opens a file that exists: closing a database file would drop the locks that SQLite holds in this process.
    closeSync(openSync(file, 'wx', ownerOnly));
  } catch {
    // It exists or cannot be created, which opening it will report.
  }
  keepPrivate(file);
}
