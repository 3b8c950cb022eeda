import { Readable, type Transform } from 'node:stream';
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
  const source = Readable.from(joined(start, iterator), { objectMode: false });
  // An error of the connection reaches the reader through the decoder.
  source.on('error', (error) => decoder.destroy(error));
  source.pipe(decoder);
  try {
    const inner = labels.slice(0, labels.lastIndexOf(encoding)).join(',');
    yield* decoded(unpacked(decoder, encoding), inner, stages - 1);
  } finally {
    source.destroy();
    decoder.destroy();
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

/** What damaged data make of a decoder is told as what the connection brought. */
async function* unpacked(decoder: Transform, encoding: Encoding): AsyncGenerator<Buffer> {
  try {
    yield* decoder as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    throw cannotUnpack(encoding);
  }
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

/** What has arrived comes out at once, and a body that ends early gives what it has. */
function decoderOf(encoding: Encoding, start: Buffer): Transform {
  const { constants } = zlib;
  const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  const { BROTLI_OPERATION_FLUSH: brotli, ZSTD_e_flush: zstd } = constants;
  switch (encoding) {
    case 'gzip':
      return zlib.createGunzip(flush);
    case 'deflate':
      return isZlib(start) ? zlib.createInflate(flush) : zlib.createInflateRaw(flush);
    case 'br':
      return zlib.createBrotliDecompress({ flush: brotli, finishFlush: brotli });
    case 'zstd':
      // Node has it since 22.15.
      if (zlib.createZstdDecompress === undefined) throw cannotUnpack('zstd');
      return zlib.createZstdDecompress({ flush: zstd, finishFlush: zstd });
  }
}
