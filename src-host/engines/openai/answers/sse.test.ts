import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSseParser } from './sse.ts';

function parse(...texts: readonly string[]): readonly string[] {
  const parser = createSseParser(1_000, () => new Error('too large'));
  return [...texts.flatMap((text) => parser.push(text)), ...parser.end()].map((event) => event.data);
}

describe('an event stream', () => {
  test('gives the data of its events, with any line ending and with or without a space', () => {
    expect(parse('data: a\n\ndata:b\r\n\r\ndata:  c\n\ndata: d\r\rdata: e\r\r')).toEqual(['a', 'b', ' c', 'd', 'e']);
  });

  test('joins the data lines of one event and skips comments and other fields', () => {
    expect(parse(': ping\n\nevent: message\nid: 7\ndata: a\ndata: b\nretry: 10\ndatabase: no\n\n')).toEqual(['a\nb']);
  });

  test('gives an empty data line as empty text and no event for blank lines alone', () => {
    expect(parse('\n\n\ndata\n\ndata:\n\n')).toEqual(['', '']);
  });

  test('gives the last event even when the stream ends without a blank line', () => {
    expect(parse('data: a\n\ndata: b')).toEqual(['a', 'b']);
    expect(parse('data: a\n\ndata: b\n')).toEqual(['a', 'b']);
  });

  test('says the same however the network cuts it', () => {
    const line = fc.constantFrom('data: x', 'data: é🦊', 'data:', 'data', ': note', 'event: e', '');
    const ending = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(line), ending, fc.array(fc.nat()), (lines, end, cuts) => {
        const whole = lines.map((text) => text + end).join('');
        const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
        const pieces = [...at, whole.length].map((to, index) => whole.slice(at[index - 1] ?? 0, to));
        expect(parse(...pieces)).toEqual(parse(whole));
      }),
    );
  });

  test('stops at an event that never ends', () => {
    expect(() => parse(`data: ${'x'.repeat(2_000)}`)).toThrow('too large');
    expect(() => parse(...Array.from({ length: 100 }, () => `data: ${'x'.repeat(50)}\n`))).toThrow('too large');
  });
});
