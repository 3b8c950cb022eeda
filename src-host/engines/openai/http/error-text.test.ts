import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createRemoteEngine } from '../remote-engine.ts';
import { drive, targetOf } from '../testing/drive.ts';
import { headOf, startRawEndpoint } from '../testing/raw-endpoint.ts';

const engine = createRemoteEngine();
afterAll(() => engine.dispose());

const utf16 = Buffer.from('\uFEFF{"error":{"message":"größe"}}', 'utf16le');

test.each<[string, Buffer, string, string]>([
  ['UTF-8', Buffer.from('größe'), 'text/plain; charset=utf-8', 'größe'],
  ['UTF-8 called Latin-1, as Java servers call it', Buffer.from('größe'), 'text/plain;charset=ISO-8859-1', 'größe'],
  ['Latin-1', Buffer.from('größe', 'latin1'), 'text/plain; charset="iso-8859-1"', 'größe'],
  ['Latin-1 that is not told', Buffer.from('größe', 'latin1'), 'text/plain', 'größe'],
  ['GBK', Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), 'text/plain; charset=GBK', '你好'],
  ['UTF-16 with a mark', utf16, 'application/json; charset=utf-16', 'größe'],
  ['a set that nobody knows', Buffer.from('größe', 'latin1'), 'text/plain; charset=klingon', 'größe'],
])('the words of an error in %s reach the person', async (_name, body, type, words) => {
  const endpoint = await startRawEndpoint((socket) => {
    const head = headOf({ 'content-type': type, 'content-length': body.length });
    socket.write(head.replace('HTTP/1.1 200 OK', 'HTTP/1.1 418 No'));
    socket.write(body);
  });
  onTestFinished(() => endpoint.close());
  const { error } = await drive(engine, targetOf(endpoint.baseUrl, 'm'));
  expect(error?.message).toContain(`"${words}"`);
});
