import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { cpus, userInfo } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { Machine } from '../src-core/ports.ts';
import { appVersion } from './app-version.ts';
import { freeMemory } from './engines/gguf/memory.ts';

/** This process and this computer. */
export function describeMachine(dataDir: string, databaseFile: string): Machine {
  const managed = join(dataDir, 'models');
  const isManagedFile = (path: string) => {
    const inside = relative(managed, path);
    return inside !== '' && !inside.startsWith('..') && !inside.includes(sep);
  };
  return {
    hostId: randomUUID(),
    pid: process.pid,
    appVersion,
    dataDir,
    databaseFile,
    platform: `${process.platform} ${process.arch}`,
    runtime: process.versions.electron ? `Electron ${process.versions.electron}` : `Node ${process.versions.node}`,
    cores: cpus().length,
    userName: userName(),
    databaseBytes: () => statSync(databaseFile, { throwIfNoEntry: false })?.size ?? 0,
    memoryBytes: () => process.memoryUsage.rss(),
    freeMemoryBytes: freeMemory,
    isAlive,
    fileExists: existsSync,
    isManagedFile,
    async deleteManagedFile(path) {
      if (isManagedFile(path)) await rm(path, { force: true });
    },
    environment: (name) => process.env[name],
  };
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'me';
  }
}
