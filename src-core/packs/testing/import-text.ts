import { canonicalContent } from '../../content/hash-content.ts';
import { AppError } from '../../scope/errors.ts';
import { formats } from '../formats/registry.ts';
import type { Imported, ImportedPrompt } from '../imported.ts';
import { createLosses, type Loss } from '../losses.ts';
import { memoryFolder } from '../memory-folder.ts';
import { detectFormats, readSource } from '../read-source.ts';
import { createSource, type SourceFile } from '../source.ts';

type Texts = Readonly<Record<string, string>>;

function sourceOf(path: string, text: string, others: Texts) {
  const files = Object.entries({ ...others, [path]: text }).map(([each, content]): [string, SourceFile] => [
    each,
    { path: each, text: content, encoding: 'utf-8' },
  ]);
  return createSource({ path, text, encoding: 'utf-8' }, memoryFolder(new Map(files)));
}

/** Imports a text as a file of a folder in memory, in which the others stand too. */
export function importText(path: string, text: string, others: Texts = {}, chosen?: string): Promise<Imported> {
  return readSource(sourceOf(path, text, others), chosen);
}

/** The same, where one prompt is expected. */
export async function importPrompt(path: string, text: string, others: Texts = {}): Promise<ImportedPrompt> {
  const { prompts } = await importText(path, text, others);
  const [prompt, ...rest] = prompts;
  if (prompt === undefined || rest.length > 0) throw new Error(`${path} has ${prompts.length} prompts.`);
  return prompt;
}

/** The ids of the formats that a text may be, as `dakora:certain`. */
export function detectText(path: string, text: string): readonly string[] {
  return detectFormats(sourceOf(path, text, {})).map(({ id, sureness }) => `${id}:${sureness}`);
}

/** The sentence of a refusal with its reason; throws for everything else. */
export async function refusalOf(
  imported: Promise<Imported>,
): Promise<{ readonly message: string; readonly reason: unknown; readonly line: unknown }> {
  const error = await imported.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw error ?? new Error('It was imported.');
  return { message: error.message, reason: error.details?.reason, line: error.details?.line };
}

/** Losses as `kept tools allowed-tools`, so that they fit on a line each. */
export function lossLines(losses: readonly Loss[]): readonly string[] {
  return losses.map(({ kind, what, where }) => `${kind} ${what} ${where}`.trimEnd());
}

export interface Again {
  readonly imported: Imported;
  readonly path: string;
  readonly text: string;
  readonly losses: readonly Loss[];
}

/** Writes a prompt in a format and reads what was written. */
export async function writeAndRead(prompt: ImportedPrompt, id: string): Promise<Again> {
  const format = formats.find(({ ids }) => ids.includes(id));
  const losses = createLosses();
  const [file] = format?.write?.([prompt], losses) ?? [];
  if (file === undefined) throw new Error(`The format ${id} is not written.`);
  return { imported: await importText(file.path, file.text), ...file, losses: losses.all() };
}

/** The canonical contents of a prompt before and after it was written; equal where nothing was lost. */
export async function roundTrip(prompt: ImportedPrompt, id: string): Promise<readonly [string, string]> {
  const { imported } = await writeAndRead(prompt, id);
  return [canonicalContent(prompt.content), canonicalContent(imported.prompts[0]!.content)];
}
