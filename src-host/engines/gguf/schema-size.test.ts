import { describe, expect, test } from 'vitest';
import { checkSchemaSize } from './schema-size.ts';

const strings = (count: number) => Array.from({ length: count }, (_, index) => `value ${index}`);

describe('the size of a response schema for a local model', () => {
  test.each([
    ['no schema', null],
    ['a list of all currencies', { enum: strings(180) }],
    [
      'a hundred properties',
      { type: 'object', properties: Object.fromEntries(strings(100).map((name) => [name, { type: 'string' }])) },
    ],
  ])('is fine for %s', (_, schema) => {
    expect(() => checkSchemaSize(schema)).not.toThrow();
  });

  test('is too large with 50 000 values, and the sentence says so', () => {
    expect(() => checkSchemaSize({ enum: strings(50_000) })).toThrow(
      'The response schema has 50,002 values and properties, but a local model can be held to at most 2,000: shorten its lists, or choose a remote model.',
    );
  });

  test.each([
    ['nested choices', { oneOf: strings(60).map((name) => ({ properties: { [name]: { enum: strings(60) } } })) }],
    ['properties', { properties: Object.fromEntries(strings(1_500).map((name) => [name, { type: 'string' }])) }],
    ['one endless value', { const: 'x'.repeat(300_000) }],
    ['names', { properties: { ['x'.repeat(300_000)]: {} } }],
  ])('is too large with %s', (_, schema) => {
    expect(() => checkSchemaSize(schema)).toThrow('can be held to at most');
  });

  test('counts schemas that nest deep', () => {
    let schema: { [key: string]: unknown } = { type: 'string' };
    for (let depth = 0; depth < 100_000; depth += 1) schema = { items: schema };
    expect(() => checkSchemaSize(schema as never)).toThrow('can be held to at most');
  });
});
