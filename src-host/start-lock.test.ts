import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withStartLock } from './start-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promptdev-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('starts of the same workspace come one after the other', async () => {
  const order: string[] = [];
  const start = (name: string) =>
    withStartLock(folder, async () => {
      order.push(`${name} begins`);
      await sleep(40);
      order.push(`${name} ends`);
    });
  await Promise.all([start('a'), start('b'), start('c')]);
  expect(order.map((step) => step.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
  expect(existsSync(join(folder, '.starting'))).toBe(false);
});

test('a start that fails lets the next one in', async () => {
  await expect(withStartLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withStartLock(folder, async () => 'yes')).toBe('yes');
});

test('a lock that a crash left behind does not lock anybody out', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(join(folder, '.starting'), String(pid));
  expect(await withStartLock(folder, async () => 'process gone')).toBe('process gone');
  writeFileSync(join(folder, '.starting'), String(process.pid));
  utimesSync(join(folder, '.starting'), 0, 0);
  expect(await withStartLock(folder, async () => 'too old')).toBe('too old');
});
