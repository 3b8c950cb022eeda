import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../../../src-core/scope/errors.ts';

/** Reads little-endian values in order from a file whose header may state wrong lengths. */
export interface GgufReader {
  readonly position: number;
  /** Reads `bytes` bytes; the view is valid until the next call. */
  take(bytes: number): Promise<DataView>;
  /** Steps over `bytes` bytes without reading them. */
  skip(bytes: number): void;
  u32(): Promise<number>;
  u64(): Promise<bigint>;
  /** A count of items of at least one byte each; more than `most` throws an error that names `what`. */
  count(what: string, most: number): Promise<number>;
  string(what: string): Promise<string>;
  skipStrings(what: string, count: number): Promise<void>;
}

const longestString = 16 * 1024 * 1024;
/** The largest vocabularies make headers of about 30 MiB. */
const largestHeader = 256 * 1024 * 1024;
const bufferSize = 256 * 1024;

/** `path` is for error messages. */
export function createGgufReader(handle: FileHandle, size: number, path: string): GgufReader {
  let position = 0;
  let buffer = Buffer.alloc(0);
  let bufferStart = 0;
  const decoder = new TextDecoder('utf-8', { fatal: false });

  const check = (bytes: number): void => {
    if (position + bytes > size) throw truncated(path, size);
    if (position + bytes > largestHeader)
      throw new AppError('invalid', `${path} has a header of more than 256 MiB, which no model needs.`);
  };

  const fill = async (bytes: number): Promise<void> => {
    const wanted = Math.min(Math.max(bytes, bufferSize), size - position);
    const next = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await handle.read(next, filled, wanted - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    // The file became shorter while it was read.
    if (filled < bytes) throw truncated(path, position + filled);
    buffer = next.subarray(0, filled);
    bufferStart = position;
  };

  const take = async (bytes: number): Promise<DataView> => {
    check(bytes);
    const buffered = position >= bufferStart && position + bytes <= bufferStart + buffer.length;
    if (!buffered) await fill(bytes);
    const view = new DataView(buffer.buffer, buffer.byteOffset + position - bufferStart, bytes);
    position += bytes;
    return view;
  };

  const skip = (bytes: number): void => {
    check(bytes);
    position += bytes;
  };

  const u64 = async (): Promise<bigint> => (await take(8)).getBigUint64(0, true);

  const believable = (value: bigint, what: string, most: number): number => {
    if (value <= BigInt(most)) return Number(value);
    throw new AppError(
      'invalid',
      `${path} claims ${value} ${what}; at most ${most} are believable, so the file is damaged.`,
    );
  };

  const count = async (what: string, most: number): Promise<number> => believable(await u64(), what, most);

  return {
    get position() {
      return position;
    },
    take,
    skip,
    u32: async () => (await take(4)).getUint32(0, true),
    u64,
    count,
    string: async (what) => decoder.decode(await take(await count(`bytes of ${what}`, longestString))),
    async skipStrings(what, strings) {
      for (let left = strings; left > 0; left--) {
        const at = position - bufferStart;
        // Vocabularies have hundreds of thousands of strings, so strings in the buffer are read without an await.
        const isBuffered = at >= 0 && at + 8 <= buffer.length;
        const length = isBuffered ? buffer.readBigUInt64LE(at) : await u64();
        if (isBuffered) position += 8;
        skip(believable(length, `bytes of ${what}`, longestString));
      }
    },
  };
}

/** The file ends before what its header promises. */
export function truncated(path: string, size: number, needed?: bigint): AppError {
  const promise = needed === undefined ? 'its header goes on' : `its header promises ${needed} bytes`;
  return new AppError(
    'invalid',
    `${path} is cut off: ${promise}, but the file has ${size} bytes. Download or copy it again.`,
  );
}
