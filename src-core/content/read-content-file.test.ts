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
