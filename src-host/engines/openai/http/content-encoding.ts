import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { ConnectionError } from './exchange.ts';

type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** More than a server has a reason to nest. */
const maxStages = 4;
/** Enough to know a compression by its first bytes. */
const markBytes = 4;

/**
 * The body without its compression, as it arrives. The header is a hint only: proxies unpack a body and leave the header, or
 * pack it and forget the header, so the first bytes decide where they can. What comes out may be long: the reader bounds it.
 */
export async function* decoded(
  body: AsyncIterable<Buffer>,
  label: string | null,
  stages = maxStages,
): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  const start = await firstOf(iterator);
  const labels = encodingsIn(label);
  const encoding = stages === 0 ? null : encodingOf(start, labels.at(-1));
  if (encoding === null) {
    if (start.length > 0) yield start;
    yield* restOf(iterator);
    return;
  }
  const decoder = decoderOf(encoding, start);
  const inner = labels.slice(0, labels.lastIndexOf(encoding)).join(',');
  try {
    yield* decoded(unpacked(decoder, encoding, joined(start, iterator)), inner, stages - 1);
  } finally {
    decoder.destroy();
    // Not waited for: it settles only once the endpoint sends something.
    iterator.return?.().catch(() => {});
  }
}

/** As `gzip, br` names them, in the order in which they were applied; what is not known (`identity`, `utf-8`) is left out. */
function encodingsIn(label: string | null): readonly Encoding[] {
  return (label ?? '')
    .toLowerCase()
    .split(',')
    .map((each) => each.trim().replace(/^x-/, ''))
    .filter((each): each is Encoding => each === 'gzip' || each === 'deflate' || each === 'br' || each === 'zstd');
}

async function firstOf(iterator: AsyncIterator<Buffer>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < markBytes) {
    const { done, value } = await iterator.next();
    if (done) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  return start;
}

async function* restOf(iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

async function* joined(start: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  yield* restOf(iterator);
}

/**
 * What comes out of a decoder. It is told of the end only when all that it has made was taken: a stream that ends in an
 * error drops what it still holds.
 */
async function* unpacked(
  decoder: Transform,
  encoding: Encoding,
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let end: (() => void) | null = null;
  const endWhenTaken = () => {
    if (decoder.readableLength > 0) return;
    end?.();
    end = null;
  };
  void feed(decoder, source).then((error) => {
    end = () => (error === null ? decoder.end() : decoder.destroy(error));
    endWhenTaken();
  });
  try {
    for await (const piece of decoder as AsyncIterable<Buffer>) {
      yield piece;
      endWhenTaken();
    }
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    throw isCut(error) ? new ConnectionError(cutOff(encoding)) : cannotUnpack(encoding);
  }
}

/** Puts all of the source into the decoder, no faster than it works; the error that the source ended with, or null. */
async function feed(decoder: Transform, source: AsyncIterable<Buffer>): Promise<Error | null> {
  try {
    for await (const chunk of source) {
      if (decoder.destroyed) return null;
      await new Promise<void>((resolve) => {
        // A decoder that failed or was given up never calls back.
        decoder.once('close', resolve);
        decoder.write(chunk, () => {
          decoder.off('close', resolve);
          resolve();
        });
      });
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The data are good as far as they go, and their end is missing. */
function isCut(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'Z_BUF_ERROR' || /unexpected end/i.test(message);
}

/** The connection brought less than the endpoint had packed. */
function cutOff(encoding: Encoding): Error {
  return Object.assign(new Error(`${encoding} without its end`), { code: 'CUT_OFF' });
}

function cannotUnpack(encoding: Encoding): ConnectionError {
  return new ConnectionError(Object.assign(new Error(encoding), { code: 'BAD_ENCODING' }));
}

function encodingOf(start: Buffer, label: Encoding | undefined): Encoding | null {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd';
  if (start.length === 0 || isText(start.subarray(0, 8))) return null;
  if (isZlib(start)) return 'deflate';
  // The other two have no mark of their own, but never begin like text.
  return label === 'br' || label === 'deflate' ? label : null;
}

function isZlib(start: Buffer): boolean {
  return start.length > 1 && (start[0]! & 0x0f) === 8 && ((start[0]! << 8) | start[1]!) % 31 === 0;
}

/** ASCII as JSON, events and web pages begin with; a byte order mark counts. */
function isText(bytes: Buffer): boolean {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return true;
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13);
}

/** What has arrived comes out at once, and a body that ends early is an error once it has given what it has. */
function decoderOf(encoding: Encoding, start: Buffer): Transform {
  const { constants } = zlib;
  const flush = { flush: constants.Z_SYNC_FLUSH };
  const { BROTLI_OPERATION_FLUSH: brotli, ZSTD_e_flush: zstd } = constants;
  switch (encoding) {
    case 'gzip':
      return zlib.createGunzip(flush);
    case 'deflate':
      return isZlib(start) ? zlib.createInflate(flush) : zlib.createInflateRaw(flush);
    case 'br':
      return zlib.createBrotliDecompress({ flush: brotli });
    case 'zstd':
      // Node has it since 22.15.
      if (zlib.createZstdDecompress === undefined) throw cannotUnpack('zstd');
      return zlib.createZstdDecompress({ flush: zstd });
  }
}
