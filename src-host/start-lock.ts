import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 25;
/** Longer than any migration with its backup may take; a lock this old was left by a crash. */
const staleMs = 120_000;

/**
 * Runs `start` while no other process does so for the same data directory: two that open a new workspace at the same moment
 * would both create its tables and samples.
 */
export const withStartLock = async <Result>(dataDir: string, start: () => Promise<Result>): Promise<Result> => {
  const lock = join(dataDir, '.starting');
  for (;;) {
    const attempt = tryLock(dataDir, lock);
    // A directory that cannot be written to: the start itself has the better words for it.
    if (attempt === 'impossible') return start();
    if (attempt === 'locked') break;
    if (isStale(lock)) rmSync(lock, { force: true });
    else await sleep(pollMs);
  }
  try {
    return await start();
  } finally {
    rmSync(lock, { force: true });
  }
};

const tryLock = (dataDir: string, lock: string): 'locked' | 'taken' | 'impossible' => {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch {
    return 'impossible';
  }
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return 'locked';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'taken' : 'impossible';
  }
};

const isStale = (lock: string): boolean => {
  try {
    if (Date.now() - statSync(lock).mtimeMs > staleMs) return true;
    const pid = Number(readFileSync(lock, 'utf8'));
    // Created a moment ago and not yet written.
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};
