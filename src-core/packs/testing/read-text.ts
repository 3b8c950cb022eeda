import { AppError } from '../../scope/errors.ts';
import type { Imported } from '../imported.ts';
import { memoryFolder } from '../memory-folder.ts';
import { readSource } from '../read-source.ts';
import { createSource } from '../source.ts';

/** What a file of this name and text is read as; a value is written as JSON. */
export function readText(path: string, content: unknown, format?: string): Promise<Imported> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const file = { path, text, encoding: 'utf-8' };
  return readSource(createSource(file, memoryFolder(new Map([[path, file]]))), format);
}

/** The sentence and the reason with which it is refused; anything else that is thrown fails the test. */
export async function refusalOf(path: string, content: unknown, format?: string): Promise<readonly [unknown, string]> {
  try {
    await readText(path, content, format);
  } catch (error) {
    if (error instanceof AppError) return [error.details?.reason, error.message];
    throw error;
  }
  throw new Error(`${path} is not refused.`);
}

/** Losses as `kind what where`. */
export function linesOf({ losses }: Pick<Imported, 'losses'>): readonly string[] {
  return losses.map(({ kind, what, where }) => `${kind} ${what} ${where}`.trim());
}
