import { chmodSync, closeSync, openSync } from 'node:fs';

const ownerOnly = 0o600;

/** Takes away everybody else's rights; a file that is not there, or a file system without rights, is left as it is. */
export function keepPrivate(...files: readonly string[]): void {
  for (const file of files) {
    try {
      chmodSync(file, ownerOnly);
    } catch {
      // It is not there yet, it is somebody else's, or there are no rights here.
    }
  }
}

/** Makes an empty file that only its owner may read, whatever the umask; one that is there gets the same rights. */
export function createPrivate(file: string): void {
  try {
    // Never opens a file that exists: closing a database file would drop the locks that SQLite holds in this process.
    closeSync(openSync(file, 'wx', ownerOnly));
  } catch {
    // It is there, or cannot be made; who opens it next has the words for that.
  }
  keepPrivate(file);
}
