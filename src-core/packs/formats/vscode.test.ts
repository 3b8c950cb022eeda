// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of VS Code look so
import { expect, test } from 'vitest';
import {
  detectText,
  importPrompt,
  importText,
  lossLines,
  refusalOf,
  roundTrip,
  writeAndReadPrompt,
} from '../testing/read-and-write.ts';

test.each([
  ['a.prompt.md', 'Hi', 'vscode-prompt:likely'],
  ['a.prompt.md', '---\nmode: agent\n---\nHi', 'vscode-prompt:certain'],
  ['rules.instructions.md', '---\napplyTo: "**"\n---\nHi', 'vscode-instructions:certain'],
  ['.github/copilot-instructions.md', 'Hi', 'vscode-instructions:likely'],
  ['AGENTS.md', '# Agents', 'vscode-instructions:likely'],
  ['a.chatmode.md', 'Hi', 'vscode-chatmode:likely'],
  ['a.agent.md', 'Hi', 'vscode-agent:likely'],
  ['.github/agents/plan.md', 'Hi', 'vscode-agent:likely'],
  ['pasted.md', '````prompt\nHi\n````', 'vscode-prompt:certain'],
  ['pasted.md', 'Do ${input:what}', 'vscode-prompt:likely'],
])('%s with %j is %s', (path, text, first) => {
  expect(detectText(path, text)[0]).toBe(first);
});

test('PromptDown and chat blocks have the same suffix and are not read as files of VS Code', () => {
  const table = '# T\n\n## System Message\n\nS\n\n## Conversation\n\n| Role | Content |\n|---|---|\n| User | x |\n';
  expect(detectText('a.prompt.md', table).join(' ')).not.toContain('vscode');
  expect(detectText('a.prompt.md', '{% chat role="user" %}\nx\n{% endchat %}').join(' ')).not.toContain('vscode');
});

test('a variable that stands twice is one input, described by its first placeholder', async () => {
  const { content } = await importPrompt('a.prompt.md', 'Do ${input:x}, ${input:x:first}, ${input:x:second}.');
  expect(content.messages).toEqual([{ role: 'user', content: 'Do {{ x }}, {{ x }}, {{ x }}.' }]);
  expect(content.inputs).toEqual([{ name: 'x', type: 'string', required: true, description: 'first' }]);
});

test('names of any script stay, others change and keep the name that the file has', async () => {
  const prompt = await importPrompt(
    'a.prompt.md',
    '${input:größe} ${input:приоритет} ${input:target-branch} ${input:a b}',
  );
  expect(prompt.content.messages[0]?.content).toBe('{{ größe }} {{ приоритет }} {{ target_branch }} {{ a_b }}');
  expect(prompt.inputSources).toEqual({ target_branch: 'target-branch', a_b: 'a b' });
});

test('what the editor fills in is optional, and an input that is called the same is another', async () => {
  const { prompts, losses } = await importText('a.prompt.md', '${file} ${input:file} ${selection} ${fileX} ${input: }');
  expect(prompts[0]?.content.messages[0]?.content).toBe(
    '{{ editor_file }} {{ file }} {{ selection }} ${fileX} ${input: }',
  );
  expect(prompts[0]?.content.inputs.map(({ name, required }) => [name, required])).toEqual([
    ['editor_file', false],
    ['file', true],
    ['selection', false],
  ]);
  expect(lossLines(losses)).toContain('approximated editor-variable file');
});

test('braces between variables are text, also many of them and one right before a variable', async () => {
  const text = '{${input:x}} {{ a }} {% b %} {# c #} {{d}} ${{ secrets.X }} ${env:HOME}';
  const { content } = await importPrompt('a.prompt.md', text);
  const [shown] = content.messages;
  expect(shown?.content).toContain('{% raw %}} {{ a }} {% b %}');
  expect(content.inputs.map(({ name }) => name)).toEqual(['x']);
  const [before, after] = await roundTrip(await importPrompt('a.prompt.md', text), 'vscode-prompt');
  expect(after).toBe(before);
  expect((await writeAndReadPrompt(await importPrompt('a.prompt.md', text), 'vscode-prompt')).text).toBe(`${text}\n`);
});

test('models as a list fall back on each other, and the older mode is the agent', async () => {
  const { prompts, losses } = await importText('a.prompt.md', '---\nmode: ask\nmodel: [A, B, C]\n---\nHi');
  expect(prompts[0]?.content.settings).toMatchObject({ model: 'A', fallbacks: ['B', 'C'] });
  expect(lossLines(losses)).toEqual(['kept agent mode']);
  expect(prompts[0]?.metadata).toEqual({ import: { format: 'vscode-prompt', values: { mode: 'ask' } } });
});

test('servers are dropped, permissions and unknown keys are kept, keys of others are removed', async () => {
  const matter = 'tools: [a]\nmcp-servers: {x: {command: rm}}\nhandoffs: [{label: go}]\napi_key: abc\ncolour: red';
  const { prompts, losses } = await importText('plan.agent.md', `---\n${matter}\n---\nYou plan.`);
  expect(lossLines(losses)).toEqual([
    'refused secret api_key',
    'kept tools tools',
    'dropped mcp-servers mcp-servers',
    'kept handoffs handoffs',
    'kept unknown-key colour',
  ]);
  expect(JSON.stringify(prompts[0]?.metadata)).not.toMatch(/abc|command/);
  expect(prompts[0]?.content.messages[0]).toMatchObject({ role: 'system', content: 'You plan.' });
});

test('links, files and tools are named; addresses, anchors and code are not', async () => {
  const text =
    '[a](./a.md) [b](https://x.org) [c](#c) ![d](img/d.png) #file:src/x.ts #tool:search `[e](e.md)`\n```\n[f](f.md)\n```\n[g](g.md "T").';
  const { losses } = await importText('a.prompt.md', text, { 'a.md': 'x' });
  expect(lossLines(losses)).toEqual([
    'unresolved file-reference ./a.md',
    'unresolved file-reference img/d.png',
    'unresolved file-reference g.md',
    'unresolved file-reference src/x.ts',
    'unresolved tool-reference search',
  ]);
});

test('CRLF, a byte order mark, blank lines and a fence change nothing', async () => {
  const plain = await importPrompt('a.chatmode.md', '---\ndescription: D\n---\nOne\n\nTwo\n');
  for (const text of [
    '---\r\ndescription: D\r\n---\r\nOne\r\n\r\nTwo\r\n',
    '\uFEFF\n\n---\ndescription: D\n---\n\n\nOne\n\nTwo\n\n\n',
    '````chatmode\n---\ndescription: D\n---\nOne\n\nTwo\n````\n',
  ])
    expect(await importPrompt('a.chatmode.md', text)).toEqual(plain);
});

test.each([
  '# Title\n\n---\n\nBe kind: always.\n\n---\nMore',
  '# Title\n---\nSome prose\n---\nMore',
  '---\nYou are a judge.\n---\nAnswer.',
  '---\n\n- one\n- two\n\n---\nAnswer.',
  '---\nYou are [a judge\n---\nAnswer.',
])('text between two rules is no front matter: %j', async (text) => {
  for (const path of ['a.prompt.md', 'AGENTS.md', '.claude/commands/a.md', 'b.md'])
    expect((await importPrompt(path, text)).content.messages[0]?.content).toBe(text);
});

test('later rules are text, and a text that begins and ends with a block stands in no fence', async () => {
  const { content } = await importPrompt('a.prompt.md', '---\ndescription: D\n---\na\n---\nb: c\n---\nd');
  expect(content.messages[0]?.content).toBe('a\n---\nb: c\n---\nd');
  const blocks = '```md\na\n```\ntext\n```md\nb\n```';
  expect((await importPrompt('a.prompt.md', blocks)).content.messages[0]?.content).toBe(blocks);
});

test('a glob without quotes is read as VS Code reads it; other front matter that is no YAML is refused with its line', async () => {
  const { prompts } = await importText('a.instructions.md', '---\ndescription: D\napplyTo: **/*.ts,**/*.tsx\n---\nHi');
  expect(prompts[0]?.metadata).toEqual({
    import: { format: 'vscode-instructions', values: { applyTo: '**/*.ts,**/*.tsx' } },
  });
  expect(await refusalOf(importText('a.prompt.md', '---\ntools: [a\nmodel: b\n---\nHi'))).toMatchObject({
    message: expect.stringMatching(/^The front matter of a\.prompt\.md is not valid YAML, line \d: /),
    reason: 'yaml',
  });
  expect(await refusalOf(importText('a.prompt.md', '---\n__proto__: {a: 1}\n---\nHi'))).toEqual({
    message:
      'The front matter of a.prompt.md is not valid YAML, line 2: It has a key named "__proto__", which is never read.',
    reason: 'yaml',
    line: 2,
  });
  expect(await refusalOf(importText('a.prompt.md', '````prompt\n---\nx: 1\nx: 2\n---\nHi\n````'))).toMatchObject({
    reason: 'yaml',
    line: 4,
  });
});

test.each(['', '---\ndescription: D\n---\n', '---\ndescription: D\n---\n\n  \n'])(
  'a file without a text, %j, is refused',
  async (text) => {
    expect(await refusalOf(importText('a.prompt.md', text))).toEqual({
      message: 'a.prompt.md has no text to send to a model.',
      reason: 'no-messages',
      line: undefined,
    });
  },
);

test('members of other types than they should have are kept or left out, never an error', async () => {
  const { prompts, losses } = await importText(
    'a.prompt.md',
    '---\nname: [1]\ndescription: 5\nmodel: {a: 1}\ntools:\n---\nHi',
  );
  expect(prompts[0]).toMatchObject({ name: 'a', title: '', description: '5' });
  expect(prompts[0]?.content.settings.model).toBeNull();
  expect(lossLines(losses)).toEqual(['kept model model']);
});

test('a long text with many variables is read', async () => {
  const { content } = await importPrompt('a.prompt.md', 'Do ${input:x} {{ y }}. '.repeat(10_000));
  expect(content.inputs.map(({ name }) => name)).toEqual(['x']);
});

test('what cannot travel is said: roles, settings, tools, conditions, types', async () => {
  const own = await importPrompt(
    'a.yaml',
    `messages:
  - {role: system, content: S}
  - {placeholder: history}
  - {role: user, content: "{% if n %}{{ n }}{% endif %}"}
inputs: [{name: n, type: number}, {name: history, type: messages}]
settings: {temperature: 1}
tools: [{name: t}]`,
  );
  const { losses, text } = await writeAndReadPrompt(own, 'vscode-prompt');
  expect(lossLines(losses)).toEqual([
    'dropped parameters a',
    'dropped tools a',
    'dropped placeholder history',
    'approximated messages messages',
    'approximated template messages',
  ]);
  expect(text).toBe('S\n\n{% if n %}{{ n }}{% endif %}\n');
});

test('types and defaults of inputs are losses, and a text that reads as a variable is one', async () => {
  const own = await importPrompt(
    'a.yaml',
    'template: "{{ n }} ${file} {{ user.name }}"\ninputs: [{name: n, type: number, default: 1}, {name: user, type: object}, {name: z, type: string}]',
  );
  const { losses, text } = await writeAndReadPrompt(own, 'vscode-prompt');
  expect(text).toBe('${input:n} ${file} ${input:user.name}\n');
  expect(lossLines(losses)).toEqual([
    'approximated escape messages',
    'approximated path user.name',
    'approximated input-type n',
    'dropped default n',
    'approximated input-type user',
    'dropped input z',
  ]);
});

test.each([
  [
    'a.prompt.md',
    '---\nname: Big Plan\ndescription: "yes"\nagent: x\nfoo: {a: [1, null]}\n---\nDo ${input:größe:how big} ${file}',
  ],
  ['a.instructions.md', '---\napplyTo: "**"\n---\n- one\n- `{{ x }}`'],
  ['a.agent.md', '---\nmodel: [A, B]\n---\n${input:a-b} ${input:a-b:what} {% raw %}'],
  ['AGENTS.md', '# Rules\n\n---\n\nNo `{#anchor}`.'],
])('%s comes back the same after it was written', async (path, text) => {
  const prompt = await importPrompt(path, text);
  const [before, after] = await roundTrip(prompt, 'vscode-prompt');
  expect(after).toBe(before);
  expect((await writeAndReadPrompt(prompt, 'vscode-prompt')).imported.prompts[0]?.metadata).toEqual(prompt.metadata);
});
