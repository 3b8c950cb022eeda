// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of other tools look so
import { expect, test } from 'vitest';
import { detectText, importPrompt, importText, lossLines, refusalOf } from '../testing/read-and-write.ts';

const agent =
  '---\nname: reviewer\ndescription: Use this agent when: code was written\ntools: Read, Grep\nmodel: inherit\ncolor: red\n---\n\nYou review $1.';

test.each([
  ['.claude/commands/git/commit.md', 'Commit.', 'claude-command:certain'],
  ['.claude/agents/reviewer.md', 'You review.', 'claude-agent:certain'],
  ['.claude/skills/pdf/SKILL.md', '# PDF', 'claude-skill:certain'],
  ['SKILL.md', '---\nname: pdf\ndescription: D\n---\nx', 'claude-skill:certain'],
  ['x.md', '---\nallowed-tools: Read\n---\nx', 'claude-command:certain'],
  ['x.md', '---\ndescription: D\n---\nFix $ARGUMENTS', 'claude-command:certain'],
  ['x.md', 'Fix $ARGUMENTS', 'claude-command:likely'],
  ['x.md', '---\nargument-hint: [a] [b]\n---\nFix $1', 'claude-command:likely'],
  ['x.md', agent, 'claude-agent:certain'],
  ['x.md', '---\ndescription: D\n---\nReview $1.', 'claude-command:likely'],
  ['x.md', '---\ndescription: D\nmodel: haiku\n---\nReview.', 'claude-command:likely'],
  ['x.md', '---\ndescription: D\n---\nIt costs $1.50.', 'markdown:possible'],
  ['x.md', '---\nname: a\ndescription: D\n---\nReview.', 'claude-agent:possible'],
  ['x.md', '---\nname: a\ndescription: D\nlayout: x\n---\nReview.', 'markdown:possible'],
  ['x.md', '---\nname: a\ndescription: D\nlicense: MIT\n---\nx', 'claude-skill:likely'],
])('%s is found: %#', (path, text, first) => {
  expect(detectText(path, text)[0]).toBe(first);
});

test('a command without front matter is a user message with its arguments', async () => {
  const prompt = await importPrompt('fix.md', 'Fix $ARGUMENTS and $1, $2, again $1. {{ x }} {% y %}\n');
  expect(prompt.content.messages).toEqual([
    {
      role: 'user',
      content: 'Fix {{ arguments }} and {{ arg1 }}, {{ arg2 }}, again {{ arg1 }}. {{ "{{" }} x }} {{ "{%" }} y %}',
    },
  ]);
  expect(prompt.inputSources).toEqual({ arguments: '$ARGUMENTS', arg1: '$1', arg2: '$2' });
});

test('amounts, longer numbers and names of the environment are text', async () => {
  const text = '$10 $1.50 $2,000 $HOME $ARGUMENTSX $0 ${ARGUMENTS} $1st $ARGUMENTS[0]';
  const { content } = await importPrompt('.claude/commands/a.md', text);
  expect(content.messages[0]?.content).toBe('$10 $1.50 $2,000 $HOME $ARGUMENTSX $0 ${ARGUMENTS} $1st {{ arg1 }}');
});

test('an agent takes no arguments, and a skill only where it says so', async () => {
  const { prompts, losses, problems } = await importText('x.md', agent);
  expect(prompts[0]).toMatchObject({ name: 'reviewer', description: 'Use this agent when: code was written' });
  expect(prompts[0]?.content).toMatchObject({ messages: [{ role: 'system', content: 'You review $1.' }], inputs: [] });
  expect(prompts[0]?.content.settings.model).toBeNull();
  expect(lossLines(losses)).toEqual(['kept model model', 'kept tools tools', 'kept color color']);
  expect(problems).toEqual([
    { message: expect.stringMatching(/^The front matter is not valid YAML, so it was read line by line: /), line: 3 },
  ]);
  expect((await importPrompt('SKILL.md', 'It costs $5.')).content.inputs).toEqual([]);
  expect((await importPrompt('SKILL.md', 'Do $ARGUMENTS, $1.')).content.inputs).toHaveLength(2);
});

test('a skill is named by itself or after its folder, and its other files are listed', async () => {
  const others = { 'skills/pdf/scripts/run.py': 'x', 'skills/pdf/FORMS.md': 'x', 'skills/other/a.md': 'x' };
  const { prompts, losses } = await importText('skills/pdf/SKILL.md', 'Read [forms](FORMS.md).', others);
  expect(prompts[0]?.name).toBe('pdf');
  expect(lossLines(losses)).toEqual([
    'unresolved file-reference FORMS.md',
    'dropped skill-file skills/pdf/FORMS.md',
    'dropped skill-file skills/pdf/scripts/run.py',
  ]);
  expect((await importPrompt('SKILL.md', '---\nname: PDF Forms\ndescription: D\n---\nx')).name).toBe('pdf-forms');
});

test('commands of a shell are refused one by one and stay text', async () => {
  const text = '- !`git status`\n- !`git diff $1`\n```!\nnode --version\nnpm -v\n```\n`!not` !``';
  const { prompts, losses } = await importText('.claude/commands/a.md', text);
  expect(lossLines(losses).filter((line) => line.startsWith('refused'))).toEqual([
    'refused shell git status',
    'refused shell git diff $1',
    'refused shell node --version',
    'refused shell npm -v',
  ]);
  expect(prompts[0]?.content.messages[0]?.content).toContain('!`git diff {{ arg1 }}`');
});

test('paths behind @ are named; people, packages with a version and addresses are not', async () => {
  const text = 'See @docs/a.md, @./b (or @README.md). Mail me@x.org, ask @ada, `@code/x.ts`, @src/, @$1, @~/c.txt.';
  const { losses } = await importText('.claude/commands/a.md', text);
  expect(lossLines(losses).filter((line) => line.startsWith('unresolved'))).toEqual([
    'unresolved file-reference docs/a.md',
    'unresolved file-reference ./b',
    'unresolved file-reference README.md',
    'unresolved file-reference src/',
    'unresolved file-reference $1',
    'unresolved file-reference ~/c.txt',
  ]);
});

test('hooks are refused and servers dropped, never kept', async () => {
  const matter =
    'name: a\ndescription: D\ntools: [Read]\nhooks: {Stop: [{command: rm -rf}]}\nmcpServers: {x: {command: evil}}\nother: 1';
  const { prompts, losses } = await importText('x.md', `---\n${matter}\n---\nx`);
  expect(lossLines(losses)).toEqual([
    'kept tools tools',
    'refused hooks hooks',
    'dropped mcp-servers mcpServers',
    'kept unknown-key other',
  ]);
  expect(JSON.stringify(prompts[0]?.metadata)).not.toMatch(/rm -rf|evil/);
});

test('front matter that is no YAML is read line by line: quotes, lists, folded lines, hostile keys', async () => {
  const matter = [
    'description: "Has: colon"',
    'argument-hint: [a] [b]',
    '__proto__: polluted',
    'allowed-tools:',
    '  - Read',
    '  - Bash(git:*)',
    'notes: >',
    '  one',
    '  two',
    'just words',
    'flag: true',
  ].join('\r\n');
  const { prompts, problems } = await importText('x.md', `---\r\n${matter}\r\n---\r\nGo $ARGUMENTS\r\n`);
  expect(prompts[0]?.description).toBe('Has: colon');
  expect(prompts[0]?.metadata).toEqual({
    import: {
      format: 'claude-command',
      values: {
        'argument-hint': '[a] [b]',
        'allowed-tools': ['Read', 'Bash(git:*)'],
        notes: 'one two',
        flag: true,
      },
    },
  });
  expect(problems).toHaveLength(1);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a whole file without a text, an alias bomb and a key are no crash', async () => {
  expect(await refusalOf(importText('.claude/commands/a.md', '---\ndescription: D\n---\n'))).toMatchObject({
    message: '.claude/commands/a.md has no text to send to a model.',
    reason: 'no-messages',
  });
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
    .split('')
    .map((key, index) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
    .join('\n')}`;
  const { problems } = await importText('.claude/commands/a.md', `---\n${bomb}\n---\nx`);
  expect(problems).toHaveLength(1);
  const { losses, prompts } = await importText('.claude/commands/a.md', `Use sk-abcdefghijklmnopqrstuvwx now.`);
  expect(lossLines(losses)).toEqual(['refused secret text']);
  expect(prompts[0]?.content.messages[0]?.content).toBe('Use [removed] now.');
});

test('a name in another script gets a name of its own that stays the same', async () => {
  const { name, title } = await importPrompt('x.md', '---\nname: 代码审查\ndescription: D\ntools: Read\n---\nx');
  expect(name).toMatch(/^prompt-[0-9a-f]{8}$/);
  expect(title).toBe('代码审查');
});
