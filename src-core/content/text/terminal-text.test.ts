import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTerminalStream, terminalJson, terminalText } from './terminal-text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys
const dangerous = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

describe('text on its way to a terminal', () => {
  test.each([
    ['a window title', '\u001B]0;pwned\u0007', '<U+001B>]0;pwned<U+0007>'],
    ['a link', '\u001B]8;;http://evil\u001B\\x', '<U+001B>]8;;http://evil<U+001B>\\x'],
    ['the clipboard', '\u001B]52;c;cm0=\u0007', '<U+001B>]52;c;cm0=<U+0007>'],
    ['a clear screen of one-byte controls', '\u009B2J', '<U+009B>2J'],
    ['an override', 'a\u202Eb', 'a<U+202E>b'],
    ['a line that is written over', 'safe\rEVIL', 'safe<U+000D>EVIL'],
    ['what cannot be seen', 'a\u200Bb\u{E0041}', 'a<U+200B>b<U+E0041>'],
  ])('cannot set %s', (_, text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  test('keeps what people write: line ends, tabs, emoji and every script', () => {
    const text = 'a\tb\nc\r\n👨‍👩‍👧 می\u200Cخواهم 名前';
    expect(terminalText(text)).toBe(text);
  });

  test('keeps in a file what no terminal obeys', () => {
    expect(terminalText('a\u200B\rb\u200F', 'obeyed')).toBe('a\u200B\rb\u200F');
    expect(terminalText('a\u001B[2J\u202E', 'obeyed')).toBe('a<U+001B>[2J<U+202E>');
  });

  test('never lets anything through that a terminal obeys, however the text is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 8 }),
        fc.constantFrom('everything' as const, 'obeyed' as const),
        (pieces, escaping) => {
          const stream = createTerminalStream(escaping);
          const shown = pieces.map((piece) => stream.push(piece)).join('') + stream.end();
          expect(shown).not.toMatch(dangerous);
          expect(shown).toBe(terminalText(pieces.join(''), escaping));
        },
      ),
    );
  });

  test('keeps a character whole whose halves come in two pieces', () => {
    const stream = createTerminalStream('everything');
    expect(stream.push('a\uD83D') + stream.push('\uDE00\r') + stream.push('\nb') + stream.end()).toBe('a😀\r\nb');
  });

  test('JSON says the same value without anything that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = terminalJson(JSON.stringify({ text }));
        expect(json).not.toMatch(dangerous);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
