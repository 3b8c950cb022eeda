import zlib from 'node:zlib';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { createRemoteEngine } from '../remote-engine.ts';
import { drive, targetOf } from '../testing/drive.ts';
import { headOf, helloEvents, startRawEndpoint } from '../testing/raw-endpoint.ts';

const engine = createRemoteEngine({ maxResponseBytes: 1024 * 1024 });
afterAll(() => engine.dispose());

async function ask(body: Uint8Array, label: string | null, status = 'HTTP/1.1 200 OK') {
  const endpoint = await startRawEndpoint((socket) => {
    const head = headOf({ ...(label !== null && { 'content-encoding': label }), 'content-length': body.length });
    socket.write(head.replace('HTTP/1.1 200 OK', status));
    socket.write(body);
  });
  onTestFinished(() => endpoint.close());
  return drive(engine, targetOf(endpoint.baseUrl, 'm'));
}

const plain = Buffer.from(helloEvents);

describe('an answer', () => {
  test.each<[string, Uint8Array, string | null]>([
    ['gzip', zlib.gzipSync(plain), 'gzip'],
    ['x-gzip in capitals', zlib.gzipSync(plain), 'X-GZIP'],
    ['deflate', zlib.deflateSync(plain), 'deflate'],
    ['deflate without its header', zlib.deflateRawSync(plain), 'deflate'],
    ['br', zlib.brotliCompressSync(plain), 'br'],
    ['zstd', zlib.zstdCompressSync(plain), 'zstd'],
    ['gzip, then br', zlib.brotliCompressSync(zlib.gzipSync(plain)), 'gzip, br'],
    ['gzip twice', zlib.gzipSync(zlib.gzipSync(plain)), 'gzip, gzip'],
    ['identity', plain, 'identity'],
    ['a character set for an encoding', plain, 'utf-8'],
    ['gzip that is none', plain, 'gzip'],
    ['br that is none', plain, 'br'],
    ['zstd that is none', plain, 'zstd'],
    ['deflate that is none', plain, 'deflate'],
    ['gzip called br', zlib.gzipSync(plain), 'br'],
    ['deflate called gzip', zlib.deflateSync(plain), 'gzip'],
    ['gzip without a label', zlib.gzipSync(plain), null],
    ['zstd without a label', zlib.zstdCompressSync(plain), null],
    [
      'gzip in two parts',
      Buffer.concat([zlib.gzipSync(plain.subarray(0, 50)), zlib.gzipSync(plain.subarray(50))]),
      'gzip',
    ],
    ['gzip without its end', zlib.gzipSync(plain).subarray(0, -8), 'gzip'],
  ])('in %s is read', async (_what, body, label) => {
    const { text, error } = await ask(body, label);
    expect(error).toBeNull();
    expect(text).toBe('Hello');
  });

  test('that is packed piece by piece arrives piece by piece', async () => {
    const gzip = zlib.createGzip();
    const endpoint = await startRawEndpoint((socket) => {
      socket.write(headOf({ 'content-encoding': 'gzip', connection: 'close' }));
      gzip.on('data', (bytes: Buffer) => socket.write(bytes));
      gzip.on('end', () => socket.end());
      gzip.write(helloEvents.slice(0, 83));
      gzip.flush(zlib.constants.Z_SYNC_FLUSH);
    });
    onTestFinished(() => endpoint.close());
    const { text } = await drive(engine, targetOf(endpoint.baseUrl, 'm'), undefined, undefined, ({ kind }) => {
      // The rest is sent only once the first word is here.
      if (kind === 'delta') gzip.end(helloEvents.slice(83));
    });
    expect(text).toBe('Hello');
  });

  // Pieces of a few words, so that every compression yields text for a part of the data.
  const words = Array.from({ length: 400 }, (_, index) => `word${index * 7_919} `);
  const long = Buffer.from(
    `${words.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`).join('')}data: [DONE]\n\n`,
  );
  const packers = {
    gzip: zlib.gzipSync,
    deflate: zlib.deflateSync,
    br: zlib.brotliCompressSync,
    zstd: zlib.zstdCompressSync,
  } as const;

  test.each(
    (['gzip', 'deflate', 'br', 'zstd'] as const).flatMap((label) =>
      (['ends with the connection', 'ends with its length', 'breaks off'] as const).map((how) => [label, how] as const),
    ),
  )('in %s that is cut and %s says so, and what came is kept', async (label, how) => {
    const packed = packers[label](long);
    const part = packed.subarray(0, Math.floor(packed.length * 0.7));
    const endpoint = await startRawEndpoint((socket) => {
      const length = { 'content-length': how === 'breaks off' ? packed.length : part.length };
      const head = headOf({
        'content-encoding': label,
        ...(how === 'ends with the connection' ? { connection: 'close' } : length),
      });
      socket.write(head);
      socket.write(part);
      if (how !== 'ends with its length') socket.end();
    });
    onTestFinished(() => endpoint.close());
    const { text, error } = await drive(engine, targetOf(endpoint.baseUrl, 'm'));
    expect(error?.message).toBe('scripted ended the connection before its answer was complete.');
    expect(words.join('').startsWith(text)).toBe(true);
    // Zstandard puts so little into one block, which yields nothing without its end.
    if (label !== 'zstd') expect(text.length).toBeGreaterThan(words.join('').length / 2);
  });

  test('in gzip that is cut behind its finish reason is whole', async () => {
    const packed = zlib.gzipSync(Buffer.concat([plain, Buffer.from(': and more\n\n'.repeat(50))]));
    expect(await ask(packed.subarray(0, -12), 'gzip')).toMatchObject({ text: 'Hello', error: null });
  });

  test.each(['gzip', 'deflate', 'br', 'zstd'] as const)('that is damaged %s fails in a sentence', async (label) => {
    const packed = Buffer.from(
      { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync, zstd: zlib.zstdCompressSync }[
        label
      ](Buffer.concat([plain, Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7_919) % 256))])),
    );
    packed.fill(0xff, 20, Math.min(400, packed.length));
    const { error } = await ask(packed, label);
    expect(error?.code).toBe('unavailable');
    expect(error?.message).toMatch(
      /compression .* cannot be read|not part of a chat completion|empty answer|ended the connection|not a chat completion/,
    );
  });

  test.each([
    ['gzip', zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '))],
    [
      'br',
      zlib.brotliCompressSync(Buffer.alloc(20 * 1024 * 1024, ' '), {
        params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 },
      }),
    ],
    ['zstd', zlib.zstdCompressSync(Buffer.alloc(200 * 1024 * 1024, ' '))],
  ])('that is a bomb of %s is stopped at the size limit', async (label, body) => {
    const { error } = await ask(body, label);
    expect(error?.message).toMatch(/more than 1 MB for one answer/);
  });
});

test('the error of an endpoint is read through its compression too, up to a bound', async () => {
  const said = JSON.stringify({ error: { message: 'The model is asleep' } });
  expect((await ask(zlib.gzipSync(said), 'gzip', 'HTTP/1.1 400 Bad')).error?.message).toContain(
    '"The model is asleep"',
  );
  const bomb = zlib.gzipSync(Buffer.alloc(100 * 1024 * 1024, 'x'));
  const { error } = await ask(bomb, 'gzip', 'HTTP/1.1 400 Bad');
  expect(error?.message).toMatch(/did not accept the request \(400\)/);
});
