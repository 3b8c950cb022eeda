import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { AppError } from '../../src-core/scope/errors.ts';

/** Where the workspace lives: the flag, else `PROMPTDEV_DATA_DIR`, else the platform's folder for application data. */
export function findDataDir(flag: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const chosen = flag || env.PROMPTDEV_DATA_DIR;
  if (!chosen) return envPaths('promptdev', { suffix: '' }).data;
  // npm scripts run in the project's folder, but a relative path is meant from where the person typed it.
  return isAbsolute(chosen) ? chosen : resolve(env.INIT_CWD ?? process.cwd(), chosen);
}

/** Makes the data directory when it is not there and proves that it can be written to; throws one sentence when it cannot. */
export function openDataDir(flag: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const folder = findDataDir(flag, env);
  // A unique name and exclusive creation: two processes may start at once, and an existing pipe would block.
  const probe = join(folder, `.write-check-${randomUUID()}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    writeFileSync(probe, 'PromptDev checks that it can write here.\n', { mode: 0o600, flag: 'wx' });
    rmSync(probe);
  } catch (thrown) {
    // On a full disk the file can be created but not written.
    if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') rmSync(probe, { force: true });
    throw dataDirError(folder, thrown as NodeJS.ErrnoException);
  }
  return folder;
}

const other = 'choose another with --data-dir';

const dataDirError = (folder: string, error: NodeJS.ErrnoException): AppError => {
  switch (error.code) {
    case 'ENOTDIR':
    case 'EEXIST':
      return new AppError('invalid', `The data directory "${folder}" is or lies below a file, not a folder; ${other}.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'denied',
        `The data directory "${folder}" is read-only for you; make it writable or ${other}.`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'unavailable',
        `The disk of the data directory "${folder}" is full; free some space or ${other}.`,
      );
    default:
      return new AppError(
        'unavailable',
        `The data directory "${folder}" cannot be used (${error.code ?? error.message}); ${other}.`,
      );
  }
};
