import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { createRemoteEngine } from '../remote-engine.ts';
import { drive, targetOf } from '../testing/drive.ts';
import { headOf, startRawEndpoint } from '../testing/raw-endpoint.ts';
import { createBodyText } from './body-text.ts';

const engine = createRemoteEngine();
afterAll(() => engine.dispose());

/** The stream of a short answer, around the bytes of its text. */
function stream(...texts: readonly (readonly number[] | Buffer)[]): Buffer {
  const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  const chunks = texts.flatMap((text) => [
    Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"'),
    Buffer.from(text),
    Buffer.from('"}}]}\n\n'),
  ]);
  return Buffer.concat([...chunks, Buffer.from(end)]);
}

async function ask(body: Buffer, contentType: string, pieceSize = body.length) {
  const endpoint = await startRawEndpoint((socket) => {
    socket.setNoDelay(true);
    socket.write(headOf({ 'content-type': contentType, 'content-length': body.length }));
    for (let at = 0; at < body.length; at += pieceSize) socket.write(body.subarray(at, at + pieceSize));
  });
  onTestFinished(() => endpoint.close());
  const { text, error, events } = await drive(engine, targetOf(endpoint.baseUrl, 'm'));
  return { text, error, notes: events.flatMap((event) => (event.kind === 'note' ? [event.text] : [])) };
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const gbk = { 你好: [0xc4, 0xe3, 0xba, 0xc3], 一: [0xd2, 0xbb] };
const shiftJis = { 日本: [0x93, 0xfa, 0x96, 0x7b], 表: [0x95, 0x5c] };
const guess =
  'scripted sent text that is not UTF-8 and names no character set; it was read as Windows-1252, so letters may be wrong.';
const broken = 'scripted sent bytes that are no characters; they are shown as "\ufffd".';
const events = 'text/event-stream';

describe('a streamed answer', () => {
  test.each<[string, Buffer, string, string, readonly string[]]>([
    ['in UTF-8', stream(Buffer.from('größe'), Buffer.from(' 你好 😀')), events, 'größe 你好 😀', []],
    ['in UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), stream(latin1('a'))]), events, 'a', []],
    ['in UTF-8 called Latin-1', stream(Buffer.from('größe')), `${events};charset=ISO-8859-1`, 'größe', []],
    ['in UTF-8 called GBK', stream(Buffer.from('你好')), `${events}; charset=gbk`, '你好', []],
    ['in GBK', stream(gbk.你好), `${events}; charset=GBK`, '你好', []],
    ['in GBK, a character that UTF-8 has too', stream(gbk.一, gbk.一), `${events};charset="gb2312"`, '一一', []],
    ['in GBK by its number', stream(gbk.你好), `${events}; charset=cp936`, '你好', []],
    ['in Shift_JIS', stream(shiftJis.日本), `${events}; charset=shift_jis`, '日本', []],
    ['in Shift_JIS, a character with a backslash in it', stream(shiftJis.表), `${events}; charset=sjis`, '表', []],
    ['in Big5', stream([0xa4, 0xa4, 0xa4, 0xe5]), `${events}; charset=big5`, '中文', []],
    ['in EUC-KR', stream([0xc7, 0xd1]), `${events}; charset=euc-kr`, '한', []],
    ['in Windows-1251', stream([0xcf, 0xf0, 0xe8]), `${events}; charset=windows-1251`, 'При', []],
    ['in KOI8-R', stream([0xf0, 0xd2, 0xc9]), `${events}; charset=koi8-r`, 'При', []],
    ['in Latin-1', stream(latin1('größe')), `${events}; charset=iso-8859-1`, 'größe', []],
    ['in Latin-1 called UTF-8', stream(latin1('größe')), `${events}; charset=utf-8`, 'größe', [guess]],
    ['in Latin-1 that is not told', stream(latin1('größe')), events, 'größe', [guess]],
    ['in a set that nobody knows', stream(latin1('größe')), `${events}; charset=klingon`, 'größe', [guess]],
    ['in UTF-16', Buffer.from(`\ufeff${stream(latin1('gr'))}`, 'utf16le'), `${events}; charset=utf-16`, 'gr', []],
    ['in UTF-16 without a mark', Buffer.from(`${stream(latin1('gr'))}`, 'utf16le'), events, 'gr', []],
    [
      'in UTF-8 with a broken character',
      stream(Buffer.from('größe'), [0xf0, 0x9f, 0x98], Buffer.from('!')),
      events,
      'größe\ufffd!',
      [broken],
    ],
    ['in GBK with a broken character', stream(gbk.你好, [0xff]), `${events};charset=gbk`, '你好\ufffd', [broken]],
    [
      'in plain JSON and GBK',
      Buffer.from(
        stream(gbk.你好)
          .toString('latin1')
          .replace(/^data: /, '')
          .replace(/\n\ndata: [\s\S]*/, ''),
        'latin1',
      ),
      'application/json; charset=gbk',
      '你好',
      ['scripted ended the answer without saying why; it may not be complete.'],
    ],
  ])('%s is read, however it is cut', async (_what, body, contentType, text, notes) => {
    for (const size of [body.length, 1, 7]) {
      expect(await ask(body, contentType, size)).toEqual({ text, notes, error: null });
    }
  });
});

test('text comes out as it arrives, and a character that is cut comes with its rest', () => {
  const text = createBodyText(null);
  expect(text.push(Buffer.from('data: a'))).toBe('data: a');
  expect(text.push(Buffer.from([0xf0, 0x9f]))).toBe('');
  expect(text.push(Buffer.from([0x98, 0x80]))).toBe('😀');
  expect(text.push(Buffer.from([0xe4]))).toBe('');
  expect(text.end()).toBe('\ufffd');
  expect(text.notes()).toEqual([expect.stringContaining('no characters')]);
});
