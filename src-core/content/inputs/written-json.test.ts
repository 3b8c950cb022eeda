import { describe, expect, test } from 'vitest';
import { type InputDeclaration, inputSchema } from '../../contract/content.ts';
import {
  indentedJson,
  isExactNumber,
  parseExactJson,
  parseWrittenJson,
  parseWrittenYaml,
  settleValues,
  type WrittenObject,
} from './written-json.ts';

const declare = (type: InputDeclaration['type']) => [inputSchema.parse({ name: 'x', type })];
const settle = (value: ReturnType<typeof parseWrittenJson>, type?: InputDeclaration['type']) =>
  settleValues({ x: value } as WrittenObject, type === undefined ? [] : declare(type));

const numbers = ['1234567890123456789', '1.10', '1e21', '0.1', '1.0', '-0', '3.141592653589793238', '42', '1E5'];

describe('text inputs get the digits as they were written', () => {
  test.each(numbers)('%s in JSON', (source) => {
    expect(settle(parseWrittenJson(source), 'string').values).toEqual({ x: source });
    expect(settle(parseWrittenJson(`[${source}]`), 'array<string>').values).toEqual({ x: [source] });
  });

  test.each([...numbers, '007', '+5', '0x1F', '0o17', '.5', '.inf'])('%s in YAML', (source) => {
    expect(settle(parseWrittenYaml(source), 'string').values).toEqual({ x: source });
  });
});

test('a number input gets a number, or the text of one that no number can hold', () => {
  expect(settle(parseWrittenJson('1.10'), 'number').values).toEqual({ x: 1.1 });
  expect(settle(parseWrittenJson('1e21'), 'number').values).toEqual({ x: 1e21 });
  expect(settle(parseWrittenYaml('007'), 'number').values).toEqual({ x: 7 });
  expect(settle(parseWrittenJson('1234567890123456789'), 'number').values).toEqual({ x: '1234567890123456789' });
});

test('an object input says which number it cannot hold, however deep', () => {
  const { problems } = settle(parseWrittenJson('{"a":[{"id":1234567890123456789}]}'), 'object');
  expect(problems).toEqual([
    {
      input: 'x',
      message: 'Input "x" holds 1234567890123456789, which has more digits than a number keeps; write it in quotes.',
    },
  ]);
  expect(settle(parseWrittenJson('{"a":[1.10, 2e3]}'), 'object')).toEqual({
    values: { x: { a: [1.1, 2000] } },
    problems: [],
  });
});

test('an undeclared value stays a number where nothing is lost, else text', () => {
  expect(settle(parseWrittenJson('[1.10, 1234567890123456789, 1e400]')).values).toEqual({
    x: [1.1, '1234567890123456789', '1e400'],
  });
});

test('a key named __proto__ is a key like any other', () => {
  const { values } = settleValues(parseWrittenJson('{"__proto__":{"a":1.10}}') as WrittenObject, []);
  expect(Object.keys(values)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
});

test('YAML aliases, duplicate keys and broken text are errors', () => {
  expect(() => parseWrittenYaml('a: &x 1\nb: *x')).toThrow(/alias/);
  expect(() => parseWrittenYaml('a: 1\na: 2')).toThrow(/unique/i);
  expect(() => parseWrittenYaml('a: [')).toThrow();
});

test.each([
  ['0.1', true],
  ['1.10', true],
  ['1e21', true],
  ['100000000000000000000', true],
  ['9007199254740993', false],
  ['0.30000000000000004', true],
  ['3.14159265358979323846', false],
  ['1e400', false],
  ['0', true],
  ['-0.0', true],
  ['1e-400', false],
])('whether a number keeps all digits of %s: %s', (source, exact) => {
  expect(isExactNumber(source)).toBe(exact);
});

test('JSON that is indented keeps every digit', () => {
  const text = '{"a": [1234567890123456789, 1.10, {}, []], "__proto__": {"b": null}}';
  expect(indentedJson(parseWrittenJson(text))).toBe(
    '{\n  "a": [\n    1234567890123456789,\n    1.10,\n    {},\n    []\n  ],\n  "__proto__": {\n    "b": null\n  }\n}',
  );
});

test('JSON of a field is exact or an error', () => {
  expect(parseExactJson('{"a":1.10}')).toEqual({ value: { a: 1.1 } });
  expect(parseExactJson('{"a":[1234567890123456789]}')).toEqual({
    error: '1234567890123456789 has more digits than a number keeps; write it in quotes.',
  });
  expect(parseExactJson('{"a":1,"a":2}')).toEqual({
    error: 'This is not valid JSON: the key "a" stands twice in one object, the second time at line 1, column 8.',
  });
});
