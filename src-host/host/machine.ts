import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { cpus, hostname, userInfo } from 'node:os';
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
    computer: computer(),
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

/** Host name, start of the system and process namespace: two containers may share the first two and number alike. */
export function computer(): string {
  const read = (what: () => string): string => {
    try {
      return what().trim();
    } catch {
      // Not Linux: the name has to do.
      return '';
    }
  };
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return [hostname(), boot, read(() => readlinkSync('/proc/self/ns/pid'))].join('/');
}

/** Whether there is a process with that id on this computer. */
export function isAlive(pid: number): boolean {
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
