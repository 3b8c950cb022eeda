import { describe, expect, test } from 'vitest';
import { findOdd, withMarks } from './odd-characters.ts';

const marksOf = (text: string) => findOdd(text).map(({ mark }) => mark);

describe('characters that a reader does not see', () => {
  test.each([
    ['a right-to-left override', 'evil\u202Etxt.exe', ['RLO']],
    ['isolates', '\u2066a\u2069\u2067b\u2068', ['LRI', 'PDI', 'RLI', 'FSI']],
    ['direction marks', 'a\u200Eb\u200Fc\u061C', ['LRM', 'RLM', 'ALM']],
    ['spaces without width', 'a\u200Bb\u2060c\uFEFF', ['ZWSP', 'WJ', 'BOM']],
    ['a soft hyphen', 'sup\u00ADport', ['SHY']],
    ['escape sequences, also of one byte', '\u001B]0;x\u0007\u009B2J', ['ESC', 'BEL', 'CSI']],
    ['fillers that look like nothing', '\u3164\u115F\uFFA0\u2800', ['HF', 'HF', 'HF', 'BLANK']],
    ['tags, which can carry a whole text', 'hi\u{E0041}\u{E0042}', ['TAG', 'TAG']],
    ['line ends that only Unicode knows', 'a\u2028b\u2029', ['LS', 'PS']],
    ['a carriage return that ends no line', 'safe\rEVIL', ['CR']],
    ['half a character', 'a\uD83D', ['U+D83D']],
    ['a joiner between Latin letters', 'pay\u200Dpal', ['ZWJ']],
    ['a second variation selector, which can carry a hidden text', '😀\uFE0F\uFE01\u{E0101}', ['VS', 'VS']],
  ])('marks %s', (_, text, marks) => {
    expect(marksOf(text)).toEqual(marks);
  });

  test.each([
    ['plain text with tabs and line ends', 'a\tb\nc\r\nd'],
    ['accents, Chinese, Japanese, Thai', 'prénom 名前 こんにちは สวัสดี'],
    ['Arabic with its number sign', 'السلام عليكم \u0600'],
    ['Persian words that need a non-joiner', 'می\u200Cخواهم'],
    ['Indic words that need a joiner', 'क्\u200Dष'],
    ['families and flags of emoji', '👨‍👩‍👧 ❤️ 1️⃣ 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'],
    ['a variant of an ideograph', '葛\u{E0100}'],
  ])('leaves alone %s', (_, text) => {
    expect(findOdd(text)).toEqual([]);
  });

  test('says where they stand and what they are, and stops at a limit', () => {
    expect(findOdd('😀\u202E\u{E0041}', 5)).toEqual([
      { at: 2, length: 1, mark: 'RLO', name: 'U+202E right-to-left override' },
      { at: 3, length: 2, mark: 'TAG', name: 'U+E0041 tag character' },
    ]);
    expect(findOdd('\u200B'.repeat(100), 7)).toHaveLength(7);
  });

  test('puts marks into a text where nothing but text can stand', () => {
    expect(withMarks('pay\u202Elap')).toBe('pay‹RLO›lap');
    expect(withMarks('plain')).toBe('plain');
  });
});
