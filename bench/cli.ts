/**
 * Processor time (user and system) of a command line as a whole process, on a library of samples: with the compile cache of
 * V8 empty, and with the one that the command before left.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const bin = resolve('bin/promptdev.mjs');
const rounds = 7;
const commands = [['list'], ['show', 'samples/greeting'], ['search', 'sentiment'], ['models', 'list']] as const;

export async function benchCli(): Promise<void> {
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'promptdev-bench-cli-'));
  try {
    // The first start creates the library.
    measure(['list'], folder, join(folder, 'first'));
    console.log(`seconds of processor time, median of ${rounds}; "list" must stay at or under 0.35`);
    for (const args of commands) {
      const cold = median((round) => measure(args, folder, join(folder, `cold-${args[0]}-${round}`)));
      const warm = median(() => measure(args, folder, join(folder, 'warm')));
      console.log(`  promptdev ${args.join(' ').padEnd(24)} cold ${cold.toFixed(2)}  warm ${warm.toFixed(2)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(once: (round: number) => number): number {
  const figures = Array.from({ length: rounds }, (_, round) => once(round)).sort((a, b) => a - b);
  return figures[Math.floor(rounds / 2)] ?? 0;
}

/** The shell's `times` includes child processes; Node reports only its own. */
function measure(args: readonly string[], folder: string, cache: string): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" > /dev/null';
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', process.execPath, bin, ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      LC_ALL: 'C',
      NODE_COMPILE_CACHE: cache,
      PROMPTDEV_DATA_DIR: join(folder, 'data'),
      PROMPTDEV_KEYRING: 'off',
    },
  });
  if (status !== 0) throw new Error(`promptdev ${args.join(' ')} failed: ${stderr}`);
  const [user = 0, system = 0] = stderr.trim().split(/\s+/).map(Number);
  return user + system;
}
