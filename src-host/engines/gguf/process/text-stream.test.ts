import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextStream } from './text-stream.ts';

/** A tokenizer whose tokens are bytes, the worst case for cutting characters. */
const bytesToText = (tokens: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(tokens));
const tokensOf = (text: string): readonly number[] => [...new TextEncoder().encode(text)];

function stream(text: string, stop: readonly string[]) {
  const out = createTextStream(bytesToText, [], stop);
  const pieces = tokensOf(text).map((token) => out.push(token));
  pieces.push(out.end());
  return { text: pieces.join(''), pieces, stopped: out.stopped };
}

describe('text from tokens', () => {
  it('is whole however its characters are spread over tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { text: streamed, pieces } = stream(text, []);
        expect(streamed).toBe(text);
        if (!text.includes('\uFFFD')) expect(pieces.some((piece) => piece.includes('\uFFFD'))).toBe(false);
      }),
    );
  });

  it('shows bytes that never become a character in the end', () => {
    const out = createTextStream(bytesToText, [], []);
    expect([0x61, 0xff, 0x62].map((token) => out.push(token)).join('') + out.end()).toBe('a\uFFFDb');
  });

  it('shows what comes before an unfinished character at once', () => {
    const tokens = new Map([
      [1, [0x61, 0xf0, 0x9f]],
      [2, [0x98, 0x80, 0x62]],
    ]);
    const out = createTextStream((ids) => bytesToText(ids.flatMap((id) => tokens.get(id) ?? [])), [], []);
    expect([out.push(1), out.push(2), out.end()]).toEqual(['a', '\u{1F600}b', '']);
  });
});

describe('stop strings', () => {
  it('end the text before the earliest of them and are not shown', () => {
    expect(stream('one two three', ['three', 'two'])).toMatchObject({ text: 'one ', stopped: true });
  });

  it('are found across tokens, and a beginning that goes on differently is shown', () => {
    expect(stream('a STO b STOP c', ['STOP'])).toMatchObject({ text: 'a STO b ', stopped: true });
    expect(stream('ends with STO', ['STOP'])).toMatchObject({ text: 'ends with STO', stopped: false });
  });

  it('never show a part of themselves, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b') }),
        fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }),
        (text, stop) => {
          const at = text.indexOf(stop);
          expect(stream(text, [stop])).toMatchObject({ text: at < 0 ? text : text.slice(0, at), stopped: at >= 0 });
        },
      ),
    );
  });
});
