import { documentOf, isPlaceholder } from '../../contract/message-texts.ts';
import type { Format } from '../format.ts';
import type { Imported, ImportedPrompt } from '../imported.ts';
import { createLosses, type Loss } from '../losses.ts';
import { memoryFolder } from '../memory-folder.ts';
import { readSource } from '../read-source.ts';
import { createSource, type SourceFile } from '../source.ts';

/** Reads the first of some files as an import does; the others are beside it in the folder. */
export function readTexts(texts: Readonly<Record<string, string>>, chosen?: string): Promise<Imported> {
  const files = new Map(
    Object.entries(texts).map(([path, text]): [string, SourceFile] => [path, { path, text, encoding: 'utf-8' }]),
  );
  return readSource(createSource([...files.values()][0]!, memoryFolder(files)), chosen);
}

/** The first sentence of a refusal with its reason; null when the file is read. */
export async function refusalOf(
  texts: Readonly<Record<string, string>>,
): Promise<{ reason: unknown; message: string } | null> {
  try {
    await readTexts(texts);
    return null;
  } catch (error) {
    if (!(error instanceof Error) || !('details' in error)) throw error;
    return { reason: (error.details as { reason: unknown }).reason, message: error.message };
  }
}

/** What a format writes of prompts, read again. */
export async function writeAndRead(
  format: Format,
  prompts: readonly ImportedPrompt[],
  beside: Readonly<Record<string, string>> = {},
) {
  const losses = createLosses();
  const files = format.write!(prompts, losses);
  const read = await Promise.all(files.map(({ path, text }) => readTexts({ [path]: text, ...beside })));
  return { files, losses: losses.all(), prompts: read.flatMap((imported) => imported.prompts) };
}

/** The only prompt of a file as short lines: messages, then inputs. */
export async function linesOf(texts: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { prompts } = await readTexts(texts);
  return prompts.flatMap(({ content }) => [
    ...content.messages.map((message) =>
      isPlaceholder(message) ? documentOf(message) : `${message.role}: ${documentOf(message)}`,
    ),
    ...content.inputs.map(({ name, type, required, default: given }) =>
      [name, type, required ? 'required' : 'optional', given === undefined ? '' : JSON.stringify(given)]
        .join(' ')
        .trim(),
    ),
  ]);
}

/** Losses as one line each, as in `kept parameter:topK model.options.topK`. */
export function lossLines(losses: readonly Loss[]): readonly string[] {
  return losses.map(({ kind, what, where }) => `${kind} ${what} ${where}`.trim());
}
