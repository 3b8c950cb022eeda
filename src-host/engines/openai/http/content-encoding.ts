import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { ConnectionError } from './exchange.ts';

type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** Most nested compressions. */
const maxStages = 4;
/** Enough to know a compression by its first bytes. */
const markBytes = 4;

/**
 * The decompressed body, as it arrives. The first bytes decide over the header where they can, because proxies
 * decompress a body and leave the header, or compress it and omit the header. The reader limits the length of the
 * result.
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
    // Not awaited, because it settles only once the endpoint sends something.
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
 * The output of a decoder. Its input ends only after its output was read, because a stream that fails drops what it
 * still holds.
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

/** Writes the source into the decoder with backpressure; returns the error of the source, or null. */
async function feed(decoder: Transform, source: AsyncIterable<Buffer>): Promise<Error | null> {
  try {
    for await (const chunk of source) {
      if (decoder.destroyed) return null;
      await new Promise<void>((resolve) => {
        // A decoder that failed or was destroyed never calls back.
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

/** Whether the data are valid but incomplete. */
function isCut(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'Z_BUF_ERROR' || /unexpected end/i.test(message);
}

/** The error for compressed data that are incomplete. */
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
  // The other two have no magic number, but never begin like text.
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

/** Decompresses what has arrived at once; a body that ends early fails after its data were given. */
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
