import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timed } from '../templates/corpus/hostile.ts';
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

test('two 2 000-line prompts are compared within 50 ms even when every line moved', () => {
  const lines = Array.from({ length: 2_000 }, (_, i) => `Line ${i} says {{ value_${i} }}`);
  const [before, after] = [joinLines(lines), joinLines(lines.toReversed())];
  const timings = [1, 2, 3].map(() => {
    const { outcome, milliseconds } = timed(() => diffLines(before, after));
    expect(countLines(outcome).added).toBeGreaterThan(1_000);
    return milliseconds;
  });
  expect(Math.min(...timings)).toBeLessThan(50);
});
