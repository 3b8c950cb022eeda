import { expect, test } from 'vitest';
import { checkAnswer } from './check-answer.ts';

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'array', items: { type: 'integer' } } },
  required: ['city'],
  additionalProperties: false,
};

test('an answer that keeps to its schema has no problems', () => {
  expect(checkAnswer(schema, ' {"city":"Bergen","people":[1]}\n')).toEqual([]);
});

test('each place that breaks the schema is named with what was expected', () => {
  expect(checkAnswer(schema, '{"people":[1,"two"]}')).toEqual([
    'The answer must have the property "city".',
    'people[1] must be of type "integer", not "string".',
  ]);
});

test.each([
  ['', /empty/],
  ['```json\n{"city":"Bergen"}\n```', /Markdown fence/],
  ['{"city":"Ber', /incomplete/],
  ['Bergen is a city.', /text where JSON was expected; it begins with "Bergen is a city\."/],
])('%j says why it is no JSON', (answer, expected) => {
  const problems = checkAnswer(schema, answer);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(expected);
});

test('a schema that cannot be checked says so instead of passing', () => {
  expect(checkAnswer({ $ref: '#/nowhere' }, '"aaaa"')[0]).toMatch(/not checked/);
});

test('a long list of faults is cut', () => {
  expect(checkAnswer({ items: { type: 'string' } }, JSON.stringify(Array(500).fill(1)))).toHaveLength(10);
});
