import { expect, test } from 'vitest';
import { contentSchema } from '../../contract/content.ts';
import {
  contentExtraPath,
  fieldAt,
  inputPath,
  messageExtraPath,
  parseDefault,
  responseSchemaPath,
  settingPath,
  settingsExtraPath,
  toolsPath,
  wholePath,
} from './draft-fields.ts';
import {
  assertNothingUnfinished,
  followInputs,
  followMessages,
  mergeTyped,
  sameTyped,
  sentenceOf,
  typedProblems,
} from './typed-texts.ts';

const content = contentSchema.parse({
  messages: [{ role: 'user', content: 'Hello {{ name }}' }],
  inputs: [
    { name: 'name', type: 'string', default: 'Ada' },
    { name: 'age', type: 'number' },
    { name: 'order', type: 'object' },
    { name: 'tone', type: 'enum', values: ['kind', 'brief'] },
    { name: 'tags', type: 'array<string>' },
  ],
  settings: { temperature: 0.5, stop: ['\n'] },
});

/** The content after the text was written there, or what is wrong with it. */
function write(path: string, text: string) {
  const field = fieldAt(path, content);
  if (field === null) throw new Error(`There is no field ${path}.`);
  return field.write(content, text);
}

test('every field reads back what was written into it', () => {
  for (const [path, text] of [
    [responseSchemaPath, '{\n  "type": "object"\n}'],
    [toolsPath, '[\n  {\n    "name": "look_up",\n    "description": "",\n    "parameters": {}\n  }\n]'],
    [settingPath('temperature'), '1.25'],
    [settingPath('topP'), '0'],
    [settingPath('maxTokens'), '1000'],
    [settingPath('seed'), '4294967295'],
    [settingPath('stop'), 'END\n\\n\\n'],
    [inputPath('age', 'default'), '36'],
    [inputPath('order', 'default'), '{"id":1}'],
    [inputPath('order', 'schema'), '{\n  "type": "array"\n}'],
    [inputPath('tone', 'values'), 'kind\nwarm'],
    [inputPath('tags', 'default'), '["a"]'],
  ] as const) {
    const written = write(path, text);
    if ('error' in written) throw new Error(`${path}: ${written.error}`);
    expect(fieldAt(path, written.content)?.read(written.content), path).toBe(text);
    expect(contentSchema.safeParse(written.content).success, path).toBe(true);
  }
});

test('what is not valid leaves the content as it is and says what is wrong', () => {
  for (const [path, text, sentence] of [
    [responseSchemaPath, '{ "type": "object"', /not valid JSON/],
    [responseSchemaPath, '[]', /Expected an object/],
    [toolsPath, '{}', /Expected a list/],
    [toolsPath, '[{ "name": "" }]', /Tool 1, name/],
    [settingPath('temperature'), '2.5', /from 0 to 2/],
    [settingPath('temperature'), 'warm', /from 0 to 2/],
    [settingPath('maxTokens'), '1.5', /whole number/],
    [settingPath('seed'), '-1', /whole number/],
    [settingPath('stop'), Array.from({ length: 17 }, (_, at) => `stop ${at}`).join('\n'), /At most 16.*17/],
    [inputPath('name', 'name'), 'age', /another input “age”/],
    [inputPath('name', 'name'), '1st', /An input name/],
    [inputPath('age', 'default'), 'many', /Expected a number/],
    [inputPath('tags', 'default'), '["a"', /not valid JSON/],
    [inputPath('order', 'schema'), '{', /not valid JSON/],
    ['prompt/name', 'Not A Slug', /lower-case/],
  ] as const) {
    const written = write(path, text);
    expect('error' in written ? written.error : 'accepted', `${path}: ${text}`).toMatch(sentence);
  }
});

test('fields of inputs that are gone, or that a type does not have, are no fields', () => {
  expect(fieldAt(inputPath('gone', 'default'), content)).toBeNull();
  expect(fieldAt(inputPath('name', 'schema'), content)).toBeNull();
  expect(fieldAt('settings/constructor', content)).toBeNull();
  expect(fieldAt('nonsense', content)).toBeNull();
  expect(typedProblems(content, { [inputPath('gone', 'schema')]: '{', nonsense: '?' })).toEqual([]);
});

test('problems name their field and where it stands; what is valid but not in effect is none', () => {
  const typed = { [responseSchemaPath]: '{', [settingPath('seed')]: 'x', [inputPath('name', 'name')]: 'customer' };
  expect(typedProblems(content, typed).map(({ label, place }) => [label, place])).toEqual([
    ['Response schema', 'settings'],
    ['Seed', 'settings'],
  ]);
  expect(sentenceOf(typedProblems(content, typed))).toMatch(
    /^“Response schema” is not valid yet \(and one field more\)\. This is not valid JSON/,
  );
  expect(() => assertNothingUnfinished(content, typed)).toThrow(/“Response schema” is not valid yet/);
  expect(() => assertNothingUnfinished(content, { [inputPath('name', 'name')]: 'customer' })).not.toThrow();
  // What a prompt is called is no part of a version.
  expect(() => assertNothingUnfinished(content, { 'prompt/name': 'Not A Slug' })).not.toThrow();
});

test('a whole content that the contract does not allow says which part', () => {
  const whole = { ...content, inputs: [{ ...content.inputs[0], name: 'a b' }] };
  const [problem] = typedProblems(content, { [wholePath]: JSON.stringify(whole) });
  expect(problem).toMatchObject({ place: 'inputs', message: expect.stringMatching(/^inputs, 1, name: An input name/) });
  expect(typedProblems(content, { [wholePath]: 'no JSON' })).toHaveLength(1);
});

test('texts follow a renamed input and go with a removed one', () => {
  const typed = { [inputPath('order', 'schema')]: '{', [inputPath('age', 'default')]: 'x', [responseSchemaPath]: '{' };
  const renamed = {
    ...content,
    inputs: content.inputs.map((one) => (one.name === 'order' ? { ...one, name: 'cart' } : one)),
  };
  expect(followInputs(typed, content, renamed)).toEqual({
    [inputPath('cart', 'schema')]: '{',
    [inputPath('age', 'default')]: 'x',
    [responseSchemaPath]: '{',
  });
  const removed = { ...content, inputs: content.inputs.filter(({ name }) => name !== 'order') };
  expect(followInputs(typed, content, removed)).toEqual({
    [inputPath('age', 'default')]: 'x',
    [responseSchemaPath]: '{',
  });
});

test('texts of two windows are joined: what only the other changed is theirs', () => {
  const base = { a: '1', b: '1', c: '1' };
  expect(mergeTyped(base, { a: '2', b: '1', c: '1' }, { a: '3', b: '3' })).toEqual({ a: '2', b: '3' });
  expect(mergeTyped({}, {}, { d: '4' })).toEqual({ d: '4' });
  expect(sameTyped({ a: '1' }, { a: '1' })).toBe(true);
  expect(sameTyped({ a: '1' }, { b: '1' })).toBe(false);
});

test('a default number with more digits than a number keeps is said, and never rounded', () => {
  expect(parseDefault('number', '1234567890123456789')).toEqual({
    error: 'This has more digits than a number keeps; declare the input as a string.',
  });
  expect(parseDefault('number', '1.50')).toEqual({ value: 1.5 });
  expect(parseDefault('string', '1234567890123456789')).toEqual({ value: '1234567890123456789' });
});

test('provider parameters are read and written where they stand; none is an empty text', () => {
  const whole = contentSchema.parse({
    messages: [
      { placeholder: 'history', extra: { a: 1 } },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'x' },
          { type: 'image', url: 'https://example.com/a.png' },
        ],
      },
    ],
  });
  const paths = [
    settingsExtraPath,
    contentExtraPath,
    messageExtraPath({ message: 0, part: null }),
    messageExtraPath({ message: 1, part: null }),
    messageExtraPath({ message: 1, part: 1 }),
  ];
  for (const path of paths) {
    const field = fieldAt(path, whole)!;
    const written = field.write(whole, '{"top_k": 40}');
    if ('error' in written) throw new Error(written.error);
    expect(JSON.parse(field.read(written.content))).toEqual({ top_k: 40 });
    const cleared = field.write(written.content, ' ');
    if ('error' in cleared) throw new Error(cleared.error);
    expect(field.read(cleared.content)).toBe('');
    expect(JSON.stringify(cleared.content)).not.toContain('top_k');
    expect(field.write(whole, '[1]')).toEqual({ error: 'Expected an object: { … }.' });
    expect(field.write(whole, '{"a": ')).toMatchObject({ error: expect.stringMatching(/not valid JSON/) });
    expect(field.write(whole, JSON.stringify({ a: 'x'.repeat(70_000) }))).toMatchObject({
      error: 'An "extra" has at most 65536 bytes as JSON.',
    });
  }
  for (const gone of ['messages/2/extra', 'messages/0/parts/0/extra', 'messages/1/parts/2/extra', 'messages/x/extra'])
    expect(fieldAt(gone, whole)).toBeNull();
  expect(fieldAt(messageExtraPath({ message: 1, part: 1 }), whole)?.label).toBe(
    'Provider parameters of part 2 of message 2',
  );
});

test('texts of messages and parts follow them, and go with those that are removed', () => {
  const typed = { 'messages/0/extra': 'a', 'messages/1/parts/0/extra': 'b', 'messages/2/extra': 'c', tools: 'd' };
  const moved = followMessages(typed, ({ message, part }) =>
    message === 2 ? null : { message: 1 - message, part: part === null ? null : 3 },
  );
  expect(moved).toEqual({ 'messages/1/extra': 'a', 'messages/0/parts/3/extra': 'b', tools: 'd' });
  const others = { tools: 'd' };
  expect(followMessages(others, () => null)).toBe(others);
});
