import { expect, test } from 'vitest';
import { readContentFile } from './read-content-file.ts';

test('reads template text as one user message, byte for byte', () => {
  expect(readContentFile('a.txt', 'Hello {{ name }}\n').content.messages).toEqual([
    { role: 'user', content: 'Hello {{ name }}\n' },
  ]);
});

test('reads front matter', () => {
  const file = readContentFile(
    'a.md',
    '---\ntitle: Hi\ntags: [x]\nsettings:\n  temperature: 0.5\n---\nHello {{ name }}',
  );
  expect(file).toMatchObject({ title: 'Hi', tags: ['x'], content: { settings: { temperature: 0.5 } } });
  expect(file.content.messages[0]?.content).toBe('Hello {{ name }}');
});

test('reads a whole content from JSON and YAML', () => {
  const json =
    '{"messages":[{"role":"system","content":"S"},{"role":"user","content":"U"}],"inputs":[{"name":"a","type":"number"}]}';
  const yaml =
    'messages:\n  - role: system\n    content: S\n  - role: user\n    content: U\ninputs:\n  - name: a\n    type: number\n';
  expect(readContentFile('a.json', json)).toEqual(readContentFile('a.yaml', yaml));
  expect(readContentFile('a.json', json).content.inputs[0]).toMatchObject({
    name: 'a',
    type: 'number',
    required: true,
  });
});

test.each([
  ['a.json', '{', /a\.json is not valid JSON/],
  ['a.json', '[]', /should hold an object/],
  ['a.yaml', 'a: [', /a\.yaml is not valid YAML/],
  ['a.yaml', 'messages:\n  - role: boss\n    content: x', /"messages\.0\.role" is wrong/],
  ['a.json', '{"title":"x"}', /"messages" is wrong/],
])('says what is wrong with %s %s', (name, text, message) => {
  expect(() => readContentFile(name, text)).toThrow(message);
});

test.each([
  ['prose between two rules', '---\nYou are a judge. Score: 1-5\n---\nAnswer {{ q }}\n'],
  ['a rule and no other', '---\nHello {{ name }}\n'],
  ['a list between rules', '---\n- one\n- two\n---\nrest'],
  ['few-shot text with colons', '---\nInput: a\nOutput: b\n---\nInput: {{ q }}\nOutput:'],
  ['two rules on end', '---\n---\nrest'],
  ['what is no YAML', '---\nKey: [x\n---\nrest'],
])('text that merely begins with a rule stays whole: %s', (_, text) => {
  expect(readContentFile('a.md', text).content.messages[0]?.content).toBe(text);
});

test.each([
  ['a.md', '---\nTitel: x\n---\nB', /"Titel" is not a key of a prompt file; did you mean "title"\?/],
  ['a.md', '---\nmodel: m\ntemperature: 0.2\n---\nB', /"model" is not a key .* did you mean "settings\.model"\?/],
  ['a.md', '---\ninput: [{name: q, type: number}]\n---\nB', /"input" is not a key .* did you mean "inputs"\?/],
  [
    'a.md',
    '---\nsettings: {temprature: 0.2}\n---\nB',
    /"temprature" is not a key in "settings"; did you mean "temperature"\?/,
  ],
  ['a.md', '---\nauthor: me\n---\nB', /"author" is not a key of a prompt file; the keys are title, /],
  ['a.md', '---\ntitle: [\n---\nB', /not valid YAML/],
  ['a.md', '---\ntitle: x\nmessages: []\n---\nB', /"messages" in its front matter and a text below it/],
  [
    'a.yaml',
    'messages: [{role: user, contents: x}]',
    /"contents" is not a key in "messages\.0"; did you mean "content"\?/,
  ],
  ['a.yaml', 'template: x\ninputs: [{name: a, type: string, requird: true}]', /"requird" is not a key in "inputs\.0"/],
  [
    'a.json',
    '{"template":"x","settings":{"max_tokens":5}}',
    /"max_tokens" is not a key in "settings"; did you mean "maxTokens"\?/,
  ],
  ['a.json', '{"template":"x","tools":[{"name":"f","params":{}}]}', /"params" is not a key in "tools\.0"/],
  ['a.json', '{"template":"x","messages":[{"role":"user","content":"x"}]}', /both "template" and "messages"/],
  ['a.json', '{"template":"x","title":7.5e3,"tags":"x"}', /"tags" is wrong/],
])('a key that nothing reads is an error with the nearest one: %s %s', (name, text, message) => {
  expect(() => readContentFile(name, text)).toThrow(message);
});

test("the keys within schemas, samples and defaults are anybody's own", () => {
  const text = `template: x
responseSchema: {type: object, properties: {titel: {type: string}}}
tools: [{name: f, parameters: {type: object, custom: 1}}]
inputs: [{name: o, type: object, default: {anything: 1}, schema: {titel: x}}]
samples: [{name: s, inputs: {o: {anything: 2}}}]`;
  expect(readContentFile('a.yaml', text).content).toMatchObject({
    responseSchema: { properties: { titel: { type: 'string' } } },
    samples: [{ name: 's', inputs: { o: { anything: 2 } } }],
  });
});

test('digits of defaults, allowed values, samples, titles and tags are as written', () => {
  const text = `template: x
title: 007
tags: [1.10, x]
inputs:
  - {name: id, type: string, default: 1234567890123456789}
  - {name: size, type: enum, values: [1.10, 2]}
  - {name: n, type: number, default: 1.10}
samples: [{name: s, inputs: {id: 007, n: 1e3}}]`;
  const { content, title, tags } = readContentFile('a.yaml', text);
  expect({ title, tags }).toEqual({ title: '007', tags: ['1.10', 'x'] });
  expect(content.inputs.map((one) => one.default ?? one.values)).toEqual(['1234567890123456789', ['1.10', '2'], 1.1]);
  expect(content.samples[0]?.inputs).toEqual({ id: '007', n: 1000 });
});

test.each([
  ['x.json', '{"template":"a","template":"b"}', 'the key "template" stands twice in one object'],
  ['x.json', '{"messages":[{"role":"user","content":"a","content":"b"}]}', 'the key "content" stands twice'],
  ['x.yaml', 'template: a\ntemplate: b\n', 'unique'],
  ['x.md', '---\ntitle: a\ntitle: b\n---\ntext', 'unique'],
  ['x.json', '{"template":"a","responseSchema":{"const":1234567890123456789}}', '1234567890123456789 has more digits'],
  [
    'x.json',
    '{"template":"a","inputs":[{"name":"a","type":"object","schema":{"maximum":0.12345678901234567890}}]}',
    '0.12345678901234567890 has more digits',
  ],
])('%s refuses what would be lost in silence: %s', (name, text, message) => {
  expect(() => readContentFile(name, text)).toThrow(message);
});
