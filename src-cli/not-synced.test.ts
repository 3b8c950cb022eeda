import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { programIn } from './testing/program.ts';

test('a version that is not numbered yet says so in every list, and is referred to by its hash', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const promptdev = programIn(folder);
  const output = async (...args: string[]) => {
    const { code, stdout, stderr } = await promptdev(args);
    expect(stderr, args.join(' ')).toBe('');
    expect(code, args.join(' ')).toBe(0);
    return stdout;
  };
  await writeFile(join(folder, 'greet.md'), 'Say hello.\n');
  await output('create', 'greet', '--file', 'greet.md');
  const database = new SqliteDatabase(join(folder, 'data', 'promptdev.db'));
  database.exec("UPDATE workspace SET home = 'elsewhere'");
  database.close();
  await writeFile(join(folder, 'greet.md'), 'Say goodbye.\n');

  const saved = await output('save', 'greet', '--file', 'greet.md');
  const hash = /^v2 · not synced ([0-9a-f]{12}) /.exec(saved)?.[1];
  expect(hash, saved).toBeDefined();
  expect(await output('save', 'greet')).toBe(`unchanged (v2 · not synced ${hash})\n`);
  expect(await output('list')).toMatch(/^greet +v2 · not synced/m);
  expect(await output('show', 'greet')).toContain('greet  v2 · not synced\n');
  expect(await output('log')).toContain(`greet@sha:${hash}`);
  const history = await promptdev(['history', 'greet']);
  expect(history.stdout).toMatch(/^v2 · not synced +[0-9a-f]{12}/m);
  expect(history.stdout).toMatch(/^v1 +[0-9a-f]{12}/m);
  expect(history.stderr).toContain('the number may still become another one');

  expect((await promptdev(['diff', 'greet@1', 'greet@2'])).stderr).toContain('"greet" has no version 2.');
  expect(await output('diff', 'greet@1', `greet@sha:${hash}`)).toContain('+Say goodbye.');
  expect(await output('label', `greet@sha:${hash}`, 'staging')).toBe('staging → v2 · not synced\n');
  expect(await output('label', 'greet')).toMatch(/staging +v2 · not synced/);
});
