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

const head = 'id: a\nversion: 1.0.0\n';

test.each([
  ['a.yaml', `${head}template: x`, 'dakora:certain'],
  ['a.yaml', 'id: a\ntemplate: x', 'dakora:likely'],
  ['a.yaml', 'part_id: p\ncategory: c\ncontent: x', 'dakora-part:certain'],
  ['a.yaml', 'id: a\ntemplate: x\ntemplate_format: handlebars', 'semantic-kernel:certain'],
  ['a.yaml', '_type: prompt\ninput_variables: []\nid: a\ntemplate: x', 'langchain:certain'],
  ['a.yaml', 'id: a\ntemplate: [x]', undefined],
])('%s is found: %#', (path, text, first) => {
  const found = detectText(path, text);
  expect(found[0]).toBe(first);
  expect(found.some((each) => each.startsWith('dakora'))).toBe(first?.startsWith('dakora') ?? false);
});

test('inputs are required unless they say otherwise, and a text is a type', async () => {
  const inputs =
    '{a: {type: number}, b: string, c: {required: false}, d: {type: "array< string >", default: [x]}, e: }';
  const { content } = await importPrompt('a.yaml', `${head}template: "{{ a }}"\ninputs: ${inputs}`);
  expect(content.inputs.map(({ name, type, required, default: given }) => [name, type, required, given])).toEqual([
    ['a', 'number', true, undefined],
    ['b', 'string', true, undefined],
    ['c', 'string', false, undefined],
    ['d', 'array<string>', true, ['x']],
    ['e', 'string', true, undefined],
  ]);
});

test.each([
  ['{a: {type: date}}', ['approximated input-type a']],
  ['{a: {type: number, default: many}}', ['approximated default a']],
  ['{a-b: {type: string}}', ['kept inputs inputs.a-b']],
  ['{a: {type: string, pattern: x}}', ['kept unknown-key inputs.a.pattern']],
  ['[a, b]', ['kept inputs inputs']],
  ['5', ['kept inputs inputs']],
])('what inputs say otherwise is a loss: %j', async (inputs, lines) => {
  const { losses } = await importText('a.yaml', `${head}template: hi\ninputs: ${inputs}`);
  expect(lossLines(losses)).toEqual(['kept version 1.0.0', ...lines]);
});

test('names of any script are inputs', async () => {
  const { content } = await importPrompt(
    'a.yaml',
    `${head}template: "{{ größe }} {{ 名前 }}"\ninputs: {größe: {type: number}}`,
  );
  expect(content.inputs.map(({ name, type }) => [name, type])).toEqual([
    ['größe', 'number'],
    ['名前', 'string'],
  ]);
});

test('versions keep their digits, and what YAML 1.1 reads otherwise is said', async () => {
  const { prompts, losses } = await importText('a.yaml', 'id: a\nversion: 1.10\ntemplate: x\nmetadata: {on: yes}');
  expect(lossLines(losses)).toEqual([
    'approximated yaml-scalar on',
    'approximated yaml-scalar yes',
    'kept version 1.10',
    'kept metadata metadata',
  ]);
  expect(prompts[0]?.metadata).toMatchObject({ import: { values: { version: '1.10', metadata: { on: 'yes' } } } });
});

test('a part is named by its category, and includes keep their names', async () => {
  expect((await importPrompt('x.yaml', 'part_id: p\ncontent: x')).name).toBe('p');
  expect((await importPrompt('x.yaml', 'part_id: Sign Off\ncategory: My Parts\ncontent: x')).name).toBe(
    'my-parts/sign-off',
  );
  expect((await importPrompt('x.yaml', `${head}template: '{% include "c/p" %}'`)).includes).toEqual(['c/p']);
});

test.each([
  ['id: a\nid: b\ntemplate: x\nversion: 1', 'yaml', 2],
  ['id: a\n__proto__: {x: 1}\ntemplate: x', 'yaml', 2],
  ['id: a\ntemplate: x\nmetadata: !!python/object:os.system {}', 'yaml', 3],
  ['base: &b {x: 1}\nid: a\ntemplate: x\nmetadata:\n  <<: *b', undefined, undefined],
  ['id: a\nversion: 1\ntemplate: "  "', 'no-messages', undefined],
  ['id: a', 'no-messages', undefined],
  ['- a', 'invalid', undefined],
])('refusals say why: %j', async (text, reason, line) => {
  const imported = importText('a.yaml', text, {}, 'dakora');
  if (reason === undefined) {
    // A merge is an ordinary key where it is not asked for.
    expect((await imported).prompts[0]?.metadata).toMatchObject({
      import: { values: { metadata: { '<<': { x: 1 } } } },
    });
    return;
  }
  expect(await refusalOf(imported)).toMatchObject({ reason, line });
});

test('CRLF and a block text lose one line break at the end, no more', async () => {
  const { content } = await importPrompt('a.yaml', 'id: a\r\nversion: 1\r\ntemplate: |+\r\n  one\r\n\r\n  two\r\n\r\n');
  expect(content.messages[0]?.content).toBe('one\n\ntwo\n');
});

test('keys that nobody knows and deep metadata are kept up to the limit', async () => {
  const deep = `${'{a: '.repeat(60)}1${'}'.repeat(60)}`;
  const { losses } = await importText('a.yaml', `${head}template: x\nowner: me\nmetadata: ${deep}`);
  expect(lossLines(losses)).toContain('kept unknown-key owner');
  const long = await importText('a.yaml', `${head}template: x\nnotes: ${'x'.repeat(70_000)}`);
  expect(lossLines(long.losses)).toContain('dropped metadata notes');
});

test.each([
  `${head}template: |\n  {{ a }}\n\ninputs: {a: {type: "array<string>", required: false, default: [x, "yes"]}}\nmetadata: {tags: [t], owner: {x: 1}}`,
  `${head}name: N\ndescription: "# d"\ntemplate: "  {% if a %}{{ a | yaml }}{% endif %}  "\ninputs: {a: {type: object, default: {}}, x y: {type: string}}\nextra: 1`,
  'part_id: p\ncategory: c\nname: P\ncontent: "{{ a.b }}\\n\\n"\ntags_: 1',
  'part_id: p\ncontent: "{{ a }}"\ninputs: {a: {type: number}}',
])('comes back the same, with what was kept: %#', async (text) => {
  const prompt = await importPrompt('a.yaml', text);
  const [before, after] = await roundTrip(prompt, 'dakora');
  expect(after).toBe(before);
  const again = await writeAndReadPrompt(prompt, 'dakora');
  expect(again.imported.prompts[0]).toEqual(prompt);
  expect(again.losses).toEqual([]);
});

test('what cannot travel is said', async () => {
  const own = await importPrompt(
    'a.yaml',
    `syntax: liquid
messages: [{role: system, content: S}, {placeholder: h}, {role: user, content: [{type: image, input: pic}, {type: text, text: T}]}]
inputs: [{name: e, type: enum, values: [a]}, {name: h, type: messages}, {name: pic, type: string}]
settings: {model: m}
samples: [{name: s, inputs: {e: a}}]`,
  );
  const { losses, text } = await writeAndReadPrompt(own, 'dakora');
  expect(lossLines(losses)).toEqual([
    'approximated syntax liquid',
    'dropped model a',
    'dropped samples a',
    'dropped placeholder h',
    'approximated media pic',
    'approximated messages messages',
    'approximated input-type e',
    'dropped values e',
    'dropped input h',
  ]);
  expect(text).toContain('template: |-\n  S\n\n  [image: {{ pic }}]\n\n  T\n');
});
