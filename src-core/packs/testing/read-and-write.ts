import { expect } from 'vitest';
import { canonicalContent } from '../../content/hash-content.ts';
import { renderContent } from '../../content/templates/render-content.ts';
import { documentOf, isPlaceholder, textOf } from '../../contract/message-texts.ts';
import type { Json } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import type { Format, WrittenFile } from '../format.ts';
import { formats } from '../formats/registry.ts';
import type { Imported, ImportedPrompt } from '../imported.ts';
import { createLosses, type Loss } from '../losses.ts';
import { memoryFolder } from '../memory-folder.ts';
import { detectFormats, readSource } from '../read-source.ts';
import { createSource, type Source, type SourceFile } from '../source.ts';

type Texts = Readonly<Record<string, string>>;

function firstOf(texts: Texts, encoding = 'utf-8'): Source {
  const files = new Map(
    Object.entries(texts).map(([path, text]): [string, SourceFile] => [path, { path, text, encoding }]),
  );
  return createSource([...files.values()][0]!, memoryFolder(files));
}

/** Reads the first of some files, by their paths, as an import does; the others are beside it in the folder. */
export async function readFiles(
  texts: Texts,
  { format, encoding }: { readonly format?: string; readonly encoding?: string } = {},
): Promise<Imported> {
  return readSource(firstOf(texts, encoding), format);
}

/** What a file of this name and text is read as; a value is written as JSON. */
export function readText(path: string, content: unknown, format?: string): Promise<Imported> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return readFiles({ [path]: text }, format === undefined ? {} : { format });
}

/** Reads a text as a file of a folder in which the others stand too. */
export function importText(path: string, text: string, others: Texts = {}, format?: string): Promise<Imported> {
  return readFiles({ [path]: text, ...others }, format === undefined ? {} : { format });
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
  return detectFormats(firstOf({ [path]: text })).map(({ id, sureness }) => `${id}:${sureness}`);
}

/** Id of the likeliest format. */
export function detectedAs(path: string, text: string): string | null {
  return detectFormats(firstOf({ [path]: text }))[0]?.id ?? null;
}

export interface Refused {
  readonly message: string;
  readonly reason: unknown;
  /** Undefined where the refusal names none. */
  readonly line: unknown;
}

/** The refusal of files, or of an import; null where it is read. What is thrown otherwise fails the test. */
export async function refusalOf(given: Texts | Promise<Imported>, format?: string): Promise<Refused | null> {
  try {
    await (given instanceof Promise ? given : readFiles(given, format === undefined ? {} : { format }));
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { message: error.message, reason: error.details?.reason, line: error.details?.line };
  }
}

/** The reason and the sentence with which a file of this name and text is refused. */
export async function refusalPair(path: string, content: unknown, format?: string) {
  const refused = await refusalOf(readText(path, content, format));
  return [refused?.reason, refused?.message] as const;
}

/** Losses as one line each, as in `kept parameter:topK model.options.topK`. */
export function lossLines(given: Pick<Imported, 'losses'> | readonly Loss[]): readonly string[] {
  const losses = 'losses' in given ? given.losses : given;
  return losses.map(({ kind, what, where }) => [kind, what, where].filter((word) => word !== '').join(' '));
}

/** The prompts of a file as short lines: messages, then inputs. */
export async function promptLines(texts: Texts): Promise<readonly string[]> {
  const { prompts } = await readFiles(texts);
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

/** What a prompt renders to, message by message; includes are found among `others`. */
export function renderPrompt(
  { content }: ImportedPrompt,
  values: Readonly<Record<string, Json>>,
  others: readonly ImportedPrompt[] = [],
): readonly string[] {
  const loader = {
    load(name: string) {
      const found = others.find((prompt) => prompt.name === name);
      return found === undefined ? null : { source: textOf(found.content.messages[0]!), inputs: {} };
    },
  };
  const { messages, problems } = renderContent(content, values, { loader });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return messages!.map(({ text }) => text);
}

/** What a format writes of prompts, read again. */
export async function writeAndRead(format: Format, prompts: readonly ImportedPrompt[], beside: Texts = {}) {
  const losses = createLosses();
  const files = format.write!(prompts, losses);
  const read = await Promise.all(files.map(({ path, text }) => readFiles({ [path]: text, ...beside })));
  return { files, losses: losses.all(), prompts: read.flatMap((imported) => imported.prompts) };
}

export interface Again extends WrittenFile {
  readonly imported: Imported;
  readonly losses: readonly Loss[];
}

/** The same of one prompt, in the format of an id. */
export async function writeAndReadPrompt(prompt: ImportedPrompt, id: string): Promise<Again> {
  const format = formats.find(({ ids }) => ids.includes(id));
  const losses = createLosses();
  const [file] = format?.write?.([prompt], losses) ?? [];
  if (file === undefined) throw new Error(`The format ${id} is not written.`);
  return { imported: await importText(file.path, file.text), ...file, losses: losses.all() };
}

/** The canonical contents of a prompt before and after it was written; equal where nothing was lost. */
export async function roundTrip(prompt: ImportedPrompt, id: string): Promise<readonly [string, string]> {
  const { imported } = await writeAndReadPrompt(prompt, id);
  return [canonicalContent(prompt.content), canonicalContent(imported.prompts[0]!.content)];
}
