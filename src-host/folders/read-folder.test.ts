import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryFolder } from '../../src-core/packs/memory-folder.ts';
import { isGlobOf } from './glob.ts';
import { openFolder } from './read-folder.ts';

let parent: string;
let root: string;

const files: Readonly<Record<string, string>> = {
  'config.yaml': 'a: 1',
  'prompts/one.txt': 'One',
  'prompts/deep/two.txt': 'Two',
  'prompts/deep/größe.md': 'Three',
  'tests/a.csv': 'a',
  '.hidden/b.csv': 'b',
  'node_modules/x/y.txt': 'no',
};

beforeAll(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'promptdev-folder-')));
  root = join(parent, 'root');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(parent, 'root-beside'));
  await writeFile(join(parent, 'secret.txt'), 'secret');
  await writeFile(join(parent, 'root-beside', 'secret.txt'), 'secret');
  await symlink(join(parent, 'secret.txt'), join(root, 'link.txt'));
  await symlink('config.yaml', join(root, 'inner-link.yaml'));
  await symlink(parent, join(root, 'up'));
  await symlink('prompts', join(root, 'same'));
  await symlink('loop', join(root, 'loop'));
  await writeFile(join(root, 'long.txt'), Buffer.alloc(4 * 1024 * 1024 + 1, 'x'));
  await writeFile(join(root, 'fits.txt'), Buffer.alloc(4 * 1024 * 1024, 'x'));
  await writeFile(join(root, 'zip.csv'), Buffer.from('504b030414000000', 'hex'));
  await writeFile(join(root, 'image.txt'), Buffer.from('89504e470d0a1a0a', 'hex'));
  await writeFile(join(root, 'mark.txt'), '\uFEFFhi');
  await writeFile(join(root, 'wide.txt'), Buffer.from('\uFEFFhé', 'utf16le'));
  await writeFile(join(root, 'empty.txt'), '');
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(root, 'pipe')]);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

test.each([
  ['config.yaml', 'prompts/one.txt', 'One'],
  ['config.yaml', './prompts/../prompts//deep/./two.txt', 'Two'],
  ['prompts/deep/two.txt', '../one.txt', 'One'],
  ['prompts/one.txt', 'deep/größe.md', 'Three'],
])('what %s calls %s is read', async (from, reference, text) => {
  const folder = await openFolder(root);
  expect(await folder.find(from, reference)).toMatchObject({ kind: 'file', file: { text, encoding: 'utf-8' } });
});

test.each([
  '../secret.txt',
  'prompts/../../secret.txt',
  '../root-beside/secret.txt',
  '../root/config.yaml',
  '/etc/passwd',
  '~/secret.txt',
  'file:///etc/passwd',
  'https://example.com/x',
  'C:\\x.txt',
  '\\\\server\\x',
  'config.yaml\0.txt',
  'link.txt',
  'inner-link.yaml',
  'up/secret.txt',
  'same/one.txt',
  'loop',
  'loop/x',
])('%j leaves the folder and is not read', async (reference) => {
  expect(await (await openFolder(root)).find('config.yaml', reference)).toEqual({ kind: 'outside' });
});

test.each([
  ['none.txt', { kind: 'missing' }],
  ['config.yaml/x', { kind: 'missing' }],
  [`${'x'.repeat(300)}.txt`, { kind: 'missing' }],
  ['prompts', { kind: 'unreadable', why: 'It is a folder.' }],
  ['.', { kind: 'unreadable', why: 'It is a folder.' }],
  ['', { kind: 'unreadable', why: 'It is a folder.' }],
  ['pipe', { kind: 'unreadable', why: 'It is no regular file.' }],
  ['long.txt', { kind: 'unreadable', why: 'It has more than 4 MB.' }],
  ['image.txt', { kind: 'unreadable', why: 'image.txt is a PNG image; choose a text file.' }],
  ['zip.csv', { kind: 'unreadable', why: expect.stringMatching(/^zip\.csv is no CSV but a zip archive/) }],
])('%j is told as what it is', async (reference, found) => {
  if (reference === 'pipe' && process.platform === 'win32') return;
  expect(await (await openFolder(root)).find('config.yaml', reference)).toEqual(found);
});

test('encodings are named, and four megabytes are read', async () => {
  const folder = await openFolder(root);
  expect(await folder.find('x', 'mark.txt')).toMatchObject({ file: { text: 'hi', encoding: 'utf-8-bom' } });
  expect(await folder.find('x', 'wide.txt')).toMatchObject({ file: { text: 'hé', encoding: 'utf-16le' } });
  expect(await folder.find('x', 'empty.txt')).toMatchObject({ file: { text: '' } });
  expect(await folder.find('x', 'fits.txt')).toMatchObject({ kind: 'file' });
});

test('patterns mean the same as in a folder in memory, sorted, without links and packages', async () => {
  const real = await openFolder(root);
  const known = Object.entries(files).filter(([path]) => !path.startsWith('node_modules'));
  const memory = memoryFolder(new Map(known.map(([path, text]) => [path, { path, text, encoding: 'utf-8' }])));
  const patterns = [
    ...['*', '*.yaml', '**', '**/*', '**/*.txt', 'prompts/**', 'prompts/*.txt', 'prompts/**/*.md', 'p*s/*/tw?.txt'],
    ...['**/deep/**', '**/**/two.txt', '*/../config.yaml', '.hidden/*', '[a].txt', 'config.yaml', '../*', '/*'],
  ];
  const own = (paths: readonly string[]) => paths.filter((path) => path in files);
  for (const pattern of patterns)
    expect(own(await real.match('config.yaml', pattern)), pattern).toEqual(await memory.match('config.yaml', pattern));
  expect(own(await real.match('prompts/one.txt', '**/*.txt'))).toEqual(['prompts/deep/two.txt', 'prompts/one.txt']);
  const all = await real.match('config.yaml', '**');
  expect(all).toEqual([...all].sort());
  expect(all.filter((path) => /link|up|same|loop|node_modules|pipe/.test(path))).toEqual([]);
  expect(await real.match('config.yaml', 'up/*')).toEqual([]);
  expect(await real.match('config.yaml', 'node_modules/x/*')).toEqual(['node_modules/x/y.txt']);
});

test('a file of a folder that ends below its path still knows the path, and reaches no further', async () => {
  const folder = await openFolder(join(root, 'prompts'), 'root/prompts');
  const from = 'root/prompts/one.txt';
  expect(await folder.find(from, 'deep/two.txt')).toMatchObject({
    file: { path: 'root/prompts/deep/two.txt', text: 'Two' },
  });
  expect(await folder.find(from, '../prompts/one.txt')).toMatchObject({ kind: 'file' });
  expect(await folder.find(from, '../config.yaml')).toEqual({ kind: 'outside' });
  expect(await folder.match(from, '*')).toEqual(['root/prompts/one.txt']);
  expect(await folder.match(from, '../*')).toEqual([]);
});

test('a folder that is not there is said', async () => {
  await expect(openFolder(join(root, 'none'))).rejects.toThrow(/^The folder .*none cannot be read: ENOENT\.$/);
});

test.each([
  ['*', '', true],
  ['*', 'abc', true],
  ['a*c', 'abbbc', true],
  ['a*c', 'ab', false],
  ['?', '', false],
  ['a?c', 'abc', true],
  ['*.*', 'a.b', true],
  ['**', 'x', true],
  ['a.c', 'abc', false],
])('%s fits %j: %s', (pattern, name, fits) => {
  expect(isGlobOf(pattern, name)).toBe(fits);
});

test('a pattern of many stars takes no longer than others', () => {
  const started = performance.now();
  expect(isGlobOf(`${'*a'.repeat(120)}b`, 'a'.repeat(255))).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
});
