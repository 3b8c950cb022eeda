import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const startLimitMs = 30_000;

export interface HostOptions {
  readonly dataDir: string;
  /** 0 takes any. */
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real host process that serves the built window. */
export interface RunningHost {
  readonly pid: number;
  readonly port: number;
  /** The address that it printed. */
  readonly url: string;
  /** Ends it; SIGKILL is what a crash looks like to everything else. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts the built host and waits for the line that says it is ready. */
export async function startHost({ dataDir, port, env = {} }: HostOptions): Promise<RunningHost> {
  const args = [join(root, 'out', 'main', 'serve.js'), '--data-dir', dataDir, '--port', String(port), '--no-open'];
  const child = spawn(process.execPath, args, {
    // The channel ends the host when the test runner dies.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, PROMPTDEV_KEYRING: 'off', ...env },
  });
  const url = await readyLine(child);
  return {
    pid: child.pid ?? 0,
    port: Number(new URL(url).port),
    url,
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

const readyLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let errors = '';
    const fail = (why: string) => reject(new Error(`The host ${why}.\n${errors}`));
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not ready within ${startLimitMs / 1_000} s`);
    }, startLimitMs);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.once('exit', (code) => {
      clearTimeout(limit);
      fail(`ended with exit code ${code}`);
    });
    if (!child.stdout) return fail('has no output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^PromptDev is ready: (http:\S+)$/.exec(line)?.[1];
      if (!url) return;
      clearTimeout(limit);
      resolve(url);
    });
  });
