import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found, SourceFolder } from '../../src-core/packs/source.ts';
import { decodeSource } from '../../src-core/packs/source-bytes.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { isHeld } from '../files/held-files.ts';
import { isGlobOf } from './glob.ts';

/** Bytes of one file that another refers to. */
const longestFile = 4 * 1024 * 1024;
const mostMatches = 10_000;
/** Entries of folders that one pattern looks at. */
const mostEntries = 200_000;
const deepestFolder = 64;
/** Not entered by `**`: they are large, and nobody keeps prompts in them. */
const passedOver = ['.git', 'node_modules'];

/** Absent on Windows, which has neither pipes with names in folders nor symlinks that are opened unseen. */
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * A folder of this computer for references of imported files. Nothing leaves it: no absolute path, no `..` above it, no
 * symlink in any part of a path. `below` are folders that paths name in front of it although it ends there, so that a file
 * says in which folder it stands.
 */
export async function openFolder(root: string, below = ''): Promise<SourceFolder> {
  const real = await realpath(root).catch((error: NodeJS.ErrnoException) => {
    throw new AppError('not_found', `The folder ${root} cannot be read: ${error.code ?? error.message}.`, {
      path: root,
    });
  });
  const prefix = below.split('/').filter((part) => part !== '');
  const inside = (from: string, reference: string) => resolveInside(from, reference, prefix);
  return {
    async find(from, reference) {
      const parts = inside(from, reference);
      if (parts === null) return { kind: 'outside' };
      return readInside(real, parts, [...prefix, ...parts].join('/'));
    },
    async match(from, pattern) {
      const parts = inside(from, pattern);
      if (parts === null) return [];
      const found = await matchInside(real, parts);
      return found.map((path) => [...prefix, path].join('/')).sort();
    },
  };
}

/** The parts of a path below the root; null for what leaves it. */
function resolveInside(from: string, reference: string, prefix: readonly string[]): readonly string[] | null {
  if (/^(?:[/\\~]|[a-z][a-z0-9+.-]*:)/i.test(reference) || reference.includes('\0')) return null;
  const plain = process.platform === 'win32' ? reference.replaceAll('\\', '/') : reference;
  const parts = from.split('/').slice(0, -1);
  for (const part of plain.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  if (!prefix.every((part, index) => parts[index] === part)) return null;
  const rest = parts.slice(prefix.length);
  // On Windows a colon names a drive or a stream of a file.
  return process.platform === 'win32' && rest.some((part) => part.includes(':')) ? null : rest;
}

async function readInside(root: string, parts: readonly string[], path: string): Promise<Found> {
  if (parts.length === 0) return { kind: 'unreadable', why: 'It is a folder.' };
  const kind = await kindOf(root, parts);
  if (kind !== 'file') return kind;
  const full = join(root, ...parts);
  try {
    const handle = await open(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      // Between the look at its parts and now, a folder of the path may have become a symlink.
      if ((await realpath(full)) !== full) return { kind: 'outside' };
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile() || isHeld(stats)) return { kind: 'unreadable', why: 'It is no regular file.' };
      if (stats.size > longestFile) return tooLong;
      // It may be longer by now than it was a moment ago; what has come since is not read.
      const bytes = Buffer.alloc(Number(stats.size));
      let length = 0;
      for (let read = 1; read > 0 && length < bytes.length; length += read)
        read = (await handle.read(bytes, length, bytes.length - length, length)).bytesRead;
      return { kind: 'file', file: (await decodeSource(path, bytes.subarray(0, length))).file };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof AppError) return { kind: 'unreadable', why: error.message };
    return foundOf(error);
  }
}

const tooLong: Found = { kind: 'unreadable', why: `It has more than ${longestFile / 1024 / 1024} MB.` };

/** Looks at each part of a path, so that none of them is a symlink. */
async function kindOf(root: string, parts: readonly string[]): Promise<Found | 'file'> {
  for (const [index] of parts.entries()) {
    const isLast = index === parts.length - 1;
    try {
      const stats = await lstat(join(root, ...parts.slice(0, index + 1)), { bigint: true });
      if (stats.isSymbolicLink()) return { kind: 'outside' };
      if (isLast && stats.isDirectory()) return { kind: 'unreadable', why: 'It is a folder.' };
      // Even opening a file of the database does harm.
      if (isLast && (!stats.isFile() || isHeld(stats))) return { kind: 'unreadable', why: 'It is no regular file.' };
      if (!isLast && !stats.isDirectory()) return { kind: 'missing' };
    } catch (error) {
      return foundOf(error);
    }
  }
  return 'file';
}

function foundOf(error: unknown): Found {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return { kind: 'missing' };
  if (code === 'ELOOP') return { kind: 'outside' };
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'unreadable', why: 'You may not read it.' };
  return { kind: 'unreadable', why: `It cannot be read (${code ?? 'unknown'}).` };
}

/** Paths of regular files below the root that a pattern means. */
async function matchInside(root: string, pattern: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const listings = new Map<string, readonly Dirent[]>();
  let entries = 0;
  const list = async (folder: readonly string[]): Promise<readonly Dirent[]> => {
    const key = folder.join('/');
    const known = listings.get(key);
    if (known !== undefined) return known;
    const listed =
      entries > mostEntries ? [] : await readdir(join(root, ...folder), { withFileTypes: true }).catch(() => []);
    entries += listed.length;
    listings.set(key, listed);
    return listed;
  };
  const pending: (readonly [readonly string[], number])[] = [[[], 0]];
  for (let next = pending.pop(); next !== undefined && found.size < mostMatches; next = pending.pop()) {
    const [folder, index] = next;
    const key = `${index}:${folder.join('/')}`;
    if (seen.has(key) || folder.length > deepestFolder) continue;
    seen.add(key);
    const glob = pattern[index];
    if (glob === undefined) continue;
    const isLast = index === pattern.length - 1;
    if (glob === '**' && !isLast) pending.push([folder, index + 1]);
    for (const entry of await list(folder)) {
      // A link is neither a file nor a folder here, so none is followed.
      const path = [...folder, entry.name];
      if (entry.isDirectory()) {
        if (glob === '**' && !passedOver.includes(entry.name)) pending.push([path, index]);
        else if (glob !== '**' && !isLast && isGlobOf(glob, entry.name)) pending.push([path, index + 1]);
      } else if (entry.isFile() && isLast && (glob === '**' || isGlobOf(glob, entry.name))) found.add(path.join('/'));
    }
  }
  return [...found].slice(0, mostMatches);
}
