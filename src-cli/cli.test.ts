import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScriptedEndpoint, startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import { bin, type Program, programIn } from './testing/program.ts';

let folder: string;
let promptdev: Program;
let endpoint: ScriptedEndpoint;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptdev-cli-'));
  promptdev = programIn(folder);
  endpoint = await startScriptedEndpoint();
});

afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

test('a first session: create, list, show, render, run', async () => {
  await writeFile(
    join(folder, 'hello.md'),
    '---\ntitle: Hello\ntags: [demo]\ninputs:\n  - name: name\n    type: string\n---\nSay hello to {{ name }}.\n',
  );
  expect(await promptdev(['create', 'demo/hello', '--file', 'hello.md'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Created demo\/hello \(v1, [0-9a-f]{12}\)\.\n$/),
  });
  const list = JSON.parse((await promptdev(['list', '--json'])).stdout) as { name: string; tags: string[] }[];
  expect(list.find((prompt) => prompt.name === 'demo/hello')).toMatchObject({
    title: 'Hello',
    tags: ['demo'],
    latestVersion: 1,
  });
  expect((await promptdev(['show', 'demo/hello'])).stdout).toContain('[user]\nSay hello to {{ name }}.');
  expect(await promptdev(['render', 'demo/hello', '--vars', '{"name":"Ada"}'])).toEqual({
    code: 0,
    stdout: 'Say hello to Ada.\n',
    stderr: '',
  });
  const run = await promptdev(['run', 'demo/hello', '--model', 'starter', '--vars', '{"name":"Ada"}']);
  expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/^starter · \d+ → \d+ tokens/) });
  expect(run.stdout.length).toBeGreaterThan(3);
  const stored = JSON.parse(
    (await promptdev(['run', 'demo/hello@1', '--model', 'starter', '--vars', '{"name":"Ada"}', '--json'])).stdout,
  ) as object;
  expect(stored).toMatchObject({ status: 'succeeded', versionNumber: 1, inputs: { name: 'Ada' } });
});

test('render --jsonl answers every line in order, good or bad, and goes on', async () => {
  const lines = [
    '{"template":"Hi {{ name }}","vars":{"name":"Ada"}}',
    'not json',
    '{"template":"line one\\n{% if %}","vars":{}}',
    '{"template":"{% include \\"part\\" %}!","includes":{"part":"in"}}',
    '{"template":"{{ 1 + 2 }}"}',
    '{"template":"hi {{ a.b }}","syntax":"liquid","vars":{"a":{"b":"x"}}}',
  ];
  const { code, stdout } = await promptdev(['render', '--jsonl'], `${lines.join('\n')}\n`);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(code).toBe(0);
  expect(answers).toEqual([
    { output: 'Hi Ada' },
    { error: { code: 'invalid', message: expect.stringMatching(/^Line 2 is not valid JSON: /) } },
    { error: { code: 'invalid', message: expect.any(String), line: 2, column: 7 } },
    { output: 'in!' },
    { output: '3' },
    { output: 'hi x' },
  ]);
});

test('render --file reads a file or standard input', async () => {
  expect(await promptdev(['render', '--file', '-', '--vars', '{"n":2}'], 'n is {{ n + 1 }}')).toMatchObject({
    code: 0,
    stdout: 'n is 3\n',
  });
  await writeFile(join(folder, 'vars.yaml'), 'n: 4\n');
  expect(await promptdev(['render', '--file', '-', '--vars', '@vars.yaml'], '{{ n }}')).toMatchObject({
    code: 0,
    stdout: '4\n',
  });
});

test('render --jsonl takes a byte order mark, CRLF, empty lines and long ones, and answers while lines still come', async () => {
  const long = JSON.stringify({ template: '{{ text | length }}', vars: { text: 'x'.repeat(900_000) } });
  const input = `\uFEFF{"template":"a\\r\\nb"}\r\n\r\n   \r\n${long}\r\n{"template":"{{ x }}"}`;
  const { code, stdout } = await promptdev(['render', '--jsonl', '--strict'], input);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(code).toBe(0);
  expect(answers).toMatchObject([
    { output: 'a\nb' },
    { output: '900000' },
    { error: { message: '"x" is undefined.' } },
  ]);

  const env = { ...process.env, PROMPTDEV_KEYRING: 'off' };
  const child = spawn(process.execPath, [bin, 'render', '--jsonl'], { env, cwd: folder });
  for (const word of ['one', 'two']) {
    child.stdin.write(`{"template":"${word}"}\n`);
    const [answer] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(answer.toString())).toEqual({ output: word });
  }
  child.stdin.end();
  await once(child, 'close');
});

test('input values come from a file, JSON and single values, the later ones winning, and all problems are said at once', async () => {
  await writeFile(
    join(folder, 'typed.md'),
    '---\ninputs:\n  - { name: count, type: number }\n  - { name: tone, type: enum, values: [dry, warm] }\n  - { name: loud, type: boolean, default: false }\n---\n{{ count + 1 }} {{ tone }} {{ loud }}',
  );
  await writeFile(join(folder, 'values.yaml'), 'count: 1\ntone: dry\n');
  const render = (...args: string[]) => promptdev(['render', '--file', 'typed.md', ...args]);
  expect(
    await render('--inputs', 'values.yaml', '--vars', '{"count":2,"loud":true}', '--input', 'count= 3e1 '),
  ).toMatchObject({ code: 0, stdout: '31 dry True\n' });
  expect(await render('--input', 'count=many', '--input', 'tone=cold')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'error: Input "count": expected number, but "many" came (a string). Input "tone": expected one of "dry", "warm", but "cold" came (a string).\n',
  });
  expect(await promptdev(['render', '-', '--strict', '--input', 'a=1'], 'one {{ a }}\n{{ b }}')).toMatchObject({
    code: 1,
    stderr: 'error: line 2: "b" is undefined.\n',
  });
  expect(await promptdev(['render', 'typed.md'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--file') });
  expect((await promptdev(['render', 'demo/hello@1', '--input', 'name=Ada'])).stdout).toBe('Say hello to Ada.\n');
  const including = '{% include "demo/hello" %}{% include "no/such" ignore missing %}!';
  expect((await promptdev(['render', '-', '--input', 'name=Ada'], including)).stdout).toBe('Say hello to Ada.\n!\n');
  expect(await promptdev(['render', '-'], '\n{% include "no/such" %}')).toMatchObject({
    code: 1,
    stderr: 'error: line 2: There is no template "no/such".\n',
  });
});

test('an endpoint is added, tested, asked by any of its model names, and removed', async () => {
  expect(await promptdev(['models', 'add-endpoint', 'lab', '--url', endpoint.baseUrl])).toMatchObject({ code: 0 });
  expect((await promptdev(['models', 'test', 'lab'])).stdout).toContain('lab/echo');
  expect((await promptdev(['models', 'test', 'lab/echo'])).stdout).toMatch(/^lab\/echo answers in \d+ ms/);
  expect((await promptdev(['run', 'demo/hello', '--model', 'lab/echo', '--vars', '{"name":"Ada"}'])).stdout).toContain(
    'Say hello to Ada.',
  );
  const thinking = await promptdev([
    'run',
    'demo/hello',
    '--model',
    'lab/thinks',
    '--vars',
    '{"name":"Ada"}',
    '--reasoning',
  ]);
  expect(thinking).toMatchObject({ stdout: 'Forty-two.\n', stderr: expect.stringMatching(/^The question is short/) });
  expect(await promptdev(['models', 'test', 'lab/fail-500'])).toMatchObject({ code: 1 });
  expect((await promptdev(['models', 'list'])).stdout).toContain(endpoint.baseUrl);
  await writeFile(join(folder, 'rows.csv'), 'name\nAda\nGrace\n');
  const compared = await promptdev([
    'compare',
    'demo/hello',
    '--models',
    'lab/echo,starter-q8',
    '--rows',
    'rows.csv',
    '--concurrency',
    '2',
    '--json',
  ]);
  expect(compared.code).toBe(0);
  const { cells, totals } = JSON.parse(compared.stdout) as {
    cells: { status: string; modelId: string; output: string }[];
    totals: object[];
  };
  expect(cells.map((cell) => [cell.modelId, cell.status])).toEqual([
    ['lab/echo', 'succeeded'],
    ['starter-q8', 'succeeded'],
    ['lab/echo', 'succeeded'],
    ['starter-q8', 'succeeded'],
  ]);
  expect(cells[2]?.output).toContain('Grace');
  expect(totals).toHaveLength(2);
  expect(
    await promptdev(['compare', 'demo/hello', '--models', 'lab/echo,lab/fail-400', '--vars', '{"name":"x"}']),
  ).toMatchObject({ code: 1, stderr: expect.stringContaining('1 of 2 cells failed') });
  expect(await promptdev(['models', 'remove', 'lab'])).toMatchObject({ code: 0 });
});

test.each([
  [
    [
      'compare',
      'demo/hello',
      '--models',
      Array.from({ length: 51 }, (_, index) => `lab/m${index}`).join(),
      '--vars',
      '{"name":"x"}',
    ],
    'error: "models" may have at most 50 entries, not 51.\n',
  ],
  [['search', 'x'.repeat(1_001)], 'error: "query" may have at most 1,000 characters, not 1,001.\n'],
])('what is more than the contract allows is said in a sentence with its limit: %#', async (args, stderr) => {
  expect(await promptdev(args)).toMatchObject({ code: 1, stdout: '', stderr });
});

test('an answer that calls tools says which, in run and in compare', async () => {
  await writeFile(join(folder, 'calls.md'), 'What is the weather?\n');
  await promptdev(['create', 'demo/calls', '--file', 'calls.md']);
  await promptdev(['models', 'add-endpoint', 'calls', '--url', endpoint.baseUrl]);
  const calling = await promptdev(['run', 'demo/calls', '--model', 'calls/tools']);
  expect(calling).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('calls/tools calls get_weather({"city":"Bergen"})\n'),
  });
  const called = ['compare', 'demo/calls', '--models', 'calls/tools'];
  expect((await promptdev(called)).stdout).toMatch(/^calls\/tools \(.*\): calls get_weather\(\{"city":"Bergen"\}\)$/m);
  expect(JSON.parse((await promptdev([...called, '--json'])).stdout)).toMatchObject({
    cells: [{ output: '', toolCalls: [{ name: 'get_weather', arguments: '{"city":"Bergen"}' }] }],
  });
});

test('how an endpoint is asked and what a model is never sent is set, shown and taken back', async () => {
  await writeFile(join(folder, 'sent.md'), 'Say hello.\n');
  await promptdev(['create', 'demo/sent', '--file', 'sent.md']);
  await promptdev(['models', 'add-endpoint', 'lab', '--url', endpoint.baseUrl, '--timeout', '30', '--retries', '0']);
  const set = (...options: string[]) => promptdev(['models', 'set', ...options]);
  expect(await set('lab', '--idle-timeout', '7', '--concurrency', '3')).toMatchObject({
    code: 0,
    stdout: `lab at ${endpoint.baseUrl}: first byte 30 s, between bytes 7 s, 3 at once, 0 retries.\n`,
  });
  expect((await promptdev(['models', 'list'])).stdout).toContain('first byte 30 s, between bytes 7 s');
  const run = () => promptdev(['run', 'demo/sent', '--model', 'lab/echo', '--json']);
  expect((await set('lab/echo', '--never-send', 'stream_options,system')).stdout).toBe(
    'lab/echo: never sent: system, stream_options.\n',
  );
  expect((await promptdev(['models', 'list'])).stdout).toMatch(/lab\/echo .*never sent: system, stream_options/);
  expect(JSON.parse((await run()).stdout)).toMatchObject({ status: 'succeeded' });
  expect(endpoint.requests.at(-1)?.body).not.toHaveProperty('stream_options');
  expect((await set('lab/echo', '--send', 'system,stream_options')).stdout).toBe('lab/echo: everything is sent.\n');
  // The next process knows what this one learned.
  await promptdev(['run', 'demo/sent', '--model', 'lab/no-stream-options']);
  const before = endpoint.requests.length;
  await promptdev(['run', 'demo/sent', '--model', 'lab/no-stream-options']);
  expect(endpoint.requests.length - before).toBe(1);
  expect((await set('lab/no-stream-options', '--forget-refused')).stdout).toBe(
    'lab/no-stream-options: everything is sent.\n',
  );
  await promptdev(['models', 'remove', 'lab']);
});

const wrongSettings = [
  [['lab'], 2, /Nothing to change/],
  [['lab/echo'], 2, /Nothing to change/],
  [['lab', '--never-send', 'seed'], 2, /lab is an endpoint; --never-send, --send and --forget-refused are for a model/],
  [
    ['lab/echo', '--timeout', '5'],
    2,
    /lab\/echo is a model; waits, limits and the URL are settings of its endpoint lab/,
  ],
  [
    ['lab/echo', '--never-send', 'temprature'],
    2,
    /"temprature" is no field of a request; --never-send takes temperature, top_p/,
  ],
  [['lab', '--timeout', 'soon'], 2, /--timeout is a whole number of seconds from 1 to 3600; "soon" is not/],
  [['lab', '--idle-timeout', '0'], 2, /--idle-timeout is a whole number of seconds from 1 to 3600/],
  [['lab', '--url', 'nonsense'], 1, /"nonsense" is not a URL/],
  [['starter', '--never-send', 'seed'], 1, /"starter" runs on this computer/],
  [['nobody/x', '--never-send', 'seed'], 1, /There is no model "nobody\/x"/],
] as const;

test('what cannot be meant by "models set" ends with a sentence', async () => {
  await promptdev(['models', 'add-endpoint', 'lab', '--url', endpoint.baseUrl]);
  for (const [args, code, message] of wrongSettings)
    expect(await promptdev(['models', 'set', ...args])).toMatchObject({ code, stderr: expect.stringMatching(message) });
  await promptdev(['models', 'remove', 'lab']);
}, 120_000);

test('a GGUF is added by a path relative to where one stands', async () => {
  await writeFile(
    join(folder, 'tiny.gguf'),
    Buffer.concat([await readFile('resources/models/promptdev-starter-q8_0.gguf'), Buffer.alloc(32)]),
  );
  expect((await promptdev(['models', 'add', 'tiny.gguf', '--name', 'tiny'])).stdout).toMatch(
    /^Added local\/tiny: llama, Q8_0, 3\.7 MiB, context 512\./,
  );
  expect((await promptdev(['models', 'test', 'local/tiny'])).code).toBe(0);
  expect((await promptdev(['models', 'remove', 'local/tiny'])).code).toBe(0);
});

test.each([
  [['frobnicate'], 2],
  [['show'], 2],
  [['render'], 2],
  [['render', 'a', '--jsonl'], 2],
  [['render', '--file', 'nowhere.md'], 1],
  [['render', '--file', '-', '--vars', '[1]'], 2],
  [['render', '--file', '-', '--vars', '{'], 2],
  [['render', '--file', '-', '--inputs', '-'], 2],
  [['render', '-', '--input', 'nothing'], 2],
  [['render', '-', '--vars', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`], 2],
  [['render', '-', '--inputs', 'nowhere.json'], 1],
  [['render', 'demo/hello@99'], 1],
  [['compare', 'demo/hello', '--models', 'starter', '--rows', '-', '--input', 'a=b'], 2],
  [['create', 'Bad Name', '--file', 'hello.md'], 2],
  [['create', 'demo/hello', '--file', 'hello.md'], 1],
  [['run', 'no/such', '--model', 'starter'], 1],
  [['run', 'demo/hello', '--model', 'no/such', '--vars', '{"name":"x"}'], 1],
  [['run', 'demo/hello', '--model', 'starter'], 1],
  [['run', 'demo/hello@99', '--model', 'starter'], 1],
  [['compare', 'demo/hello', '--models', ',', '--vars', '{"name":"x"}'], 2],
  [['compare', 'demo/hello', '--models', 'starter', '--concurrency', 'lots'], 2],
  [['models', 'add', 'nowhere.gguf'], 1],
  [['models', 'add', '.'], 1],
  [['models', 'add-endpoint', 'x', '--url', 'nonsense'], 1],
  [['serve', '--port', '99999'], 2],
  [['save', 'Bad Name', '--file', 'hello.md'], 2],
  [['save', 'demo/hello', '--file', 'nowhere.md'], 1],
  [['history', 'no/such'], 1],
  [['diff', 'demo/hello@99'], 1],
  [['diff'], 2],
  [['label', 'demo/hello@1', 'latest'], 2],
  [['label', 'demo/hello@1', 'staging', '--remove', 'staging'], 2],
  [['label', 'demo/hello', '--remove', 'staging'], 1],
  [['restore', 'demo/hello'], 2],
  [['search', 'updated:soon'], 1],
  [['list', '--data-dir', '/dev/null/x'], 1],
] as const)('%j exits %i with one line that says why', async (args, expected) => {
  const { code, stdout, stderr } = await promptdev(args);
  expect(code).toBe(expected);
  expect(stdout).toBe('');
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr.length).toBeGreaterThan(20);
});

test('versions on the command line: save, history, diff, label, restore, search, log', async () => {
  await writeFile(join(folder, 'v1.md'), 'Answer {{ name }}\n');
  await writeFile(join(folder, 'v2.md'), 'Answer {{ name }} kindly\n');
  const name = 'demo/versions';
  expect((await promptdev(['save', name, '--file', 'v1.md'])).stdout).toMatch(/^v1 [0-9a-f]{12} First version\n$/);
  expect((await promptdev(['save', name, '--file', 'v1.md'])).stdout).toMatch(/^unchanged \(v1 /);
  expect((await promptdev(['save', name, '--file', 'v2.md', '--note', 'Kinder'])).stdout).toMatch(/^v2 .* Kinder\n$/);
  const history = JSON.parse((await promptdev(['history', name, '--json'])).stdout) as object[];
  expect(history).toMatchObject([
    { number: 2, note: 'Kinder', labels: ['latest'] },
    { number: 1, note: 'First version' },
  ]);
  expect((await promptdev(['diff', `${name}@1`, `${name}@2`])).stdout).toContain(
    '-Answer {{ name }}\n+Answer {{ name }} kindly\n',
  );
  expect(await promptdev(['label', `${name}@1`, 'production'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--yes'),
  });
  expect((await promptdev(['label', `${name}@1`, 'production', '--yes'])).stdout).toBe('production → v1\n');
  expect((await promptdev(['label', name, '--rollback', 'production', '--yes'])).stdout).toBe('production → unset\n');
  expect((await promptdev(['restore', `${name}@1`])).code).toBe(0);
  expect((await promptdev(['diff', name])).stdout).toContain('+Answer {{ name }}\n');
  const found = JSON.parse((await promptdev(['search', 'kindl', '--json'])).stdout) as object[];
  expect(found).toMatchObject([{ kind: 'version', name, versionNumber: 2 }]);
  const log = JSON.parse((await promptdev(['log', '--all', '--json'])).stdout) as { name: string; number: number }[];
  expect(log.slice(0, 2)).toMatchObject([
    { name, number: 2 },
    { name, number: 1 },
  ]);
  expect(log.some((version) => version.name === 'samples/greeting')).toBe(true);
});

test('Ctrl+C cancels a run, keeps it, and closes cleanly', async () => {
  await promptdev(['models', 'add-endpoint', 'lab', '--url', endpoint.baseUrl]);
  const env = { ...process.env, PROMPTDEV_KEYRING: 'off', PROMPTDEV_DATA_DIR: join(folder, 'data') };
  const child = spawn(
    process.execPath,
    [bin, 'run', 'demo/hello', '--model', 'lab/endless', '--vars', '{"name":"x"}'],
    { env, cwd: folder },
  );
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
});

test('Ctrl+C ends a comparison whose database is gone, so that nothing waits for ever to be written', async () => {
  const dataDir = join(folder, 'gone');
  const env = { ...process.env, PROMPTDEV_KEYRING: 'off', PROMPTDEV_DATA_DIR: dataDir };
  const start = (args: readonly string[]) => spawn(process.execPath, [bin, ...args], { env, cwd: folder });
  await writeFile(join(folder, 'gone.txt'), 'Hello');
  for (const args of [
    ['models', 'add-endpoint', 'lab', '--url', endpoint.baseUrl],
    ['create', 'demo/gone', '--file', 'gone.txt'],
  ])
    await once(start(args), 'close');
  const child = start(['compare', 'demo/gone', '--models', 'lab/echo,lab/endless']);
  // A warning that nobody reads would fill the pipe.
  child.stderr.resume();
  await once(child.stdout, 'data');
  for (const part of ['', '-wal', '-shm']) await rm(join(dataDir, `promptdev.db${part}`), { force: true });
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
});

test('help teaches by example', async () => {
  const { code, stdout } = await promptdev(['--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('promptdev run samples/greeting');
  expect((await promptdev(['render', '--help'])).stdout).toContain('--jsonl');
});

test('digits reach a text input as written, from every place that gives values', async () => {
  await writeFile(join(folder, 'echo.yaml'), 'template: "[{{ id }}]"\ninputs: [{name: id, type: string}]\n');
  expect((await promptdev(['create', 'digits/echo', '--file', 'echo.yaml'])).code).toBe(0);
  await writeFile(join(folder, 'values.yaml'), 'id: 007\n');
  const render = async (...args: string[]) => (await promptdev(['render', 'digits/echo', ...args])).stdout;
  expect(await render('--vars', '{"id":1234567890123456789}')).toBe('[1234567890123456789]\n');
  expect(await render('--vars', '{"id":1.10}')).toBe('[1.10]\n');
  expect(await render('--inputs', 'values.yaml')).toBe('[007]\n');
  await writeFile(join(folder, 'rows.jsonl'), '{"id":1e21}\n{"id":1.0}\n');
  const compared = await promptdev([
    ...['compare', 'digits/echo', '--models', 'lab/echo', '--rows', 'rows.jsonl', '--json'],
  ]);
  const { cells } = JSON.parse(compared.stdout) as { cells: { output: string }[] };
  expect(cells.map(({ output }) => output)).toEqual(['[1e21]', '[1.0]']);
});

test('rows are read with the inputs of the version that runs, and a column that no input has is told', async () => {
  await writeFile(join(folder, 'va.yaml'), 'template: "Hi {{ customer }}"\ninputs: [{name: customer, type: string}]\n');
  await writeFile(join(folder, 'vb.yaml'), 'template: "Hi {{ client }}"\ninputs: [{name: client, type: string}]\n');
  await promptdev(['save', 'versions/greet', '--file', 'va.yaml']);
  await promptdev(['save', 'versions/greet', '--file', 'vb.yaml']);
  await writeFile(join(folder, 'typo.csv'), 'customer,clinet\n007,typo\n');
  const old = await promptdev([
    ...['compare', 'versions/greet@1', '--models', 'lab/echo', '--rows', 'typo.csv', '--json'],
  ]);
  expect((JSON.parse(old.stdout) as { cells: { output: string }[] }).cells[0]?.output).toBe('Hi 007');
  expect(old.stderr).toContain('No prompt declares an input "clinet"');
  const now = await promptdev(['compare', 'versions/greet', '--models', 'lab/echo', '--rows', 'typo.csv']);
  expect(now).toMatchObject({ code: 1, stderr: expect.stringContaining('The required input "client" has no column') });
});

test('files in other encodings are decoded and said, or refused with a sentence', async () => {
  await writeFile(join(folder, 'latin.csv'), Buffer.from('id\n1 caf\xe9 cr\xe8me na\xefve\n', 'latin1'));
  const rows = await promptdev([
    ...['compare', 'digits/echo', '--models', 'lab/echo', '--rows', 'latin.csv', '--json'],
  ]);
  expect((JSON.parse(rows.stdout) as { cells: { output: string }[] }).cells[0]?.output).toBe('[1 café crème naïve]');
  expect(rows.stderr).toContain('latin.csv was read as Windows-1252');
  await writeFile(join(folder, 'utf16.md'), Buffer.from('\uFEFFHé {{ name }}\n', 'utf16le'));
  expect((await promptdev(['render', '--file', 'utf16.md', '--input', 'name=Ada'])).stdout).toBe('Hé Ada\n');
  await writeFile(join(folder, 'picture.md'), Buffer.from('89504e470d0a1a0a0000000d', 'hex'));
  expect(await promptdev(['create', 'odd/picture', '--file', 'picture.md'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('picture.md'),
  });
});

test('a file with an image by its hash: blobs add, create, show, render, run', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII=',
    'base64',
  );
  await writeFile(join(folder, 'cat.png'), png);
  const { stdout } = await promptdev(['blobs', 'add', 'cat.png']);
  const hash = stdout.trim();
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.parse((await promptdev(['blobs', 'add', 'cat.png', '--json'])).stdout)).toEqual({
    hash,
    size: png.length,
    mediaType: 'image/png',
  });
  await writeFile(
    join(folder, 'cat.yaml'),
    `messages:
  - {placeholder: history, optional: true}
  - role: user
    content:
      - {type: text, text: "What is {{ name }}?"}
      - {type: image, hash: ${hash}}
inputs:
  - {name: name, type: string}
  - {name: history, type: messages, required: false}
`,
  );
  expect(await promptdev(['create', 'demo/cat', '--file', 'cat.yaml'])).toMatchObject({ code: 0 });
  const shown = (await promptdev(['show', 'demo/cat'])).stdout;
  expect(shown).toContain('\n[placeholder history optional]\n');
  expect(shown).toContain(`[user]\n[text]\nWhat is {{ name }}?\n[image hash ${hash}]\n`);
  const vars = JSON.stringify({ name: 'it', history: [{ role: 'assistant', content: 'Hi' }] });
  expect((await promptdev(['render', 'demo/cat', '--vars', vars])).stdout).toBe(
    `[assistant]\nHi\n\n[user]\n[text]\nWhat is it?\n[image hash ${hash}]\n`,
  );
  const rendered = JSON.parse((await promptdev(['render', 'demo/cat', '--vars', vars, '--json'])).stdout) as object;
  expect(rendered).toMatchObject({
    messages: [
      { role: 'assistant', content: 'Hi' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', hash },
        ],
      },
    ],
  });
  const run = await promptdev(['run', 'demo/cat', '--model', 'starter', '--vars', vars]);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('starter takes text only') });
  expect(await promptdev(['blobs', 'get', hash, '--out', 'copy.png'])).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'copy.png'))).toEqual(png);
  expect(await promptdev(['blobs', 'get', '0'.repeat(64), '--out', 'none.png'])).toMatchObject({ code: 1 });
});

test('render --jsonl takes messages of parts and answers with them', async () => {
  const line = {
    messages: [
      { placeholder: 'history' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '{{ q }}' },
          { type: 'image', url: 'https://example.com/a.png' },
        ],
      },
    ],
    vars: { q: 'Hi', history: [{ role: 'assistant', content: 'Ho' }] },
  };
  const { stdout } = await promptdev(['render', '--jsonl'], `${JSON.stringify(line)}\n`);
  expect(JSON.parse(stdout)).toEqual({
    messages: [
      { role: 'assistant', content: 'Ho' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image', url: 'https://example.com/a.png' },
        ],
      },
    ],
  });
});
