import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { fitsPart, mediaTypeOf } from './media-types.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('base64', () => {
  test('of any bytes is that of Node, and gives the bytes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64(text.replace(/=+$/, ''))).toEqual(bytes);
      }),
    );
  });

  test.each(['A', 'AAAAA', 'A===', 'AA=', 'AAA A', 'AA\nAA', 'AA-_', 'AAAé', 'data:image/png;base64,AAAA'])(
    'refuses %j',
    (text) => expect(decodeBase64(text)).toBeNull(),
  );
});

describe('the type of bytes', () => {
  test.each([
    ['\x89PNG\r\n\x1a\n...', 'image/png'],
    ['\xff\xd8\xff\xe0...', 'image/jpeg'],
    ['GIF89a...', 'image/gif'],
    ['RIFF....WEBPVP8 ', 'image/webp'],
    ['RIFF....WAVEfmt ', 'audio/wav'],
    ['OggS....', 'audio/ogg'],
    ['ID3....', 'audio/mpeg'],
    ['\xff\xfb\x90\x00', 'audio/mpeg'],
    ['....ftypM4A ', 'audio/mp4'],
    ['%PDF-1.7', 'application/pdf'],
  ])('is told by themselves: %j is %s, whatever is claimed', (text, type) => {
    expect(mediaTypeOf(bytesOf(text), 'text/plain')).toBe(type);
    expect(mediaTypeOf(bytesOf(text), 'image/png')).toBe(type);
  });

  test('cannot be claimed for other bytes', () => {
    for (const claimed of ['image/png', 'IMAGE/PNG', 'image/jpg', 'audio/mp3', 'application/pdf'])
      expect(() => mediaTypeOf(bytesOf('<svg onload="alert(1)">'), claimed)).toThrow(/The bytes are no /);
    expect(mediaTypeOf(bytesOf('a,b\n'), 'text/csv')).toBe('text/csv');
    expect(mediaTypeOf(bytesOf('\xff\xff'), 'application/octet-stream')).toBe('application/octet-stream');
  });

  test('decides where a blob may stand: what is no known image is a file only', () => {
    expect(fitsPart('image', 'image/png')).toBe(true);
    expect(fitsPart('image', 'image/svg+xml')).toBe(false);
    expect(fitsPart('audio', 'image/png')).toBe(false);
    expect(fitsPart('file', 'image/svg+xml')).toBe(true);
    expect(fitsPart('image', 'constructor')).toBe(false);
  });
});
