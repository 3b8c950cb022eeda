import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { AppError } from '../../src-core/scope/errors.ts';
import { isHeld } from './held-files.ts';

/** Longest text file that is read. */
const longestText = 256 * 1024 * 1024;
const pieceBytes = 1024 * 1024;

/** Absent on Windows, where opening never waits for a writer. */
const nonBlocking = constants.O_NONBLOCK ?? 0;

/** Advice for an error message: for a folder, and for anything else that is not a regular file. */
export interface Advice {
  readonly folder: string;
  readonly other: string;
}

const plainAdvice: Advice = { folder: 'choose a file in it', other: 'choose a regular file' };

/**
 * Opens a regular file for reading. Pipes, devices and sockets are refused, because opening a named pipe blocks one of
 * the few threads for file access until there is a writer. Throws what `open` throws, or `invalid` with the advice.
 */
export async function openRegular(path: string, advice: Advice = plainAdvice): Promise<FileHandle> {
  // Opening some devices has side effects, so the path is checked first; the opened file is checked again.
  check(path, await stat(path, { bigint: true }), advice);
  const handle = await open(path, constants.O_RDONLY | nonBlocking);
  try {
    check(path, await handle.stat({ bigint: true }), advice);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The bytes of a regular file of at most 256 MiB; `invalid` for all others. A pipe that the shell made for this process, as
 * `<(command)`, is read too, because somebody writes to it.
 */
export async function readRegular(path: string): Promise<Buffer> {
  const handle = (await isOwnPipe(path)) ? await open(path) : await openRegular(path);
  try {
    const pieces: Buffer[] = [];
    for (let bytes = 0; ; ) {
      const piece = Buffer.allocUnsafe(pieceBytes);
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return Buffer.concat(pieces);
      bytes += bytesRead;
      if (bytes > longestText) throw tooLong(path);
      pieces.push(piece.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** Reads a whole stream, at most 256 MiB; `name` is for the error message. */
export async function readStream(stream: AsyncIterable<Buffer | string>, name: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > longestText) throw tooLong(name);
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

const tooLong = (name: string) =>
  new AppError('invalid', `${name} has more than 256 MiB, which is more than a text may have here.`);

function check(path: string, stats: BigIntStats, { folder, other }: Advice): void {
  if (stats.isFile() && isHeld(stats))
    throw new AppError('invalid', `${path} belongs to the database that PromptDev has open; ${other}.`);
  if (stats.isFile()) return;
  throw new AppError('invalid', `${path} is ${kindOf(stats)}; ${stats.isDirectory() ? folder : other}.`);
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'a device' : 'no regular file';
}

/** Whether a path names an open descriptor of this process that is a pipe. */
async function isOwnPipe(path: string): Promise<boolean> {
  if (!/^\/(?:dev|proc\/self)\/(?:fd\/\d+|stdin)$/.test(path)) return false;
  const target = await realpath(path).catch(() => '');
  return !target.startsWith('/dev/') && (await stat(path)).isFIFO();
}
