import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../content/files/decode-text.ts';
import { renderContent } from '../content/templates/render-content.ts';
import { inputNameProblem } from '../contract/input-name.ts';
import { readableText, textOf } from '../contract/message-texts.ts';
import type { RoleMessage } from '../contract/messages.ts';
import type { Json, JsonObject } from '../contract/shared.ts';
import type { TemplateLoader } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import { contentOf, describeImport } from './describe-import.ts';
import { formats } from './formats/registry.ts';
import type { Imported, ImportedPrompt } from './imported.ts';
import { memoryFolder } from './memory-folder.ts';
import { detectFormats, readSource } from './read-source.ts';
import { createSource, type SourceFile } from './source.ts';

/*
 * Shapes of other tools' files with what they must become: each folder has files and `expected.json`. Renders made by the
 * tools' own engines stand beside them where there are any.
 */

interface Expected {
  readonly detect: string;
  readonly version?: string;
  readonly prompts?: readonly ExpectedPrompt[];
  readonly tests?: number;
  readonly asserts?: number;
  readonly rows?: number;
  readonly columns?: readonly string[];
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly first?: JsonObject;
  readonly losses?: readonly { readonly kind: string; readonly what: string; readonly where?: string }[];
  readonly refuse?: { readonly code?: string; readonly line?: number };
}

interface ExpectedPrompt {
  readonly name: string;
  readonly messages: readonly { readonly role: string; readonly content?: string }[];
  readonly inputs: readonly (JsonObject & { readonly name: string; readonly source?: string })[];
  readonly settings?: JsonObject;
  readonly tools?: readonly string[];
  readonly responseSchema?: boolean;
  readonly samples?: number;
  readonly includes?: readonly string[];
  readonly labels?: readonly string[];
  readonly tags?: readonly string[];
  readonly versions?: number;
  readonly description?: string;
  readonly type?: string;
  readonly renders?: readonly {
    readonly inputs: JsonObject;
    /** Null for a message that other tools would send otherwise, as one with an image. */
    readonly messages: readonly (string | null)[];
    /** Engines that join lines: runs of blanks count as one. */
    readonly whitespace?: 'collapse';
  }[];
}

const cases = join(import.meta.dirname, 'testing', 'cases');

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

for (const format of readdirSync(cases)) {
  const folder = join(cases, format);
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<
    Record<string, Expected>
  >;
  describe(format, async () => {
    const files = new Map<string, SourceFile>();
    for (const path of filesBelow(folder)) {
      if (path.endsWith('expected.json')) continue;
      const name = relative(folder, path);
      const decoded = await decodeText(name, readFileSync(path)).catch(() => null);
      if (decoded !== null)
        files.set(name, { path: name, text: decoded.text, encoding: decoded.encoding.toLowerCase() });
    }
    for (const [name, wanted] of Object.entries(expected)) {
      // Bytes are looked at before any format is; the tests of the host's reader have these.
      if (!files.has(name)) continue;
      const source = createSource(files.get(name)!, memoryFolder(files));
      test(`${name} is read as it must be`, async () => {
        if (wanted.refuse !== undefined)
          return expectRefusal(await readSource(source).catch((error: unknown) => error), wanted);
        const imported = await readSource(source);
        checkImport(imported, wanted);
        for (const [index, prompt] of (wanted.prompts ?? []).entries())
          checkPrompt(imported.prompts[index]!, prompt, await neighboursOf(imported, files));
      });
    }
  });
}

/** The prompts of a file, then those of the files beside it: an include may name any. */
async function neighboursOf(imported: Imported, files: ReadonlyMap<string, SourceFile>) {
  if (imported.prompts.every(({ includes }) => includes.length === 0)) return imported.prompts;
  const folder = memoryFolder(files);
  const others = await Promise.all(
    [...files.values()].map((file) => readSource(createSource(file, folder)).catch(() => null)),
  );
  return [...imported.prompts, ...others.flatMap((other) => other?.prompts ?? [])];
}

function expectRefusal(error: unknown, { refuse }: Expected): void {
  expect(error).toBeInstanceOf(AppError);
  const details = (error as AppError).details ?? {};
  if (refuse?.code !== undefined) expect(details.reason).toBe(refuse.code);
  if (refuse?.line !== undefined) expect(details.line).toBe(refuse.line);
}

function checkImport(imported: Imported, wanted: Expected): void {
  expect(imported.format).toBe(wanted.detect);
  if (wanted.version !== undefined) expect(imported.version).toBe(wanted.version);
  if (wanted.prompts !== undefined)
    expect(imported.prompts.map(({ name }) => name)).toEqual(wanted.prompts.map(({ name }) => name));
  const report = describeImport(imported);
  for (const key of ['tests', 'asserts', 'rows', 'columns', 'delimiter', 'first'] as const)
    if (wanted[key] !== undefined) expect(report[key], key).toEqual(wanted[key]);
  for (const { kind, what, where } of wanted.losses ?? []) {
    // Such a name is legal here and stays as it is.
    if (what === 'variable-renamed' && where !== undefined && inputNameProblem(where, 'jinja') === null) continue;
    expect(imported.losses, `${kind} ${what} ${where ?? ''}`).toContainEqual(
      expect.objectContaining({ kind, what, ...(where !== undefined && { where }) }),
    );
  }
}

/** Names that are legal here in any script need no other name; where a name did change, the file's own is kept beside it. */
function inputOf(prompt: ImportedPrompt, { name, source }: { readonly name: string; readonly source?: string }) {
  const { inputs } = prompt.content;
  if (source === undefined) return inputs.find((each) => each.name === name);
  return (
    inputs.find((each) => prompt.inputSources[each.name] === source) ??
    inputs.find((each) => each.name === name || each.name === source)
  );
}

function checkPrompt(prompt: ImportedPrompt, wanted: ExpectedPrompt, all: readonly ImportedPrompt[]): void {
  const { content } = prompt;
  const shown = content.messages.map((message) =>
    'placeholder' in message
      ? { role: 'placeholder', content: message.placeholder }
      : { role: message.role, content: contentOf(message as RoleMessage) },
  );
  expect(shown.map(({ role }) => role)).toEqual(wanted.messages.map(({ role }) => role));
  for (const [index, { content: text }] of wanted.messages.entries())
    if (text !== undefined) expect(shown[index]!.content).toBe(text);
  for (const each of wanted.inputs) {
    const input = inputOf(prompt, each);
    expect(input, `input ${each.name}`).toBeDefined();
    const { name: _, source: __, type, ...rest } = each;
    // Where other messages stand, the type says so; the cases are older than it.
    expect(input!.type === 'messages' ? 'object' : input!.type).toBe(type);
    expect(input).toMatchObject(rest);
  }
  if (wanted.settings !== undefined) {
    const { fallbacks, ...settings } = wanted.settings;
    expect(content.settings).toMatchObject({ ...settings, ...(fallbacks !== undefined && { fallbacks }) });
  }
  if (wanted.tools !== undefined) expect(content.tools.map(({ name }) => name)).toEqual(wanted.tools);
  if (wanted.responseSchema === true) expect(content.responseSchema).not.toBeNull();
  if (wanted.samples !== undefined) expect(content.samples).toHaveLength(wanted.samples);
  if (wanted.includes !== undefined) expect(prompt.includes).toEqual(wanted.includes);
  if (wanted.labels !== undefined) expect(prompt.labels).toEqual(wanted.labels);
  if (wanted.tags !== undefined) expect(prompt.tags).toEqual(wanted.tags);
  if (wanted.versions !== undefined) expect(prompt.versions).toHaveLength(wanted.versions - 1);
  if (wanted.type !== undefined) expect(prompt.type).toBe(wanted.type);
  if (wanted.description !== undefined) expect(prompt.description).toBe(wanted.description);
  for (const { inputs, messages, whitespace } of wanted.renders ?? []) {
    const values = Object.fromEntries(
      Object.entries(inputs).map(([source, value]): [string, Json] => [
        inputOf(prompt, { name: source, source })?.name ?? source,
        value,
      ]),
    );
    const result = renderContent(content, values, { loader: includesAmong(all), strict: false });
    expect(result.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const plain = (text: string) => (whitespace === 'collapse' ? text.replace(/\s+/g, ' ') : text).trim();
    const texts = result.messages!.map(({ text, parts }, index) =>
      messages[index] === null ? null : plain(readableText(parts ?? text)),
    );
    expect(texts).toEqual(messages.map((text) => (text === null ? null : plain(text))));
  }
}

/** Prompts as includes of each other. */
function includesAmong(prompts: readonly ImportedPrompt[]): TemplateLoader {
  return {
    load(name) {
      const found = prompts.find((prompt) => prompt.name === name.replace(/@.*$/, ''));
      return found === undefined ? null : { source: textOf(found.content.messages[0]!), inputs: {} };
    },
  };
}

test('the registry names every format once', () => {
  const ids = formats.flatMap((format) => format.ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(detectFormats(createSource({ path: 'x.txt', text: '', encoding: 'utf-8' }, memoryFolder(new Map())))).toEqual(
    [],
  );
});
