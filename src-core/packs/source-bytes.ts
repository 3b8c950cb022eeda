import { decodeText } from '../content/files/decode-text.ts';
import { AppError } from '../scope/errors.ts';
import { refusal } from './refusal.ts';
import type { SourceFile } from './source.ts';

/** Beginnings of files that are no text, by what a person would call them. */
const binaries: readonly (readonly [string, readonly number[]])[] = [
  ['a zip archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a zip archive', [0x50, 0x4b, 0x05, 0x06]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['an old Office file', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a GGUF model', [0x47, 0x47, 0x55, 0x46]],
  ['a SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66]],
];

const encodings: Readonly<Record<string, string>> = { Macintosh: 'macroman' };

/** A file whose bytes are text, decoded. */
export interface TextFile extends SourceFile {
  /** Nothing but statistics says which encoding it is. */
  readonly isGuess: boolean;
}

/** Decodes a file; throws a `refusal` for what is no text. */
export async function toTextFile(path: string, bytes: Uint8Array): Promise<TextFile> {
  const binary = binaries.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte));
  if (binary !== undefined) {
    const isTable = binary[0] === 'a zip archive' && /\.(?:csv|tsv)$/i.test(path);
    const hint = isTable ? ' Spreadsheet programs save such files; export it as CSV.' : '';
    const reason = binary[0] === 'a zip archive' ? (isTable ? 'zip-not-csv' : 'zip') : 'binary';
    throw refusal(`${path} is ${binary[0]}, not a text file.${hint}`, { reason });
  }
  try {
    const { text, encoding, isGuess } = await decodeText(path, bytes);
    const hasMark = encoding === 'UTF-8' && bytes[0] === 0xef && bytes[1] === 0xbb;
    const name = encodings[encoding] ?? encoding.toLowerCase();
    return { path, text, encoding: hasMark ? 'utf-8-bom' : name, isGuess };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw refusal(error.message, { reason: 'not-text' });
  }
}
