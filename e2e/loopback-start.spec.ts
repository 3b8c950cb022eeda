import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let folder: string;
const running: ChildProcess[] = [];

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promptdev-start-'));
});
test.afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Runs what `npm start -- …` runs, with a data directory of its own. */
const start = (args: readonly string[], dataDir = join(folder, 'data')) => {
  // Node warns on stderr when both are set, as the test runner does.
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...env } = process.env;
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args, '--data-dir', dataDir], {
    cwd: root,
    env: { ...env, PROMPTDEV_KEYRING: 'off', DISPLAY: '', WAYLAND_DISPLAY: '' },
  });
  running.push(child);
  const told = { out: '', err: '' };
  child.stdout.on('data', (text) => {
    told.out += text;
  });
  child.stderr.on('data', (text) => {
    told.err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, told, ended };
};

const ready = /^PromptDev is ready: http:\/\/127\.0\.0\.1:(\d+)\/\S*\n$/;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`--loopback prints one line when it serves, and ${signal} ends it cleanly`, async () => {
    const { child, told, ended } = start(['--loopback', '--no-open']);
    await expect.poll(() => told.out, { timeout: 20_000 }).toMatch(ready);
    const port = ready.exec(told.out)?.[1];
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(401);
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(told.out).toMatch(ready);
    expect(told.err).toBe('');
  });
}

test('without a display it says so in one sentence and prints the address', async () => {
  test.skip(process.platform !== 'linux', 'Only Linux can lack a display.');
  const { told } = start([]);
  await expect.poll(() => told.out, { timeout: 20_000 }).toMatch(/^There is no display .+\.\nPromptDev is ready: /);
});

test('a port in use, a file in place of the data directory and a wrong option are one sentence each', async () => {
  const first = start(['--loopback', '--no-open']);
  await expect.poll(() => first.told.out, { timeout: 20_000 }).toMatch(ready);
  const port = ready.exec(first.told.out)?.[1] ?? '';
  const second = start(['--loopback', '--no-open', '--port', port], join(folder, 'other'));
  expect(await second.ended).toBe(1);
  expect(second.told.err).toBe(`Port ${port} is already in use; choose another, or --port 0 for any free one.\n`);

  const file = join(folder, 'file');
  writeFileSync(file, '');
  const third = start(['--loopback', '--no-open'], file);
  expect(await third.ended).toBe(1);
  expect(third.told.err).toMatch(/^The data directory ".+" is or lies below a file, not a folder; .+\.\n$/);

  const fourth = start(['--lopback']);
  expect(await fourth.ended).toBe(2);
  expect(fourth.told.err).toContain('--lopback');
});

test('two hosts may share a data directory, and each serves its own port', async () => {
  const [first, second] = [start(['--loopback', '--no-open']), start(['--loopback', '--no-open'])];
  await expect.poll(() => first.told.out, { timeout: 20_000 }).toMatch(ready);
  await expect.poll(() => second.told.out, { timeout: 20_000 }).toMatch(ready);
});
