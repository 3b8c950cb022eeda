import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doubledKeyProblem, doubledKeys } from './doubled-keys.ts';

test.each([
  ['{"a":1,"a":2}', [['a', 7, 0]]],
  ['[{"a":1},{"b":{"x":[1,2],"x":3}}]', [['x', 25, 1]]],
  ['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', []],
  ['{"a\\u0062":1, "ab" : 2}', [['ab', 14, 0]]],
  ['{"__proto__":1,"__proto__":2}', [['__proto__', 15, 0]]],
  ['["a","a",{"a":"a,{","b":"\\"a\\":"}]', []],
  [
    '{"a":1,"a":2,"a":3}',
    [
      ['a', 7, 0],
      ['a', 13, 0],
    ],
  ],
])('%s', (text, expected) => {
  expect(doubledKeys(text).map(({ key, offset, item }) => [key, offset, item])).toEqual(expected);
});

test('the place of the second one is told', () => {
  expect(doubledKeyProblem('{\n "name": 1,\n "name": 2}')).toBe(
    'the key "name" stands twice in one object, the second time at line 3, column 2',
  );
});

test('what JSON.stringify writes has none', () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 0, max: 2 }), (text, spaces) => {
      expect(doubledKeys(JSON.stringify(JSON.parse(text), null, spaces))).toEqual([]);
    }),
  );
});
