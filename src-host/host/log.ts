import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../src-core/ports.ts';
import { keepPrivate } from '../files/private-file.ts';

const largestBytes = 5 * 1024 * 1024;

/** Appends lines to `host.log` in the data directory; one older file is kept. A log that cannot be written stops nothing. */
export function createFileLog(dataDir: string): Log {
  const file = join(dataDir, 'host.log');
  rotate(file);
  keepPrivate(file);
  // A pipe in its place would be waited for with every line.
  if (!isFileOrFree(file)) return { info: () => undefined, error: () => undefined };
  const write = (level: string, message: string, details: () => string) => {
    try {
      const line = [new Date().toISOString(), level, message, details()].filter((part) => part !== '').join(' ');
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk is reported where a person's work is saved; what cannot be described is not worth more.
    }
  };
  return {
    info: (message, details) => write('info', message, () => (details ? JSON.stringify(details) : '')),
    error: (message, cause) => write('error', message, () => describe(cause)),
  };
}

function describe(cause: unknown): string {
  if (cause === undefined) return '';
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function rotate(file: string): void {
  try {
    if (statSync(file).size > largestBytes) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
}

function isFileOrFree(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
  } catch {
    return false;
  }
}
