import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

export const bin = resolve('bin/promptdev.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  /** Runs the real program once. */
  (args: readonly string[], input?: string, options?: Pick<SpawnOptions, 'uid' | 'gid'>): Promise<Ended>;
  readonly environment: NodeJS.ProcessEnv;
}

/** The real program, started in a folder with the data directory `data` in it. */
export function programIn(folder: string): Program {
  const environment = { ...process.env, PROMPTDEV_KEYRING: 'off', PROMPTDEV_DATA_DIR: join(folder, 'data') };
  const run = async (args: readonly string[], input = '', options: Pick<SpawnOptions, 'uid' | 'gid'> = {}) => {
    const child = spawn(process.execPath, [bin, ...args], { ...options, env: environment, cwd: folder, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // A command that does not read its input may exit before all is written.
    child.stdin.on('error', () => undefined).end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  };
  return Object.assign(run, { environment });
}
