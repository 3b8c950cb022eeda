import { expect } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { textOf } from '../../contract/message-texts.ts';
import type { Json } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import type { Imported, ImportedPrompt } from '../imported.ts';
import { memoryFolder } from '../memory-folder.ts';
import { readSource } from '../read-source.ts';
import { createSource, type SourceFile } from '../source.ts';

/** Reads one of some files, given by their paths. */
export async function readFiles(
  files: Readonly<Record<string, string>>,
  path = Object.keys(files)[0]!,
): Promise<Imported> {
  const all = new Map(
    Object.entries(files).map(([name, text]): [string, SourceFile] => [name, { path: name, text, encoding: 'utf-8' }]),
  );
  return readSource(createSource(all.get(path)!, memoryFolder(all)));
}

/** The refusal of a file: its sentence, and its line where it names one. */
export async function refusalOf(files: Readonly<Record<string, string>>): Promise<{ message: string; line?: number }> {
  const error: unknown = await readFiles(files).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  const { message, details } = error as AppError;
  return { message, ...(typeof details?.line === 'number' && { line: details.line }) };
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

/** The losses as `kind what where`. */
export function lossesOf({ losses }: Imported): readonly string[] {
  return losses.map(({ kind, what, where }) => [kind, what, where].filter((word) => word !== '').join(' '));
}
