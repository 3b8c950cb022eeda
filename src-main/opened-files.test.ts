import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFileQueue, openedFiles } from './opened-files.ts';

test('files among the arguments are opened, from where the person stood; switches, folders and the program are not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'promptdev-opened-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['electron', 'a.gguf', 'notes.txt']) writeFileSync(join(folder, name), '');
  const argv = ['electron', '.', '--data-dir', folder, '--flag', 'a.gguf', 'notes.txt', 'gone.GGUF', 'gone.txt'];
  expect(openedFiles(argv, folder)).toEqual(['a.gguf', 'notes.txt', 'gone.GGUF'].map((name) => join(folder, name)));
});

test('a file that is opened before there is a window waits for it', () => {
  const queue = createFileQueue();
  const shown: (readonly string[])[] = [];
  queue.add('/early.gguf');
  queue.follow((paths) => shown.push(paths));
  queue.add('/late.gguf');
  expect(shown).toEqual([['/early.gguf'], ['/late.gguf']]);
});
