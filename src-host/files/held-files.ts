import { type BigIntStats, statSync } from 'node:fs';

/** Paths of files that SQLite has open in this process, each as often as it was opened. */
const held = new Map<string, number>();

/**
 * Registers files that SQLite opens in this process, so that nothing else here opens them: closing any descriptor of a
 * file drops all POSIX locks of the process on it, and another process could then delete the log that this one writes.
 * Returns the function that unregisters them.
 */
export function holdFiles(paths: readonly string[]): () => void {
  for (const path of paths) held.set(path, (held.get(path) ?? 0) + 1);
  return () => {
    for (const path of paths) {
      const times = (held.get(path) ?? 0) - 1;
      if (times > 0) held.set(path, times);
      else held.delete(path);
    }
  };
}

/** Whether a file is one of them, under whichever name. */
export function isHeld({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): boolean {
  for (const path of held.keys()) {
    const now = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (now !== undefined && now.dev === dev && now.ino === ino) return true;
  }
  return false;
}
