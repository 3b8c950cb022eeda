import { decodeText } from '../content/files/decode-text.ts';
import { AppError } from '../scope/errors.ts';
import type { Loss } from './losses.ts';
import { refusal } from './refusal.ts';
import type { SourceFile } from './source.ts';

export interface DecodedSource {
  readonly file: SourceFile;
  /** True where the encoding is none of Unicode's: nothing but statistics says what it is. */
  readonly isGuess: boolean;
}

/** How files begin that are no text, whatever their names say. */
const binaries: readonly (readonly [string, readonly number[]])[] = [
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['an Office document of the old kind', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66, 0x6f, 0x72, 0x6d, 0x61, 0x74, 0x20, 0x33, 0]],
  ['a GGUF model', [0x47, 0x47, 0x55, 0x46]],
];
const zips = [
  [0x50, 0x4b, 3, 4],
  [0x50, 0x4b, 5, 6],
];

/** What the decoder calls encodings that the formats call otherwise. */
const otherNames: Readonly<Record<string, string>> = { macintosh: 'macroman' };

/** The text of a file; throws a `refusal` for what is no text, or in an encoding that cannot be told. */
export async function decodeSource(path: string, bytes: Uint8Array): Promise<DecodedSource> {
  refuseBinary(path, bytes);
  try {
    const { text, encoding, isGuess } = await decodeText(path, bytes);
    const name = encoding.toLowerCase();
    const hasMark = name === 'utf-8' && beginsWith(bytes, [0xef, 0xbb, 0xbf]);
    return { file: { path, text, encoding: hasMark ? 'utf-8-bom' : (otherNames[name] ?? name) }, isGuess };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const line = error.details?.line;
    throw refusal(error.message, { reason: 'encoding', ...(typeof line === 'number' && { line }) });
  }
}

function refuseBinary(path: string, bytes: Uint8Array): void {
  if (zips.some((magic) => beginsWith(bytes, magic))) {
    if (/\.(?:csv|tsv)$/i.test(path))
      throw refusal(
        `${path} is no CSV but a zip archive, as spreadsheet programs save their own documents. Export it as CSV and choose that file.`,
        { reason: 'zip-not-csv' },
      );
    throw refusal(`${path} is a zip archive; choose a text file.`, { reason: 'zip-not-text' });
  }
  const kind = binaries.find(([, magic]) => beginsWith(bytes, magic))?.[0];
  if (kind !== undefined) throw refusal(`${path} is ${kind}; choose a text file.`, { reason: 'not-text' });
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte);
}

/** What a report says of a file whose encoding nothing but statistics tells. */
export function guessedEncoding({ path, encoding }: Pick<SourceFile, 'path' | 'encoding'>): Loss {
  return {
    kind: 'approximated',
    what: 'encoding',
    where: path,
    why: `It is not in Unicode; it was read as ${encoding}, which is a guess. Look at its letters, or save it as UTF-8.`,
  };
}
