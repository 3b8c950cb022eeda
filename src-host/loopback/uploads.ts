import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { AppError } from '../../src-core/scope/errors.ts';
import { computer, isAlive } from '../files/process-owner.ts';
import { rememberUpload } from '../files/uploaded-files.ts';
import { explain } from '../store/sqlite/explain-failure.ts';

/** Disk space that an upload leaves free for the workspace itself. */
const reserveBytes = 256 * 1024 * 1024;
const ggufMagic = Buffer.from('GGUF');
/** File systems take 255, and a number may come behind the name. */
const longestNameBytes = 240;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._ ()+-]{0,150}\.gguf$/iu;

export interface Uploads {
  /** Stores the body under the name and returns the absolute path; nothing of it stays when it fails. */
  receive(name: string, request: IncomingMessage): Promise<string>;
}

/** Model files that a browser sends, because a page cannot name a path; they are streamed into `<dataDir>/models`. */
export function openUploads(dataDir: string): Uploads {
  const folder = join(dataDir, 'models');
  // Failures here are reported by the next upload.
  try {
    clean(folder);
  } catch {}

  return {
    receive: async (name, request) => {
      if (!namePattern.test(name)) {
        throw new AppError(
          'invalid',
          `"${name}" is not the name of a model file; expected one like "mistral-7b.gguf".`,
        );
      }
      if (Buffer.byteLength(name) > longestNameBytes) {
        throw new AppError('invalid', `"${name}" is too long for the name of a file; give it a shorter one.`);
      }
      const size = Number(request.headers['content-length'] ?? Number.NaN);
      if (!Number.isSafeInteger(size) || size <= 0) {
        throw new AppError('invalid', `The upload of "${name}" must say its size and not be empty.`);
      }
      const part = join(folder, `${randomUUID()}${ownMark}`);
      try {
        // It may have been deleted since the start.
        makeFolder(folder);
        await checkSpace(folder, name, size);
        await write(part, name, size, request);
        const path = keep(part, folder, name);
        rememberUpload(path);
        return path;
      } catch (thrown) {
        await rm(part, { force: true }).catch(() => {});
        throw request.errored ? thrown : unusable(folder, thrown);
      }
    },
  };
}

const makeFolder = (folder: string): void => void mkdirSync(folder, { recursive: true, mode: 0o700 });

/** Deletes what hosts that were killed have left. */
const clean = (folder: string): void => {
  makeFolder(folder);
  for (const name of readdirSync(folder)) {
    if (isLeftOver(folder, name)) rmSync(join(folder, name), { force: true, recursive: true });
  }
};

/** The error for a folder that cannot be used; an error without a system code is a bug. */
const unusable = (folder: string, thrown: unknown): unknown => {
  const known = explain(thrown, folder);
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  if (known instanceof AppError || !/^E[A-Z0-9]+$/.test(code)) return known;
  return new AppError(
    'unavailable',
    `${folder}, where uploaded models are kept, cannot be used (${code}). Mend it, or choose another --data-dir.`,
    { path: folder },
    thrown,
  );
};

/** An unfinished upload without writes for this long is abandoned, whatever its name says. */
const abandonedMs = 24 * 60 * 60_000;

/** The receiving computer and process, at the end of the name. */
const markOf = (pid: number | string): string =>
  `.${createHash('sha256').update(computer()).digest('hex').slice(0, 12)}-${pid}.part`;
const ownMark = markOf(process.pid);

/** Whether an unfinished upload was left by a killed host; one that another host still receives is kept. */
const isLeftOver = (folder: string, name: string): boolean => {
  if (!name.endsWith('.part')) return false;
  const pid = /-(\d+)\.part$/.exec(name)?.[1];
  if (pid !== undefined && name.endsWith(markOf(pid)) && !isAlive(Number(pid))) return true;
  const written = lstatSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - written > abandonedMs;
};

const checkSpace = async (folder: string, name: string, size: number): Promise<void> => {
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  if (size + reserveBytes <= free) return;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new AppError(
    'unavailable',
    `"${name}" needs ${gigabytes(size)} GB but the disk of "${folder}" has only ${gigabytes(free)} GB free.`,
  );
};

const write = async (part: string, name: string, size: number, request: IncomingMessage): Promise<void> => {
  const file = await open(part, 'wx', 0o600);
  try {
    let written = 0;
    let head = Buffer.alloc(0);
    // A refused upload must not close the connection before the answer was sent.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (head.length < ggufMagic.length) {
        head = Buffer.concat([head, chunk.subarray(0, ggufMagic.length)]);
        if (!ggufMagic.subarray(0, head.length).equals(head.subarray(0, ggufMagic.length))) {
          throw new AppError('invalid', `"${name}" is not a GGUF model: it does not begin with "GGUF".`);
        }
      }
      await file.writeFile(chunk);
      written += chunk.length;
    }
    if (written !== size) {
      throw new AppError('invalid', `The upload of "${name}" ended after ${written} of ${size} bytes.`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Renames the finished file, with a number when the name is taken, so that nothing is overwritten. */
const keep = (part: string, folder: string, name: string): string => {
  const stem = name.slice(0, -'.gguf'.length);
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? name : `${stem}-${number}.gguf`);
    if (existsSync(path) || !moveTo(part, path)) continue;
    return path;
  }
};

/** False when another host took the name in the meantime. */
const moveTo = (part: string, path: string): boolean => {
  try {
    linkSync(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // The file system has no hard links.
    renameSync(part, path);
    return true;
  }
  rmSync(part, { force: true });
  return true;
};
