import { expect, test } from 'vitest';
import { decodeText } from './decode-text.ts';

const hex = (text: string) => Uint8Array.from(text.match(/../g)!.map((byte) => Number.parseInt(byte, 16)));
const utf16 = (text: string, mark: boolean, big = false) => {
  const units = [...(mark ? '\uFEFF' : ''), ...text].join('');
  return Uint8Array.from(
    [...Array(units.length).keys()].flatMap((at) => {
      const unit = units.charCodeAt(at);
      return big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8];
    }),
  );
};
const utf8 = (text: string) => new TextEncoder().encode(text);
const table = 'id\ttext\r\n1\tcafé\r\n';

test.each([
  ['UTF-8', utf8('naïve 名前 😀')],
  ['UTF-8', utf8('\uFEFFnaïve 名前 😀')],
  ['UTF-16LE', utf16('naïve 名前 😀', true)],
  ['UTF-16BE', utf16('naïve 名前 😀', true, true)],
])('%s is recognised by its form and loses its mark', async (encoding, bytes) => {
  expect(await decodeText('a.txt', bytes)).toEqual({ text: 'naïve 名前 😀', encoding, isGuess: false });
});

test('UTF-16 without a mark is recognised, either way round', async () => {
  expect(await decodeText('a.csv', utf16(table, false))).toMatchObject({ text: table, encoding: 'UTF-16LE' });
  expect(await decodeText('a.csv', utf16(table, false, true))).toMatchObject({ text: table, encoding: 'UTF-16BE' });
});

test('UTF-32 with its mark is recognised', async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0, 0x00, 0xf6, 0x01, 0]);
  expect(await decodeText('a.txt', bytes)).toEqual({ text: 'A😀', encoding: 'UTF-32LE', isGuess: false });
});

// Made with Python's codecs.
test.each([
  ['Windows-1252', '69642c746578740a312c636166e9206372e86d650a322c6e61ef76650a', 'id,text\n1,café crème\n2,naïve\n'],
  [
    'Windows-1252',
    '70726569732c746578740a3520802c844772fcdf6593209620736368f66e0a',
    'preis,text\n5 €,„Grüße“ – schön\n',
  ],
  [
    'Windows-1250',
    '69642c746578740a312c50f8ed6c699a209e6c759d6f75e86bfd206bf9f20a',
    'id,text\n1,Příliš žluťoučký kůň\n',
  ],
  ['Windows-1251', 'e8ecff2cf2e5eaf1f20ac0edede02ccff0e8e2e5f220ece8f00a', 'имя,текст\nАнна,Привет мир\n'],
  ['KOI8-R', 'c9cdd12cd4c5cbd3d40ae1cecec12cf0d2c9d7c5d420cdc9d20a', 'имя,текст\nАнна,Привет мир\n'],
  ['Windows-1253', '69642c746578740a312ccae1ebe7ecddf1e120eafcf3ece50a', 'id,text\n1,Καλημέρα κόσμε\n'],
  ['Windows-1256', '69642c746578740a312ce3d1cdc8c720c8c7e1dac7e1e30a', 'id,text\n1,مرحبا بالعالم\n'],
  ['Shift_JIS', '69642c746578740a312c82b182f182c982bf82cd90a28a450a', 'id,text\n1,こんにちは世界\n'],
  ['EUC-JP', '69642c746578740a312ca4b3a4f3a4cba4c1a4cfc0a4b3a60a', 'id,text\n1,こんにちは世界\n'],
  ['ISO-2022-JP', '69642c746578740a312c1b244224332473244b2441244f402433261b28420a', 'id,text\n1,こんにちは世界\n'],
  ['GB18030', '69642c746578740a312cc4e3bac32ccac0bde70a322cd6d0cec4cec4b1be0a', 'id,text\n1,你好,世界\n2,中文文本\n'],
  ['Big5', '69642c746578740a312cc163c5e9a4a4a4e5b4fab8d50a', 'id,text\n1,繁體中文測試\n'],
  ['EUC-KR', '69642c746578740a312cbec8b3e7c7cfbcbcbfe420bcbcb0e80a', 'id,text\n1,안녕하세요 세계\n'],
])('%s is recognised by its bytes, and said to be a guess', async (encoding, bytes, text) => {
  expect(await decodeText('a.csv', hex(bytes))).toEqual({ text, encoding, isGuess: true });
});

test('bytes that fit two encodings equally well are refused with both names', async () => {
  const nameInEucJp = hex('ccbec1b00ac2c0cfba0a');
  await expect(decodeText('a.csv', nameInEucJp)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^a\.csv is not UTF-8; it could be .* or .*Save it as UTF-8/),
  });
});

test.each([
  ['a picture', hex('89504e470d0a1a0a0000000d494844520000')],
  ['random bytes', hex('010203048081fe00ff1a9b')],
])('%s is refused as no text', async (_, bytes) => {
  await expect(decodeText('a.csv', bytes)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('a.csv'),
  });
});

test('a file cut off within a character of its marked encoding is refused', async () => {
  await expect(decodeText('a.csv', utf16(table, true).subarray(0, -1))).rejects.toThrow(
    /begins with the mark of UTF-16LE/,
  );
  await expect(decodeText('a.csv', hex('efbbbf41c3'))).rejects.toThrow(/begins with the mark of UTF-8/);
});

test('a large file is decoded by a sample of its lines, and as a whole', async () => {
  const line = hex('636166e9206372e86d65206e61ef76650a');
  const bytes = new Uint8Array(line.length * 20_000);
  for (let at = 0; at < bytes.length; at += line.length) bytes.set(line, at);
  const { text, encoding } = await decodeText('a.txt', bytes);
  expect(encoding).toBe('Windows-1252');
  expect(text).toBe('café crème naïve\n'.repeat(20_000));
});

test.each([
  [
    'a byte that is none of it',
    [...utf8('id,text\n1,café – ok\n2,broken '), 0xff, 0x0a],
    'a broken character, in line 3',
  ],
  ['an end that is cut off', [...utf8('id,text\n1,日本語')].slice(0, -1), 'a broken character, in line 2'],
  [
    'two lines of Windows-1252',
    [...utf8('größe, größe, größe\n'), 0xfc, 0x0a, 0xf6, 0x0a],
    '2 broken characters, the first in line 2',
  ],
])('UTF-8 with %s is refused, not read as another encoding', async (_, bytes, words) => {
  await expect(decodeText('a.csv', Uint8Array.from(bytes))).rejects.toThrow(`a.csv is UTF-8 but for ${words}. `);
});

test('plain text with a stray zero byte is no UTF-16', async () => {
  await expect(decodeText('a.csv', utf8('id,text\n1,a\u0000b\n'))).rejects.toThrow('it holds zero bytes');
});

test('UTF-16 in Cyrillic and Japanese is recognised without a mark', async () => {
  const text = 'имя,текст\r\nАнна,Привет мир\r\n名前,こんにちは\r\n';
  expect(await decodeText('a.csv', utf16(text, false))).toMatchObject({ text, encoding: 'UTF-16LE' });
  expect(await decodeText('a.csv', utf16(text, false, true))).toMatchObject({ text, encoding: 'UTF-16BE' });
});
