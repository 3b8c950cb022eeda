import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScriptedEndpoint, startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import { bin, type Program, programIn } from './testing/program.ts';

const orders =
  '\u001B]0;pwned\u0007\u001B]8;;http://evil\u001B\\x\u001B]52;c;cm0=\u0007\u001B[2J\u009B2J\u009D0;x\u009C\u202Elive';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys
const obeyed = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

let folder: string;
let promptdev: Program;
let endpoint: ScriptedEndpoint;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptdev-shown-'));
  promptdev = programIn(folder);
  endpoint = await startScriptedEndpoint({
    models: {
      orders: { kind: 'answer', text: `An answer ${orders}\u200B`, finishReason: `odd${orders}` },
      refuses: { kind: 'status', status: 400, message: `Refused ${orders}` },
      'cut-off': { kind: 'answer', text: 'One two', finishReason: 'length' },
      filtered: { kind: 'answer', text: '', finishReason: 'content_filter' },
    },
  });
  await promptdev(['models', 'add-endpoint', 'lab', '--url', endpoint.baseUrl]);
  await writeFile(
    join(folder, 'evil.json'),
    JSON.stringify({ messages: [{ role: 'user', content: `Text ${orders}` }] }),
  );
  await promptdev(['create', 'evil', '--file', 'evil.json', '--title', `Title ${orders}`, '--note', `Note ${orders}`]);
}, 60_000);

afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  [['list']],
  [['list', '--json']],
  [['show', 'evil']],
  [['search', 'text']],
  [['history', 'evil']],
  [['log']],
  [['render', 'evil']],
  [['render', 'evil', '--json']],
  [['render', `no${orders}`]],
  [['run', 'evil', '--model', 'lab/orders']],
  [['run', 'evil', '--model', 'lab/orders', '--json']],
  [['run', 'evil', '--model', 'lab/refuses']],
  [['compare', 'evil', '--models', 'lab/orders,lab/refuses']],
  [['compare', 'evil', '--models', 'lab/orders,lab/refuses', '--json']],
  [['models', 'test', 'lab/orders']],
  [['models', 'test', `lab/none${orders}`]],
  [['models', 'list']],
  [[`what${orders}`]],
])('promptdev %j gives a terminal no orders', async (args) => {
  const { stdout, stderr } = await promptdev(args);
  expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(obeyed);
  expect((stdout + stderr).length).toBeGreaterThan(10);
});

test('render --jsonl escapes orders in its answers without a change of their value', async () => {
  const { stdout } = await promptdev(['render', '--jsonl'], `${JSON.stringify({ template: orders })}\n`);
  expect(stdout.trim()).not.toMatch(obeyed);
  expect(JSON.parse(stdout)).toEqual({ output: orders });
});

test('a pipe gets what no terminal obeys as it is, and the exact text with --raw', async () => {
  const run = ['run', 'evil', '--model', 'lab/orders'];
  expect((await promptdev(run)).stdout).toMatch(/^An answer <U\+001B>\]0;pwned<U\+0007>.*live\u200B\n$/s);
  expect((await promptdev([...run, '--raw'])).stdout).toBe(`An answer ${orders}\u200B\n`);
  expect((await promptdev(['render', 'evil', '--raw'])).stdout).toBe(`Text ${orders}\n`);
});

const hasScript = spawnSync('script', ['--version']).status === 0;
test.skipIf(!hasScript)('a terminal gets no exact text, also with --raw', async () => {
  const command = `'${process.execPath}' '${bin}' render evil --raw`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: promptdev.environment, cwd: folder });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  await once(child, 'close');
  expect(screen).toContain('Text <U+001B>]0;pwned');
  expect(screen.replaceAll(/[\r\n]/g, '')).not.toMatch(obeyed);
});

test('an answer that is not simply complete is told on stderr, in one line, and in the totals', async () => {
  const cut = await promptdev(['run', 'evil', '--model', 'lab/cut-off']);
  expect(cut).toMatchObject({ code: 0, stdout: 'One two\n' });
  expect(cut.stderr.split('\n')).toContain('lab/cut-off: cut at max tokens (length).');
  const filtered = await promptdev(['run', 'evil', '--model', 'lab/filtered', '--json']);
  expect(filtered.stderr).toContain('lab/filtered: content filtered (content_filter).\n');

  await writeFile(join(folder, 'rows.csv'), 'a\n1\n2\n');
  const compared = await promptdev(['compare', 'evil', '--models', 'lab/cut-off,lab/echo', '--rows', 'rows.csv']);
  expect(compared.stdout).toMatch(/^lab\/cut-off row 1 \(.*, cut at max tokens\): One two$/m);
  expect(compared.stdout).toMatch(/^lab\/cut-off +2 +0 +2 cut /m);
  expect(compared.stderr).toBe('lab/cut-off: 2 cut, of 2 answers.\n');
});

test('output.ts alone writes to the terminal', async () => {
  const files = await readdir(import.meta.dirname, { recursive: true });
  const writers = [];
  for (const file of files.filter((name) => /(?<!\.test)\.ts$/.test(name))) {
    const source = await readFile(join(import.meta.dirname, file), 'utf8');
    if (/process\.std(?:out|err)\b(?!\.on\()|console\./.test(source)) writers.push(file);
  }
  expect(writers).toEqual(['output.ts']);
});
