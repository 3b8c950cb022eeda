import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin, type Program, programIn } from './testing/program.ts';

let folder: string;
let promptdev: Program;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptdev-odd-'));
  promptdev = programIn(folder);
  await writeFile(join(folder, 'hello.md'), 'Hello');
  await mkdir(join(folder, 'folder'));
  await symlink('loop', join(folder, 'loop'));
  await promptdev(['list']);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const long = (length: number) => 'x'.repeat(length);

test.each<[string[], number, RegExp]>([
  [['list', '--tag', ''], 2, /--tag needs a tag/],
  [['show', ''], 1, /There is no prompt named ""/],
  [['show', 'samples/greeting@999999999999999999999'], 1, /There is no prompt named/],
  [['create', '', '--file', 'hello.md'], 2, /"" cannot be a name\. A name has at least one character\./],
  [['create', long(300), '--file', 'hello.md'], 2, /A name has at most 200 characters\./],
  [['create', 'a\u0001b', '--file', 'hello.md'], 2, /"a<U\+0001>b" cannot be a name/],
  [['create', 'ok', '--file', ''], 2, /The path of a file is empty/],
  [['create', 'ok', '--file', 'folder'], 1, /folder is a folder/],
  [['create', 'ok', '--file', 'hello.md/x'], 1, /hello\.md\/x cannot be read: a part of the path is a file/],
  [['create', 'ok', '--file', 'loop'], 1, /loop cannot be read: it is a symbolic link that leads back to itself/],
  [['create', 'ok', '--file', long(5_000)], 1, /cannot be read: no file can have so long a name/],
  [['create', 'ok', '--file', 'hello.md', '--tag', ''], 1, /"tags\[0\]" /],
  [['create', 'ok', '--file', 'hello.md', '--title', long(300)], 1, /"title" .*200/],
  [['save', 'samples/greeting', '--note', long(20_000)], 1, /"note" .*2,?000/],
  [['restore', ''], 2, /Say which version, as in "support\/refund@3"/],
  [['label', 'samples/greeting@1', '\u001b[2J'], 2, /"<U\+001B>\[2J" cannot be a label/],
  [['search', `${'ab '.repeat(600)}`], 1, /"query" .*1,?000/],
  [['run', 'samples/greeting', '--model', '', '--input', 'name=A'], 1, /"model" /],
  [['compare', 'samples/greeting', '--models', 'starter,'.repeat(60), '--input', 'name=A'], 1, /"models" .*50/],
  [['models', 'add', ''], 2, /Give the path of a GGUF file/],
  [['models', 'add', 'hello.md', '--name', ''], 1, /"name": A name here is/],
  [['models', 'set', 'nope', '--timeout', '3'], 1, /There is no endpoint named "nope"/],
  [['models', 'remove', ''], 1, /"id" /],
  [['models', 'add-endpoint', 'x', '--url', 'http://x', '--timeout', '9'.repeat(30)], 2, /from 1 to 3600/],
  [['serve', '--port', ''], 2, /--port is a whole number from 0 to 65535; "" is not\./],
])('promptdev %j ends with one sentence of ours', async (args, expected, sentence) => {
  const { code, stdout, stderr } = await promptdev(args);
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/Too (?:big|small)|Invalid input|expected string to|\bat .*\.ts:|node:internal/);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each([
  ['list'],
  ['list', '--json'],
  ['log', '--all'],
  ['search', 'a'],
  ['models', 'list'],
  ['render', 'samples/greeting', '--input', 'name=Ada'],
  ['--help'],
])('promptdev %s %s ends quietly when nobody reads on', async (...args) => {
  const child = spawn(process.execPath, [bin, ...args.filter(Boolean)], { env: promptdev.environment, cwd: folder });
  // As `| head -1` does, at the earliest.
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('an error that nobody hears keeps its exit code', async () => {
  const child = spawn(process.execPath, [bin, 'show', 'nope'], { env: promptdev.environment, cwd: folder });
  child.stderr.destroy();
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(1);
});
