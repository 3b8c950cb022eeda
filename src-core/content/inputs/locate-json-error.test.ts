import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locateJsonError } from './locate-json-error.ts';

test.each([
  ['', 0],
  ['{"a":}', 5],
  ['{"a":1,}', 7],
  ['[1,]', 3],
  ['[1 2]', 3],
  ['{"a" 1}', 5],
  ["{'a':1}", 1],
  ['[1}', 2],
  ['{"a":1', 6],
  ['["abc', 1],
  ['tru', 0],
  ['01', 0],
  ['{} x', 3],
  ['["a\nb"]', 1],
])('%j goes wrong at %i', (text, offset) => {
  expect(locateJsonError(text)).toBe(offset);
});

test('whatever JSON.stringify writes has no error', () => {
  fc.assert(fc.property(fc.json(), (text) => locateJsonError(text) === null));
});

test('it finds an error exactly where JSON.parse does', () => {
  const fragments = fc.array(
    fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', 'null', ' ', '"', '\\', '.5'),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(fragments, (parts) => (locateJsonError(parts.join('')) === null) === isJson(parts.join(''))),
    { numRuns: 2_000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
