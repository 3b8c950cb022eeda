import { AppError } from '../../scope/errors.ts';
import type { Imported } from '../imported.ts';
import { memoryFolder } from '../memory-folder.ts';
import { detectFormats, readSource } from '../read-source.ts';
import { createSource, type SourceFile } from '../source.ts';

/** Reads the first of some files, by their names; the others stand beside it. */
export async function readFiles(
  files: Readonly<Record<string, string>>,
  { format, encoding = 'utf-8' }: { readonly format?: string; readonly encoding?: string } = {},
): Promise<Imported> {
  const all = new Map<string, SourceFile>(
    Object.entries(files).map(([path, text]) => [path, { path, text, encoding }]),
  );
  const [first] = all.values();
  return readSource(createSource(first!, memoryFolder(all)), format);
}

/** The refusal of a file, as its sentence and reason; fails where it is not refused. */
export async function refusalOf(
  files: Readonly<Record<string, string>>,
  format?: string,
): Promise<{ readonly message: string; readonly reason: unknown }> {
  const result = await readFiles(files, format === undefined ? {} : { format }).catch((error: unknown) => error);
  if (!(result instanceof AppError)) throw new Error(`It is not refused: ${JSON.stringify(result)?.slice(0, 200)}`);
  return { message: result.message, reason: result.details?.reason };
}

/** Id of the likeliest format. */
export function detectedAs(path: string, text: string): string | null {
  const source = createSource({ path, text, encoding: 'utf-8' }, memoryFolder(new Map()));
  return detectFormats(source)[0]?.id ?? null;
}

/** Losses as lines of "kind what where". */
export function lossLines({ losses }: Imported): readonly string[] {
  return losses.map(({ kind, what, where }) => [kind, what, where].filter((part) => part !== '').join(' '));
}
