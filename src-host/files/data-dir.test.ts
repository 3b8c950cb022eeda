import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { smallDisk, whyNoMount } from '../testing/full-disk.ts';
import { findDataDir, openDataDir } from './data-dir.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promptdev-data-dir-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

/** Root may write anywhere, so a read-only folder must be tested as another user. */
const asOrdinaryUser = (run: () => void): void => {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
};

test('the flag wins over the environment, and the environment over the platform', () => {
  const env = { PROMPTDEV_DATA_DIR: '/from/environment' };
  expect(findDataDir('/from/flag', env)).toBe('/from/flag');
  expect(findDataDir(undefined, env)).toBe('/from/environment');
  expect(findDataDir(undefined, {})).toMatch(/promptdev/i);
});

test('a relative path is meant from where the person typed it', () => {
  expect(findDataDir('mine', { INIT_CWD: '/home/ada' })).toBe('/home/ada/mine');
});

test('a folder that is missing is made, and nothing is left in it', () => {
  const missing = join(folder, 'a', 'b');
  expect(openDataDir(missing)).toBe(missing);
  expect(readdirSync(missing)).toEqual([]);
});

test('a file in its place is one sentence', () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  expect(() => openDataDir(file)).toThrow(/^The data directory ".+file" is or lies below a file, not a folder; .+\.$/);
  expect(() => openDataDir(join(file, 'below'))).toThrow(/is or lies below a file/);
  expect(existsSync(file)).toBe(true);
});

test('a read-only folder is one sentence', () => {
  chmodSync(folder, 0o555);
  asOrdinaryUser(() => {
    expect(() => openDataDir(folder)).toThrow(/^The data directory ".+" is read-only for you; .+\.$/);
    expect(() => openDataDir(join(folder, 'below'))).toThrow(/is read-only for you/);
  });
});

const noMount = whyNoMount();
test.skipIf(noMount !== null)(`a full disk is one sentence${noMount === null ? '' : ` (skipped: ${noMount})`}`, () => {
  const disk = smallDisk();
  writeFileSync(join(disk.folder, 'promptdev.db'), '');
  disk.fill();
  expect(() => openDataDir(disk.folder)).toThrow(/^The disk of the data directory ".+" is full; .+\.$/);
  expect(readdirSync(disk.folder).filter((name) => name.startsWith('.write-check'))).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'what lies in the folder is neither waited for, written through nor in the way',
  () => {
    execFileSync('mkfifo', [join(folder, '.write-check')]);
    const mine = join(folder, 'mine');
    writeFileSync(mine, 'mine');
    symlinkSync(mine, join(folder, 'link'));
    expect(openDataDir(folder)).toBe(folder);
    rmSync(join(folder, '.write-check'));
    symlinkSync(mine, join(folder, '.write-check'));
    expect(openDataDir(folder)).toBe(folder);
    expect(readFileSync(mine, 'utf8')).toBe('mine');
    expect(readdirSync(folder).sort()).toEqual(['.write-check', 'link', 'mine']);
  },
);
