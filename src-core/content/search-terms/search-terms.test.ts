import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchCases } from '../../library/search/testing/search-cases.ts';
import { foldCase, foldText, foldWithPlaces } from './fold-text.ts';
import { cutMark, findMatches, indexedText, patternOf, phrasesOf, searchedLength } from './search-terms.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...searchCases.map(({ text }) => text)),
);

test('a page of Chinese without any punctuation is indexed, however long it is', () => {
  expect(indexedText('漢字'.repeat(100_000)).split(' ')).toHaveLength(200_000);
});

describe('a folded text', () => {
  test('is the same whether its places are kept or not', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { text: folded, places } = foldWithPlaces(text);
        expect(folded).toBe(foldText(text));
        expect(places).toHaveLength(folded.length + 1);
        expect(places.at(-1)).toBe(text.length);
        expect([...places]).toEqual([...places].sort((a, b) => a - b));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is the same when it is folded again, and however it is composed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
        expect(foldText(text.normalize('NFD'))).toBe(foldText(text.normalize('NFC')));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['GRÖSSE', 'größe'],
    ['ΔΡΟΜΟΣ', 'δρομος'],
    ['İSTANBUL', 'istanbul'],
    ['Éte\u0301', 'été'],
    ['ＡＢＣ', 'abc'],
    ['STRAẞE', 'strasse'],
    ['ПРИВЕТ', 'привет'],
  ])('without regard to case %s is %s', (one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  test('keeps accents where only case is folded', () => {
    expect(foldCase('Résumé')).not.toBe(foldCase('Resume'));
  });
});

describe('the words of a text', () => {
  test('stand in their order, signs behind them', () => {
    expect(indexedText('Use C++ (or .NET) in 東京都 🚀, v1.2!')).toBe('use c or net in 東京 京都 都 v 1 2 c++ .net 🚀');
  });

  test('are the same for ASCII alone as among other letters', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abv1C.+#-_ \n"') });
    fc.assert(
      fc.property(text, (ascii) => {
        const sorted = (tokens: string) =>
          tokens
            .split(' ')
            .filter((token) => token !== 'я' && token !== '')
            .sort();
        expect(sorted(indexedText(ascii))).toEqual(sorted(indexedText(`${ascii} я`)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('a text that is longer than what is indexed says so', () => {
    expect(indexedText('x '.repeat(searchedLength)).endsWith(` ${cutMark}`)).toBe(true);
    expect(phrasesOf({ kind: 'prefix', text: cutMark })).toEqual([]);
  });
});

test('a match far into a long text is found, with the places of the text as it was written', () => {
  const text = `${'Größe 東京 e\u0301té '.repeat(9_000)}the ＣＡＦÉ at last`;
  const [[range] = []] = findMatches(text, [patternOf({ kind: 'prefix', text: 'cafe' })], 120);
  expect(text.slice(range!.start, range!.end)).toBe('ＣＡＦÉ');
});
