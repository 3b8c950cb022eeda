import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { Machine } from '../../src-core/ports.ts';
import { freeMemory } from '../engines/gguf/memory.ts';
import { isUpload } from '../files/uploaded-files.ts';
import { appVersion } from './app-version.ts';

/** This process and this computer; `databaseProblem` says what became of the file. */
export function describeMachine(
  dataDir: string,
  databaseFile: string,
  databaseProblem: () => string | null = () => null,
): Machine {
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
    databaseBytes: () => statSync(databaseFile, { throwIfNoEntry: false })?.size ?? 0,
    memoryBytes: () => process.memoryUsage.rss(),
    freeMemoryBytes: freeMemory,
    databaseProblem,
    fileExists: existsSync,
    isSameFile,
    isUploadedFile: isUpload,
    async deleteManagedFile(path) {
      if (isManagedFile(path)) await rm(path, { force: true });
    },
    environment: (name) => process.env[name],
  };
}

/** Whether two paths lead to one file; of a file that is not there only its own path does. */
function isSameFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
