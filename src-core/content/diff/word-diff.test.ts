import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timed } from '../../templates/corpus/hostile.ts';
import { type DiffSpan, diffWords } from './word-diff.ts';

const show = (spans: readonly DiffSpan[]) =>
  spans.map(({ kind, text }) => (kind === 'same' ? text : `${kind === 'added' ? '+' : '-'}[${text}]`)).join('');
const side = (spans: readonly DiffSpan[], other: DiffSpan['kind']) =>
  spans
    .filter((span) => span.kind !== other)
    .map((span) => span.text)
    .join('');

describe('a word diff', () => {
  test('marks the words that changed and nothing else', () => {
    expect(show(diffWords('Be brief and kind.', 'Be brief and very honest.'))).toBe(
      'Be brief and -[kind]+[very honest].',
    );
    expect(show(diffWords('price: 10', 'price: 12'))).toBe('price: -[10]+[12]');
  });

  test('shows a rewritten sentence as one change, not as confetti', () => {
    expect(show(diffWords('one two three', 'four five six'))).toBe('-[one two three]+[four five six]');
  });

  test('compares scripts without spaces by character', () => {
    expect(show(diffWords('今天天气好', '今天天气坏'))).toBe('今天天气-[好]+[坏]');
  });

  test('gives both texts back in full', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '.', '\r\n', 'é', '\u{1f600}', '\ud800') });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const spans = diffWords(before, after);
        expect(side(spans, 'added')).toBe(before);
        expect(side(spans, 'removed')).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  test('of two huge unrelated outputs ends quickly and still loses nothing', () => {
    const huge = (word: string) => Array.from({ length: 60_000 }, (_, i) => `${word} ${i % 977} ok`).join('\n');
    const [before, after] = [huge('left'), huge('right').split('').reverse().join('')];
    const { outcome: spans, milliseconds } = timed(() => diffWords(before, after));
    expect(milliseconds).toBeLessThan(10_000);
    expect(side(spans, 'added')).toBe(before);
    expect(side(spans, 'removed')).toBe(after);
  });

  test('of outputs just under the limit for words ends quickly', () => {
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return state % 50;
    };
    const text = () =>
      Array.from({ length: 160_000 }, () => `w${random()}`)
        .join(' ')
        .slice(0, 499_000);
    const [before, after] = [text(), text()];
    const { outcome: spans, milliseconds } = timed(() => diffWords(before, after));
    expect(side(spans, 'added')).toBe(before);
    expect(milliseconds).toBeLessThan(10_000);
  });
});
