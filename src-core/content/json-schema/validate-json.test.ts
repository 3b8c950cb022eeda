import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { schemaFault, validateJson } from './validate-json.ts';

function clauses(schema: JsonObject, value: Json): readonly string[] {
  const outcome = validateJson(schema, value);
  if ('unusable' in outcome) return [`unusable: ${outcome.unusable}`];
  return outcome.map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
}

const string = { type: 'string' };
const number = { type: 'number' };
const tree = {
  $defs: {
    node: { type: 'object', required: ['name'], properties: { children: { items: { $ref: '#/$defs/node' } } } },
  },
  $ref: '#/$defs/node',
};

/** A schema, a value that fits, one that does not, and what is said of that. */
it.each<[JsonObject, Json, Json, readonly string[]]>([
  [{ type: ['integer', 'null'] }, 2, 2.5, ['must be of type "integer" or "null", not "number"']],
  [{ enum: ['a', { b: [1, 2] }] }, { b: [1, 2] }, 'c', ['must be one of "a", {"b":[1,2]}']],
  [{ const: { a: 1, b: 2 } }, { b: 2, a: 1 }, {}, ['must be {"a":1,"b":2}']],
  [{ minimum: 1, maximum: 3 }, 3, 4, ['must be at most 3, not 4']],
  [{ exclusiveMinimum: 1, exclusiveMaximum: 3 }, 2, 1, ['must be above 1, not 1']],
  [{ minimum: 1, exclusiveMinimum: true }, 1.1, 1, ['must be above 1, not 1']],
  [{ multipleOf: 0.1 }, 0.3, 0.35, ['must be a multiple of 0.1, not 0.35']],
  [{ minLength: 2, maxLength: 3 }, '😀😀', '😀', ['must have at least 2 characters, not 1']],
  [{ pattern: '^[a-z]+(-[a-z]+)*$' }, 'a-slug', 'A slug', ['must match the pattern ^[a-z]+(-[a-z]+)*$']],
  [{ format: 'date' }, '2024-02-29', '2023-02-29', ['must be a valid date']],
  [{ format: 'date-time' }, '2024-02-29T10:00:00Z', '2024-02-29', ['must be a valid date-time']],
  [{ format: 'email' }, 'a.b@c.org', 'a@b@c', ['must be a valid email']],
  [{ format: 'uri' }, 'https://c.org/x?y', 'c.org', ['must be a valid uri']],
  [{ format: 'uuid' }, '2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2eb8', ['must be a valid uuid']],
  [{ format: 'ipv4' }, '127.0.0.1', '127.0.0.256', ['must be a valid ipv4']],
  [{ format: 'ipv6' }, '::ffff:1.2.3.4', '1:2:3', ['must be a valid ipv6']],
  [{ format: 'of-someone' }, 'x', 1, []],
  [{ minItems: 1, maxItems: 2 }, [1], [], ['must have at least 1 items, not 0']],
  [
    { uniqueItems: true },
    [{ a: 1, b: 2 }, { a: 1 }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    ['must not have the same item twice, as at 0 and 1'],
  ],
  [{ items: string }, ['a'], ['a', 1], ['[1] must be of type "string", not "number"']],
  [
    { prefixItems: [string], items: number },
    ['a', 1],
    [1, 'a'],
    ['[0] must be of type "string", not "number"', '[1] must be of type "number", not "string"'],
  ],
  [{ items: [string], additionalItems: false }, ['a'], ['a', 1], ['[1] is not allowed']],
  [{ contains: string, maxContains: 1 }, [1, 'a'], [1], ['must have an item that "contains" describes']],
  [
    { required: ['a'], minProperties: 1 },
    { a: 1 },
    {},
    ['must have the property "a"', 'must have at least 1 properties, not 0'],
  ],
  [
    { properties: { a: { properties: { b: string } } } },
    { a: { b: 'x' } },
    { a: { b: 1 } },
    ['a.b must be of type "string", not "number"'],
  ],
  [
    { properties: { a: {} }, patternProperties: { '^x-': number }, additionalProperties: false },
    { a: 1, 'x-b': 2 },
    { b: 1, 'x-c': 'd' },
    ['must not have the property "b"', 'x-c must be of type "number", not "string"'],
  ],
  [{ additionalProperties: string }, { a: 'x' }, { a: 1 }, ['a must be of type "string", not "number"']],
  [{ propertyNames: { maxLength: 1 } }, { a: 1 }, { ab: 1 }, ['must not have a property called "ab"']],
  [{ dependentRequired: { a: ['b'] } }, { b: 1 }, { a: 1 }, ['must have the property "b", because it has "a"']],
  [{ dependencies: { a: { required: ['b'] } } }, { a: 1, b: 1 }, { a: 1 }, ['must have the property "b"']],
  [{ allOf: [string, { minLength: 1 }] }, 'a', '', ['must have at least 1 characters, not 0']],
  [{ anyOf: [string, number] }, 1, null, ['must be of type "string" or "number", not "null"']],
  [
    { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    { a: 1 },
    {},
    ['must fit one of 2 forms: nearest, it must have the property "a"'],
  ],
  [{ oneOf: [number, { minimum: 1 }] }, 0, 2, ['must fit exactly one of 2 forms, but fits 2']],
  [{ not: string }, 1, 'a', ['must not be what "not" describes']],
  [
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    { if: { required: ['a'] }, then: { required: ['b'] }, else: { required: ['c'] } },
    { c: 1 },
    { a: 1 },
    ['must have the property "b"'],
  ],
  [
    { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
    { a: 1 },
    { b: 1 },
    ['must not have the property "b"'],
  ],
  [{ prefixItems: [{}], unevaluatedItems: string }, [1, 'a'], [1, 2], ['[1] must be of type "string", not "number"']],
  [
    tree,
    { name: 'a', children: [{ name: 'b' }] },
    { name: 'a', children: [{ name: 'b', children: [{}] }] },
    ['children[0].children[0] must have the property "name"'],
  ],
  [
    { $id: 'https://c.org/s', $ref: 'https://c.org/s#text', $defs: { t: { $anchor: 'text', ...string } } },
    'a',
    1,
    ['must be of type "string", not "number"'],
  ],
  [
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $ref: '#/definitions/a',
      type: 'null',
      definitions: { a: string },
    },
    'a',
    1,
    ['must be of type "string", not "number"'],
  ],
  [
    { properties: { 'a/b': { $ref: '#/$defs/x~1y%25' } }, $defs: { 'x/y%': string } },
    { 'a/b': 'c' },
    { 'a/b': 1 },
    ['a/b must be of type "string", not "number"'],
  ],
])('%j fits %j and not %j', (schema, fitting, other, said) => {
  expect(clauses(schema, fitting)).toEqual([]);
  expect(clauses(schema, other)).toEqual(said);
});

it.each<[JsonObject, string]>([
  [{ type: 'strnig' }, 'it has the type "strnig"; types are null, boolean, number, integer, string, array, object'],
  [{ properties: { a: { minimum: '1' } } }, 'its "properties.a" has a "minimum" that is not a number'],
  [{ items: [{ required: 'a' }] }, 'its "items[0]" has a "required" that is not a list of names'],
  [{ anyOf: [{ pattern: '(' }] }, 'its pattern "(" cannot be used: it is not a regular expression'],
  [{ properties: { a: { $ref: '#/$defs/gone' } } }, 'there is nothing at its reference "#/$defs/gone"'],
  [{ $ref: 'other.json' }, 'its reference "other.json" leads outside of it'],
  [{ properties: { a: 5 } }, 'its "properties.a" is 5, not a schema'],
  [{ multipleOf: 0 }, 'it has a "multipleOf" that is not above 0'],
])('says why %j cannot be used', (schema, fault) => {
  expect(schemaFault(schema)).toBe(fault);
  expect(clauses(schema, {})).toEqual([`unusable: ${fault}`]);
});

it('finds no fault in data that looks like a schema', () => {
  const schema = {
    const: { type: 'x' },
    default: { pattern: '(' },
    examples: [{ $ref: 'x' }],
    enum: [{ type: 'x' }],
    'x-own': { type: 5 },
  };
  expect(schemaFault(schema)).toBeNull();
  expect(schemaFault({ properties: { type: { type: 'string' }, required: { type: 'boolean' } } })).toBeNull();
});
