import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Program, programIn } from './testing/program.ts';

const cases = resolve('src-core/packs/testing/cases');
let folder: string;
let promptdev: Program;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'promptdev-import-'));
  promptdev = programIn(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function importJson(...args: readonly string[]) {
  const { code, stdout, stderr } = await promptdev(['import', ...args, '--dry-run', '--json']);
  return { code, stderr, json: JSON.parse(stdout) as Record<string, unknown> };
}

test('a file of VS Code as one JSON object, whatever folder one stands in', async () => {
  const { code, stderr, json } = await importJson(join(cases, 'vscode-copilot/plan.prompt.md'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(json).toMatchObject({
    format: 'vscode-prompt',
    encoding: 'utf-8',
    prompts: [
      {
        name: 'plan',
        syntax: 'jinja',
        messages: [{ role: 'user', content: expect.stringContaining('# Plan for {{ feature }}') }],
        inputs: [
          { name: 'feature', type: 'string', required: true, description: 'what to build' },
          { name: 'file', type: 'string', required: false },
          { name: 'selection', type: 'string', required: false },
        ],
        settings: { model: 'GPT-4.1' },
        tools: [],
        responseSchema: null,
        samples: [],
      },
    ],
    tests: 0,
    asserts: 0,
    rows: 0,
    columns: [],
    problems: [],
  });
  expect(json.losses).toContainEqual({
    kind: 'unresolved',
    what: 'file-reference',
    where: '../rules.md',
    why: 'It stays text: a reference is not a part of the prompt, and what it names is not read.',
  });
});

test('tests, samples and asserts are counted', async () => {
  expect((await importJson(join(cases, 'github-models/shelf.prompt.yml'))).json).toMatchObject({
    format: 'github-models',
    tests: 2,
    asserts: 3,
    prompts: [{ name: 'shelf-finder', samples: [{ name: 'Row 1' }, { name: 'Row 2' }] }],
  });
});

test.each([
  ['github-models/empty.prompt.yml', 'github-models', { code: 'no-messages' }, []],
  ['github-models/templated-yaml.prompt.yaml', 'unknown', { code: 'yaml', line: 1 }, [{ line: 1 }]],
])('a refused file exits 1 and still prints the object: %s', async (file, format, refuse, problems) => {
  const { code, stderr, json } = await importJson(join(cases, file));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: .+\n$/);
  const [problem] = json.problems as { message: string }[];
  expect(stderr).toBe(`error: ${problem?.message}\n`);
  expect(json).toMatchObject({ format, refuse, problems: problems.length > 0 ? problems : [{}] });
  expect(json).toMatchObject({
    prompts: [],
    tests: 0,
    asserts: 0,
    rows: 0,
    columns: [],
    losses: [],
    encoding: 'utf-8',
  });
});

test('a zip that is called CSV, an image and a file that is not there are refused by what they are', async () => {
  await writeFile(join(folder, 'numbers.csv'), Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(64)]));
  await writeFile(join(folder, 'image.md'), Buffer.from('89504e470d0a1a0a', 'hex'));
  for (const [file, code] of [
    ['numbers.csv', 'zip-not-csv'],
    ['image.md', 'not-text'],
    ['none.md', 'not_found'],
    ['.', 'invalid'],
  ] as const)
    expect(await importJson(file)).toMatchObject({
      code: 1,
      json: { format: 'unknown', refuse: { code }, encoding: null },
    });
});

test('encodings are named; what is not Unicode is a loss', async () => {
  await writeFile(join(folder, 'mark.md'), '\uFEFFHi {{ x }}');
  await writeFile(join(folder, 'wide.md'), Buffer.from('\uFEFFHé {{ x }}', 'utf16le'));
  await writeFile(join(folder, 'latin.md'), Buffer.from('Un caf\xe9 cr\xe8me na\xefve {{ x }}', 'latin1'));
  await writeFile(
    join(folder, 'mac.md'),
    Buffer.from('5a6f91202d20836e3b20416e64728e20656e20457276696e20838e6e', 'hex'),
  );
  const encodings = await importJson('mark.md', 'wide.md', 'latin.md', 'mac.md');
  expect(encodings.json).toMatchObject({
    files: [
      { file: 'mark.md', encoding: 'utf-8-bom', losses: [], prompts: [{ messages: [{ content: 'Hi {{ x }}' }] }] },
      { file: 'wide.md', encoding: 'utf-16le', losses: [], prompts: [{ messages: [{ content: 'Hé {{ x }}' }] }] },
      {
        file: 'latin.md',
        encoding: 'windows-1252',
        losses: [{ kind: 'approximated', what: 'encoding', where: 'latin.md' }],
        prompts: [{ messages: [{ content: 'Un café crème naïve {{ x }}' }] }],
      },
      { file: 'mac.md', encoding: 'macroman', losses: [{ kind: 'approximated', what: 'encoding' }] },
    ],
  });
});

test('several files give a list, and one that is refused does not stop the others', async () => {
  await writeFile(join(folder, 'a.md'), 'A {{ x }}');
  const { code, stderr, json } = await importJson('a.md', 'none.md', join(cases, 'cursor/style.mdc'));
  expect(code).toBe(1);
  expect(stderr).toBe('error: 1 of 3 files cannot be imported.\n');
  expect(json).toMatchObject({
    files: [
      { file: 'a.md', format: 'markdown' },
      { file: 'none.md', refuse: { code: 'not_found' } },
      { format: 'cursor-rule', prompts: [{ messages: [{ role: 'system' }] }] },
    ],
  });
});

test('people get a table with what is kept, approximated, dropped, refused and unresolved', async () => {
  const { code, stdout, stderr } = await promptdev(['import', join(cases, 'claude-code/fix.md'), '--dry-run']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('fix.md: Claude Code (claude-command), utf-8, 1 prompt\n');
  expect(stdout).toMatch(/^fix +user +arg1: string, arg2: string, arguments: string$/m);
  expect(stdout).toMatch(/^Line 3: The front matter is not valid YAML, so it was read line by line: /m);
  expect(stdout).toMatch(/^LOSS +WHAT +WHERE +WHY$/m);
  const kinds = [...stdout.matchAll(/^(kept|approximated|dropped|refused|unresolved) /gm)].map(([, kind]) => kind);
  expect([...new Set(kinds)]).toEqual(['kept', 'approximated', 'refused', 'unresolved']);
  expect(stdout).toMatch(/^refused +shell +git status +Claude Code runs it/m);
  await writeFile(join(folder, 'a.md'), 'A');
  expect((await promptdev(['import', 'a.md', 'none.md', '--dry-run'])).stdout).toBe(
    'a.md: Markdown with front matter (markdown), utf-8, 1 prompt\n\nPROMPT  MESSAGES  INPUTS\na       user\n\nNothing is lost.\n\nnone.md: not imported. none.md cannot be read: there is no such file.\n',
  );
});

test('nothing of a file reaches a terminal as an order', async () => {
  await writeFile(
    join(folder, 'evil.md'),
    '---\nname: a\ndescription: D\ntools: x\n"b\\e[2Jc": 1\n---\n!`\u001b[31mrm`',
  );
  const { stdout } = await promptdev(['import', 'evil.md', '--dry-run']);
  expect(stdout).not.toContain('\u001b');
});

test('a format can be named, and standard input read', async () => {
  await writeFile(join(folder, 'command.md'), 'Fix $ARGUMENTS {{ x }}');
  expect((await importJson('command.md')).json).toMatchObject({ format: 'claude-command' });
  expect((await importJson('command.md', '--format', 'markdown')).json).toMatchObject({
    format: 'markdown',
    prompts: [{ messages: [{ content: 'Fix $ARGUMENTS {{ x }}' }] }],
  });
  expect(await promptdev(['import', 'command.md', '--dry-run', '--format', 'nonsense'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: There is no format "nonsense"; there are .*promptdev.*\.\n$/),
  });
  const piped = await promptdev(
    ['import', '-', '--dry-run', '--json'],
    'template: "{{ a }}"\ninputs: [{name: a, type: number}]',
  );
  expect(JSON.parse(piped.stdout)).toMatchObject({ format: 'promptdev', prompts: [{ name: 'stdin' }] });
});

test('folders of tools say what a file is, and a skill names the files beside it', async () => {
  const skill = join(folder, 'project/.claude/skills/pdf');
  await mkdir(join(skill, 'scripts'), { recursive: true });
  await mkdir(join(folder, 'project/.claude/commands/git'), { recursive: true });
  await writeFile(join(skill, 'SKILL.md'), 'Fill forms.');
  await writeFile(join(skill, 'scripts/run.py'), 'x');
  await symlink(join(folder, 'project'), join(skill, 'up'));
  await writeFile(join(folder, 'project/.claude/commands/git/commit.md'), 'Commit.');
  const { json } = await importJson('project/.claude/skills/pdf/SKILL.md', 'project/.claude/commands/git/commit.md');
  expect(json).toMatchObject({
    files: [
      { format: 'claude-skill', prompts: [{ name: 'pdf' }], losses: [{ where: '.claude/skills/pdf/scripts/run.py' }] },
      { format: 'claude-command', prompts: [{ name: 'commit' }], losses: [] },
    ],
  });
});

test('--folder is the folder that a file may refer to, and it has to be in it', async () => {
  await writeFile(join(folder, 'b.md'), 'B');
  await mkdir(join(folder, 'other'), { recursive: true });
  expect(await importJson('b.md', '--folder', '.')).toMatchObject({ code: 0, json: { format: 'markdown' } });
  expect(await importJson('b.md', '--folder', 'other')).toMatchObject({
    code: 1,
    json: { refuse: { code: 'outside-folder' }, problems: [{ message: 'b.md is not in the folder other.' }] },
  });
  expect(await importJson('b.md', '--folder', 'nowhere')).toMatchObject({ code: 1 });
});

test('nothing is written beside a file, in the working folder or in the data folder', async () => {
  const before = await readdir(folder, { recursive: true });
  await importJson('a.md', join(cases, 'dakora/letter.yaml'));
  expect(await readdir(folder, { recursive: true })).toEqual(before);
  expect(before).not.toContain('data');
});

test('files are imported, known again, exported, converted and taken back', async () => {
  const first = await promptdev([
    'import',
    join(cases, 'langfuse/langfuse-prompts-all-2026-09-01.json'),
    '--into',
    'x',
  ]);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/x\/garden\/plan +new +create/) });
  // What it includes is found where it has come to.
  const plan = await promptdev(['show', 'x/garden/plan']);
  expect(plan.stdout).toContain('{% include "x/garden/tone@production" %}');
  const again = await promptdev([
    'import',
    join(cases, 'langfuse/langfuse-prompts-all-2026-09-01.json'),
    '--into',
    'x',
  ]);
  expect(again.stderr).toContain('Nothing changed.');
  const out = join(folder, 'out');
  expect((await promptdev(['export', 'x/garden-chat', '--format', 'prompty', '--to', out])).code).toBe(0);
  expect(await readdir(join(out, 'x'))).toEqual(['garden-chat.prompty']);
  const twice = await promptdev(['export', 'x/garden-chat', '--format', 'prompty', '--to', out]);
  expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
  const converted = await promptdev([
    'convert',
    join(out, 'x/garden-chat.prompty'),
    '--format',
    'vscode-prompt',
    '--to',
    out,
  ]);
  expect(converted).toMatchObject({ code: 0, stdout: expect.stringContaining('garden-chat.prompt.md') });
  const [{ id } = { id: '' }] = JSON.parse((await promptdev(['imports', '--json'])).stdout) as { id: string }[];
  expect(await promptdev(['imports', '--undo', id])).toMatchObject({ code: 0, stdout: 'Took back 3 of 3.\n' });
  expect((await promptdev(['show', 'x/garden-chat'])).code).toBe(1);
}, 60_000);
