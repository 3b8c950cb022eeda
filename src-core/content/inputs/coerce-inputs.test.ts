import { describe, expect, it } from 'vitest';
import { type InputDeclaration, inputSchema } from '../../contract/content.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { timed } from '../../templates/corpus/hostile.ts';
import { checkDeclarations, coerceInputs } from './coerce-inputs.ts';

const declare = (declaration: Partial<InputDeclaration> & { name: string; type: InputDeclaration['type'] }) =>
  inputSchema.parse(declaration);

function coerceOne(type: InputDeclaration['type'], value: Json, more: Partial<InputDeclaration> = {}) {
  const { values, problems } = coerceInputs([declare({ name: 'x', type, ...more })], { x: value });
  return problems.length === 0 ? values.x : problems.map(({ message }) => message);
}

describe('coercing inputs', () => {
  it.each<[InputDeclaration['type'], Json, Json]>([
    ['string', 'a', 'a'],
    ['string', '', ''],
    ['string', 3, '3'],
    ['number', '3', 3],
    ['number', ' -2.5e1 ', -25],
    ['number', '.5', 0.5],
    ['number', 0, 0],
    ['boolean', 'true', true],
    ['boolean', 'False', false],
    ['boolean', false, false],
    ['array<string>', ['a', 1, true], ['a', '1', 'true']],
    ['array<string>', '["a", "b,c"]', ['a', 'b,c']],
    ['array<string>', 'first\r\n\nsecond', ['first', 'second']],
    ['array<string>', [], []],
    ['object', { a: [1] }, { a: [1] }],
    ['object', '{"a": {"b": null}}', { a: { b: null } }],
  ])('reads %s from %j as %j', (type, value, expected) => {
    expect(coerceOne(type, value)).toEqual(expected);
  });

  it.each<[InputDeclaration['type'], Json, string]>([
    ['string', ['a'], 'Input "x": expected string, but ["a"] came (a list).'],
    ['number', 'three', 'Input "x": expected number, but "three" came (a string).'],
    ['number', true, 'Input "x": expected number, but true came (a boolean).'],
    ['number', '0x10', 'Input "x": expected number, but "0x10" came (a string).'],
    ['number', '1e999', 'Input "x": expected number, but "1e999" came, which is too large.'],
    ['boolean', 'yes', 'Input "x": expected boolean (true or false), but "yes" came (a string).'],
    ['boolean', 1, 'Input "x": expected boolean (true or false), but 1 came (a number).'],
    ['array<string>', 5, 'Input "x": expected array<string>, but 5 came (a number).'],
    ['array<string>', '["a"', 'Input "x": expected array<string>, but "[\\"a\\"" came, which is not valid JSON.'],
    [
      'array<string>',
      ['a', {}],
      'Input "x": expected array<string>, but ["a",{}] came, which holds an object at position 2.',
    ],
    ['object', '[1]', 'Input "x": expected object, but [1] came (a list).'],
    [
      'object',
      `{\n  "text": "${'word '.repeat(20)}",\n  "id": ,\n}`,
      `Input "x": expected object, but "{\\n  \\"text\\": \\"word word word word word word word word w… came, which is not valid JSON: see line 3, column 9.`,
    ],
    ['object', 'a', 'Input "x": expected object, but "a" came, which is not valid JSON.'],
  ])('does not read %s from %j', (type, value, message) => {
    expect(coerceOne(type, value)).toEqual([message]);
  });

  it('refuses integers that a number cannot keep', () => {
    expect(coerceOne('number', '12345678901234567890')).toEqual([expect.stringContaining('declare it as a string')]);
  });
});

describe('what is said of inputs', () => {
  it('says the first of many values of an enum, and takes an empty one that is declared', () => {
    const values = Array.from({ length: 200 }, (_, index) => `v${index}`);
    expect(coerceOne('enum', 'x', { values })).toEqual([
      'Input "x": expected one of "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9" and 190 more, but "x" came (a string).',
    ]);
    expect(coerceOne('enum', '', { values: ['', 'a'] })).toBe('');
    expect(coerceOne('enum', 2, { values: ['1', '2'] })).toBe('2');
  });

  it('finds a missing value under a misspelt name', () => {
    const declarations = [declare({ name: 'topic', type: 'string' }), declare({ name: 'tone', type: 'string' })];
    const { values, problems } = coerceInputs(declarations, { tpoic: 'tea', tone: 'dry' });
    expect(problems.map(({ message }) => message)).toEqual([
      'Input "topic" is required: expected string, but no value came. Did you mean it by "tpoic"?',
    ]);
    expect(values).toEqual({ tpoic: 'tea', tone: 'dry' });
  });

  it('cuts a long value between characters', () => {
    expect(coerceOne('number', `${'x'.repeat(57)}😀😀`)).toEqual([
      `Input "x": expected number, but "${'x'.repeat(57)}… came (a string).`,
    ]);
    expect(coerceOne('number', Number.NaN)).toEqual(['Input "x": expected number, but NaN came (a number).']);
  });

  it('takes only the declared values of an enum', () => {
    expect(coerceOne('enum', 'short', { values: ['short', 'long'] })).toBe('short');
    expect(coerceOne('enum', 'Short', { values: ['short', 'long'] })).toEqual([
      'Input "x": expected one of "short", "long", but "Short" came (a string).',
    ]);
  });

  it('fills in defaults, coerced like values, and leaves optional inputs undefined', () => {
    const declarations = [
      declare({ name: 'limit', type: 'number', default: '7' }),
      declare({ name: 'note', type: 'string', required: false }),
    ];
    expect(coerceInputs(declarations, { limit: null }).values).toEqual({ limit: 7 });
    expect(coerceInputs(declarations, {})).toEqual({ values: { limit: 7 }, problems: [] });
  });

  it('reports every problem at once and passes undeclared values through', () => {
    const declarations = [
      declare({ name: 'name', type: 'string' }),
      declare({ name: 'age', type: 'number' }),
      declare({ name: 'tone', type: 'enum', values: ['kind', 'dry'] }),
    ];
    const { values, problems } = coerceInputs(declarations, { age: 'old', tone: 'loud', extra: [1] });
    expect(problems.map(({ input, kind, received }) => [input, kind, received])).toEqual([
      ['name', 'missing', null],
      ['age', 'type', '"old"'],
      ['tone', 'enum', '"loud"'],
    ]);
    expect(problems[0]?.message).toBe('Input "name" is required: expected string, but no value came.');
    expect(values).toEqual({ extra: [1] });
  });

  it('counts an empty form field as absent, except for text', () => {
    expect(coerceOne('number', '')).toEqual(['Input "x" is required: expected number, but no value came.']);
    expect(coerceOne('string', '')).toBe('');
  });

  it('treats inputs called like members of Object.prototype as ordinary names', () => {
    const declarations = [
      declare({ name: 'constructor', type: 'string', required: false }),
      declare({ name: '__proto__', type: 'string' }),
    ];
    const { values, problems } = coerceInputs(declarations, JSON.parse('{"__proto__": "own"}'));
    expect(problems).toEqual([]);
    expect(Object.entries(values)).toEqual([['__proto__', 'own']]);
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  });

  it('finds declarations that contradict themselves', () => {
    const problems = checkDeclarations([
      declare({ name: 'a', type: 'number', default: 'x' }),
      declare({ name: 'b', type: 'enum' }),
      declare({ name: 'a', type: 'string' }),
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      'Input "a": expected number, but its default "x" came (a string).',
      'Input "b" is an enum without values.',
      'Input "a" is declared twice.',
    ]);
    const schema = { properties: { size: { type: 'numbre' } } };
    expect(checkDeclarations([declare({ name: 'o', type: 'object', schema })]).map(({ message }) => message)).toEqual([
      'Input "o" has a JSON Schema that cannot be used: its "properties.size" has the type "numbre"; types are null, boolean, number, integer, string, array, object.',
    ]);
  });
});

describe('object inputs with a JSON Schema', () => {
  const schema = {
    type: 'object',
    required: ['items'],
    properties: {
      items: { type: 'array', items: { type: 'object', properties: { price: { type: 'number', minimum: 0 } } } },
    },
  };

  it('passes what fits', () => {
    expect(coerceOne('object', { items: [{ price: 2 }] }, { schema })).toEqual({ items: [{ price: 2 }] });
  });

  it('says where and why something does not fit', () => {
    expect(coerceOne('object', { items: [{ price: '2' }, { price: -1 }] }, { schema })).toEqual([
      'Input "x": expected object that follows its JSON Schema, but {"items":[{"price":"2"},{"price":-1}]} came, ' +
        'which does not: items[0].price must be of type "number", not "string"; items[1].price must be at least 0, not -1.',
    ]);
    expect(coerceOne('object', {}, { schema })).toEqual([expect.stringContaining('must have the property "items"')]);
  });

  it('takes a list only when the schema asks for one', () => {
    expect(coerceOne('object', '[{"a": 1}]', { schema: { type: 'array' } })).toEqual([{ a: 1 }]);
    expect(coerceOne('object', [1])).toEqual(['Input "x": expected object, but [1] came (a list).']);
  });

  it.each([
    ['a reference to itself', { $ref: '#' }],
    ['a dynamic reference to itself', { $dynamicRef: '#' }],
    ['doubling references', doublingSchema(40)],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema.json' }],
    ['a pattern that looks ahead', { properties: { a: { pattern: '^(?=a).*$' } } }],
    ['a schema that nests too deep', nested(1_000)],
    [
      'a long enum of every item',
      { properties: { list: { items: { enum: Array.from({ length: 20_000 }, (_, i) => i) } } } },
    ],
  ])('refuses %s at once instead of running it', (_, hostile) => {
    const list = Array.from({ length: 20_000 }, (__, index) => ({ index }));
    const value = { a: 'a'.repeat(1000), list };
    const { outcome, milliseconds } = timed(() => coerceOne('object', value, { schema: hostile }));
    expect(outcome).toEqual([expect.stringContaining('cannot be checked, because of its schema')]);
    expect(milliseconds).toBeLessThan(10_000);
  });

  it.each([
    ['catastrophic patterns', { properties: { a: { pattern: '^(a+)+$' }, b: { pattern: '^(a*){8}b$' } } }],
    ['optional parts without end', { properties: { a: { pattern: `${'a?'.repeat(40)}${'a'.repeat(40)}x` } } }],
    ['a pattern for names', { patternProperties: { '^(a|a)*$': { type: 'number' } } }],
    ['items that must differ', { properties: { list: { uniqueItems: true } } }],
  ])('checks %s in time', (_, hostile) => {
    const list = Array.from({ length: 20_000 }, (__, index) => ({ index }));
    const value = { a: `${'a'.repeat(3000)}!`, b: 'a'.repeat(3000), aa: 'x', list: [...list, { index: 5 }] };
    const { outcome, milliseconds } = timed(() => coerceOne('object', value, { schema: hostile }));
    expect(outcome).toEqual([expect.stringContaining('which does not: ')]);
    expect(milliseconds).toBeLessThan(10_000);
  });

  it('takes values that nest deep, and says so where that matters', () => {
    const deep = { a: nested(20_000) };
    expect(coerceOne('object', deep, { schema: { type: 'object' } })).toBe(deep);
    expect(coerceOne('number', deep)).toEqual([
      'Input "x": expected number, but a value that nests too deep came (an object).',
    ]);
  });

  it('does not touch the schema it was given', () => {
    const frozen = Object.freeze({
      type: 'object',
      properties: Object.freeze({ a: Object.freeze({ $ref: '#/$defs/a' }) }),
      $defs: { a: { type: 'string' } },
    });
    expect(coerceOne('object', { a: 'text' }, { schema: frozen })).toEqual({ a: 'text' });
    expect(Reflect.ownKeys(frozen)).toEqual(['type', 'properties', '$defs']);
  });
});

/** An object inside an object, and so on. */
function nested(levels: number): JsonObject {
  let object: JsonObject = {};
  for (let level = 0; level < levels; level += 1) object = { type: 'object', properties: object };
  return object;
}

/** Every level refers to the next one twice: 2^levels validations when nothing stops them. */
function doublingSchema(levels: number) {
  const names = Array.from({ length: levels }, (_, level) => `level${level}`);
  const definitions = names.map((name, level) => {
    const next = { $ref: `#/$defs/level${level + 1}` };
    return [name, level + 1 < levels ? { allOf: [next, next] } : true] as const;
  });
  return { $ref: '#/$defs/level0', $defs: Object.fromEntries(definitions) };
}
