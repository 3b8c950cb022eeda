// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of other tools look so
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

const promptory = (matter: string, body = 'Hi') => `---\nname: a\nrole: user\n${matter}\n---\n${body}`;

test.each([
  ['a.md', '---\nname: a\nmodel: {default: m}\n---\nx', 'promptory:certain'],
  ['a.md', '---\nrole: system\n---\nx', 'promptory:likely'],
  ['a.md', '---\nname: a\nversion: 1\ndomain: d\n---\nx', 'promptory:likely'],
  ['a.md', '---\nlayout: post\ndate: 2024-01-01\n---\nx', 'markdown:possible'],
  ['a.md', '---\nname: a\nmodel: {api: chat, configuration: {type: x}}\n---\nsystem:\nx', 'prompty:likely'],
  ['a.md', 'system:\nBe short.\nuser:\nHi', 'markdown:possible'],
  ['README.md', '# x', 'markdown:possible'],
])('%s is found: %#', (path, text, first) => {
  expect(detectText(path, text)[0]).toBe(first);
});

test.each([
  ['{{name}} {{ name }} {{  name\t}}', '{{ name }} {{ name }} {{ name }}', ['name'], []],
  ['{{ user.name }} {{a.items}}', '{{ user.name }} {{ a["items"] }}', ['user', 'a'], []],
  ['{{ book-title }}', '{{ book_title }}', ['book_title'], ['approximated variable-renamed book-title']],
  ['{{ größe }} {{ 名前 }}', '{{ größe }} {{ 名前 }}', ['größe', '名前'], []],
  ['{{ range }}', '{{ range_2 }}', ['range_2'], ['approximated variable-renamed range']],
  ['{x} {#anchor} %}', '{x} {{ "{#" }}anchor} %}', [], []],
  ['{% if a %}b{% endif %}', '{{ "{%" }} if a %}b{{ "{%" }} endif %}', [], ['approximated template-tags']],
  ['{{ x | upper }}', '{{ "{{" }} x | upper }}', [], ['approximated template-tags']],
  ['{{{x}}}', '{{ "{" }}{{ x }}}', ['x'], []],
  ['${{ github.ref }}', '${{ github.ref }}', ['github'], []],
])('plain Markdown has variables and no more: %j', async (text, content, inputs, lines) => {
  const { prompts, losses } = await importText('a.md', text);
  expect(prompts[0]?.content.messages).toEqual([{ role: 'user', content }]);
  expect(prompts[0]?.content.inputs.map(({ name }) => name)).toEqual(inputs);
  expect(lossLines(losses)).toEqual(lines);
});

test('prose between two rules stays text, and so does front matter that is no YAML', async () => {
  for (const text of ['---\nYou are a judge.\n---\nAnswer.', '---\na: [\n---\nx', '---\n- a\n---\nx', '---\nno end'])
    expect((await importPrompt('a.md', text)).content.messages[0]?.content).toBe(text);
});

test('other front matter is kept, with what it says of the prompt in its place', async () => {
  const { prompts, losses } = await importText(
    'a.md',
    '---\ntitle: T\ntags: a, b\ndate: 2024-01-01\nx: {y: 1}\n---\nHi',
  );
  expect(prompts[0]).toMatchObject({
    name: 'a',
    title: 'T',
    tags: ['a', 'b'],
    metadata: { import: { format: 'markdown', values: { date: '2024-01-01', x: { y: 1 } } } },
  });
  expect(lossLines(losses)).toEqual(['kept unknown-key date', 'kept unknown-key x']);
});

test.each([
  ['model: gpt-4o', { model: 'gpt-4o' }, []],
  ['model: {default: m, fallback: f, max_tokens: "5"}', { model: 'm', fallbacks: ['f'], maxTokens: 5 }, []],
  ['model: {default: m, temperature: 9}', { model: 'm' }, ['kept parameter:temperature model.temperature']],
  ['model: {default: m, reasoning: high}', { model: 'm' }, ['kept parameter:reasoning model.reasoning']],
  ['model: [a]', {}, ['dropped malformed model']],
  ['model: {default: [a], fallback: {x: 1}}', {}, ['dropped malformed model.fallback']],
])('the model is a name or a mapping: %j', async (matter, settings, lines) => {
  const { prompts, losses } = await importText('a.md', promptory(matter), {}, 'promptory');
  expect(prompts[0]?.content.settings).toMatchObject(settings);
  expect(lossLines(losses)).toEqual(lines);
});

test.each([
  ['environment: production', ['production'], []],
  ['environment: [staging, beta]', ['staging', 'beta'], []],
  ['environment: Über Live', [], ['kept environment Über Live']],
  ['environment: latest', [], ['kept environment latest']],
  ['environment: {a: 1}', [], ['kept environment environment']],
  ['environment:', [], []],
])('the environment becomes a label where it can be one: %j', async (matter, labels, lines) => {
  const { prompts, losses } = await importText('a.md', promptory(matter));
  expect(prompts[0]?.labels).toEqual(labels);
  expect(lossLines(losses)).toEqual(lines);
});

test('roles, types, versions as they are written, and prompts that are put away', async () => {
  const { prompts, losses } = await importText(
    'a.md',
    '---\nname: Group/My Prompt\nversion: 1.10\nrole: narrator\ntype: completion\nactive: false\n---\nHi',
    {},
    'promptory',
  );
  expect(prompts[0]).toMatchObject({ name: 'group/my-prompt', active: false });
  expect(prompts[0]?.type).toBeUndefined();
  expect(prompts[0]?.content.messages).toEqual([{ role: 'user', content: 'Hi' }]);
  expect(lossLines(losses)).toEqual([
    'approximated role narrator',
    'kept version 1.10',
    'approximated inactive active',
    'kept type completion',
  ]);
  for (const role of ['system', 'assistant', 'developer'])
    expect((await importPrompt('a.md', `---\nrole: ${role}\n---\nx`)).content.messages).toEqual([
      { role, content: 'x' },
    ]);
});

test('the text is Jinja as it stands: includes, filters, rules, also of other lines', async () => {
  const body = '{% include "a/b" %}\n\n---\n\n{{ x | default("y") }}{# c #}';
  const { includes, content } = await importPrompt(
    'a.md',
    `\r\n# comment\r\n${promptory('version: 1', body)}`.replace(/\n/g, '\r\n'),
  );
  expect(content.messages[0]?.content).toBe(body);
  expect(includes).toEqual(['a/b']);
});

test('scalars that Python reads as something else are said with their line', async () => {
  const { losses } = await importText('a.md', promptory('org: yes\napp: 010'));
  expect(losses).toContainEqual({
    kind: 'approximated',
    what: 'yaml-scalar',
    where: '010',
    why: 'It is read as text or as a decimal number here, as YAML 1.2 says; YAML 1.1 reads 010 as something else.',
    line: 5,
  });
});

test('what is broken is refused with its line, and without a text there is no prompt', async () => {
  expect(
    await refusalOf(importText('a.md', promptory('model: {default: m}\nx: [1', 'Hi'), {}, 'promptory')),
  ).toMatchObject({
    reason: 'yaml',
  });
  expect(await refusalOf(importText('a.md', promptory('version: 1', '')))).toEqual({
    message: 'a.md has no text to send to a model.',
    reason: 'no-messages',
    line: undefined,
  });
  expect(await refusalOf(importText('a.md', ''))).toMatchObject({ reason: 'no-messages' });
});

test('secrets never travel, and a malformed extension is a loss', async () => {
  const { prompts, losses } = await importText(
    'a.md',
    promptory(
      'model: {default: m, api_key: abc}\npromptdev: {inputs: 5, samples: [{}], messages: [{}, {}], other: 1, syntax: jinja}',
    ),
  );
  expect(JSON.stringify(prompts)).not.toContain('abc');
  expect(lossLines(losses)).toEqual([
    'refused secret model.api_key',
    'dropped malformed promptdev.inputs',
    'dropped malformed promptdev.samples',
    'dropped malformed promptdev.messages',
    'dropped malformed promptdev.other',
  ]);
});

const whole = `title: "yes"
description: "Two\\nlines"
tags: [a, "010"]
syntax: nunjucks
messages:
  - {role: system, content: "S {{ x }}\\n"}
  - {placeholder: history, optional: true}
  - {role: user, content: [{type: text, text: T}, {type: image, url: "https://x.org/a.png"}, {type: image, input: pic}]}
  - {role: assistant, content: "---\\n{{ x }}"}
  - {role: tool, content: [{type: tool_result, id: "1", content: R}]}
inputs:
  - {name: x, type: enum, values: [a, "on"], default: a, description: "1.0"}
  - {name: history, type: messages, required: false}
  - {name: pic, type: string}
settings: {model: m, fallbacks: [n], temperature: 0, maxTokens: 5, topP: 1, stop: ["---"], seed: 4, extra: {a: [1]}}
tools: [{name: t, description: d, parameters: {type: object}}]
responseSchema: {type: object}
samples: [{name: "1", inputs: {x: a, history: [{role: user, content: q}]}}]
`;

test.each([
  ['whole.yaml', whole],
  ['one.md', promptory('version: 1', '{{ a.b }}')],
  ['plain.md', '---\nlayout: x\n---\n{{ a-b }} {% raw %}'],
  ['spaces.yaml', 'template: "  a\\n\\n"\ninputs: [{name: q, type: string}]'],
])('%s comes back the same from Markdown and from our own file', async (path, text) => {
  const prompt = await importPrompt(path, text);
  for (const id of ['promptory', 'promptdev']) {
    const [before, after] = await roundTrip(prompt, id);
    expect(after, id).toBe(before);
  }
});

test('what was kept is written back, and what only we read is said', async () => {
  const prompt = await importPrompt(
    'a.md',
    promptory('version: 2.0\norg: acme\nmodel: {default: m, mode: x}\ntts: {v: 1}'),
  );
  const again = await writeAndReadPrompt(prompt, 'promptory');
  expect(again.imported.prompts[0]?.metadata).toEqual(prompt.metadata);
  expect(again.losses).toEqual([]);
  const { losses } = await writeAndReadPrompt(await importPrompt('whole.yaml', whole), 'promptory');
  expect(lossLines(losses)).toEqual([
    'dropped extra whole',
    'approximated extra settings.extra',
    'approximated messages messages',
  ]);
});
