import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../src-core/contract/shared.ts';
import { isStrict } from './strict-schema.ts';

const closed = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

test('a schema whose objects are closed and complete is strict, at any depth', () => {
  const person = closed({ name: { type: 'string' }, age: { type: ['integer', 'null'] } });
  expect(isStrict(person)).toBe(true);
  expect(isStrict(closed({ people: { type: 'array', items: person } }))).toBe(true);
  expect(isStrict(closed({ who: { $ref: '#/$defs/person' } }, { $defs: { person } }))).toBe(true);
  expect(isStrict(closed({ who: { anyOf: [person, { type: 'null' }] } }))).toBe(true);
});

test.each<[string, JsonObject]>([
  ['an open object', { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
  ['an optional property', closed({ a: { type: 'string' } }, { required: [] })],
  ['an open object inside', closed({ a: { type: 'object' } })],
  ['an object that any keys fit', closed({}, { properties: {}, additionalProperties: { type: 'string' } })],
  ['a keyword that is not taken', closed({ a: { type: 'string', minLength: 3 } })],
  ['a choice at the top', { anyOf: [closed({}), closed({})] }],
  ['a list at the top', { type: 'array', items: { type: 'string' } }],
])('%s is not', (_name, schema) => {
  expect(isStrict(schema)).toBe(false);
});
