import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Imported } from '../../src-core/packs/imported.ts';
import { type Candidate, choicesAmong, detectFormats, readSource } from '../../src-core/packs/read-source.ts';
import { refusal } from '../../src-core/packs/refusal.ts';
import {
  createSource,
  noFolder,
  type Source,
  type SourceFile,
  type SourceFolder,
} from '../../src-core/packs/source.ts';
import { type DecodedSource, decodeSource, guessedEncoding } from '../../src-core/packs/source-bytes.ts';
import { openFolder } from './read-folder.ts';

/** A file that a person chose, read and looked at, but not imported yet. */
export interface OpenedFile {
  readonly source: Source;
  readonly candidates: readonly Candidate[];
  /** The formats among which the person may choose: more than one where they are as likely. */
  readonly choices: readonly string[];
  readonly encoding: string;
  readonly isGuess: boolean;
  /** The files that were read because it names them. */
  readonly used: ReadonlyMap<string, SourceFile>;
}

/** Names that say nothing without the folder that they stand in. */
const namedByFolder = /^(?:skprompt\.txt|config\.json|skill\.md)$/i;
/** Folders of tools that say what is in them. */
const markers = ['.claude', '.cursor', '.github'];

/**
 * Opens a file for an import. References in it reach the files of `folder`, usually the folder that the file stands in.
 * Throws a `refusal` for what is no text or stands outside that folder.
 */
export async function openFile(path: string, bytes: Uint8Array, folder?: string): Promise<OpenedFile> {
  const place = await placeOf(path, folder);
  return look(await decodeSource(place.path, bytes), place.folder);
}

/** The same for a text without a place, as one from standard input. */
export async function openBytes(name: string, bytes: Uint8Array): Promise<OpenedFile> {
  return look(await decodeSource(name, bytes), noFolder);
}

/** What an opened file becomes, as the format that it most likely is or as the chosen one; throws a `refusal`. */
export async function importFile(
  { source, candidates, encoding, isGuess }: OpenedFile,
  format?: string,
): Promise<Imported> {
  const imported = await readSource(source, format, candidates);
  if (!isGuess) return imported;
  return { ...imported, losses: [guessedEncoding({ path: source.path, encoding }), ...imported.losses] };
}

function look({ file, isGuess }: DecodedSource, folder: SourceFolder): OpenedFile {
  const used = new Map<string, SourceFile>();
  const source = createSource(file, {
    match: folder.match,
    async find(from, reference) {
      const found = await folder.find(from, reference);
      if (found.kind === 'file' && found.file.path !== file.path) used.set(found.file.path, found.file);
      return found;
    },
  });
  const candidates = detectFormats(source);
  const choices = choicesAmong(candidates).map(({ id }) => id);
  return { source, candidates, choices, encoding: file.encoding, isGuess, used };
}

async function placeOf(path: string, folder: string | undefined) {
  const full = resolve(path);
  if (folder === undefined) {
    const below = foldersBefore(dirname(full).split(sep), basename(full));
    return { path: [...below, basename(full)].join('/'), folder: await openFolder(dirname(full), below.join('/')) };
  }
  const inside = relative(resolve(folder), full);
  const parts = inside.split(sep);
  if (parts[0] === '..' || isAbsolute(inside))
    throw refusal(`${path} is not in the folder ${folder}.`, { reason: 'outside-folder' });
  return { path: parts.join('/'), folder: await openFolder(folder) };
}

function foldersBefore(folders: readonly string[], name: string): readonly string[] {
  const marker = folders.findLastIndex((folder) => markers.includes(folder.toLowerCase()));
  if (marker >= 0 && /\.mdc?$/i.test(name)) return folders.slice(marker);
  const [last = ''] = folders.slice(-1);
  return namedByFolder.test(name) && last !== '' ? [last] : [];
}
