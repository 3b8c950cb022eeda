import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timed } from '../../templates/corpus/hostile.ts';
import { countLines, diffLines, joinLines, splitLines } from './line-diff.ts';

test('splitting into lines loses nothing, whatever the line ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', ' ') }), (text) => {
      expect(joinLines(splitLines(text))).toBe(text);
    }),
  );
  expect(splitLines('')).toEqual([]);
  expect(splitLines('a\n')).toEqual(['a', '']);
});

test('a line appended to a text without a final newline is one added line', () => {
  expect(countLines(diffLines('a\nb', 'a\nb\nc'))).toEqual({ added: 1, removed: 0 });
  expect(countLines(diffLines('', 'a\nb'))).toEqual({ added: 2, removed: 0 });
});

test('a prompt of 50 000 lines is compared quickly even when every line moved', () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `Line ${i} says {{ value_${i} }}`);
  const [before, after] = [joinLines(lines), joinLines(lines.toReversed())];
  const { outcome, milliseconds } = timed(() => diffLines(before, after));
  expect(countLines(outcome).added).toBeGreaterThan(25_000);
  // A shortest path takes minutes to find here; the goal for a usual prompt stands in the bench.
  expect(milliseconds).toBeLessThan(10_000);
});
