import type { WrittenJson } from '../content/inputs/written-json.ts';
import { type FrontMatter, splitFrontMatter } from './text/front-matter.ts';
import { deepestJson, faultInFile, tooDeep } from './text/json-fault.ts';
import { type ReadYaml, readYaml } from './text/read-yaml.ts';

/** A file that a person chose, decoded. */
export interface SourceFile {
  /** Relative to the chosen folder, with "/"; of a single file its name. */
  readonly path: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** As in `utf-8`, `utf-8-bom`, `utf-16le` or `macroman`. */
  readonly encoding: string;
}

/** What stands behind a reference of a file. */
export type Found =
  | { readonly kind: 'file'; readonly file: SourceFile }
  | { readonly kind: 'missing' }
  /** Absolute, above the chosen folder, a symlink, an address of the web: never read. */
  | { readonly kind: 'outside' }
  /** Too long, or no text. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** The chosen folder, which nothing leaves. */
export interface SourceFolder {
  /** Reads what a reference of the file at `from` means. */
  find(from: string, reference: string): Promise<Found>;
  /** Paths of all files that a pattern of `*`, `**` and `?` means, seen from the file at `from`, sorted; at most 10 000. */
  match(from: string, pattern: string): Promise<readonly string[]>;
}

/** A folder with nothing in it: what is pasted has no neighbours. */
export const noFolder: SourceFolder = {
  find: async () => ({ kind: 'missing' }),
  match: async () => [],
};

/** A value of JSON or the reason why the text is none. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string; readonly line: number | null };

/** A file with what its text is, each looked at once and only when a format asks. */
export interface Source extends SourceFile {
  /** The name without folders, lower-case. */
  readonly name: string;
  json(): Parsed<unknown>;
  /** Null when the text is not several lines of which each is JSON. */
  jsonLines(): JsonLines | null;
  frontMatter(): FrontMatter | null;
  yaml(): ReadYaml;
  find(reference: string): Promise<Found>;
  match(pattern: string): Promise<readonly string[]>;
}

export interface JsonLines {
  /** Those that are JSON, with their lines from 1. */
  readonly rows: readonly { readonly line: number; readonly value: unknown }[];
  readonly bad: readonly { readonly line: number; readonly problem: string }[];
}

export function createSource(file: SourceFile, folder: SourceFolder): Source {
  const json = once(() => parseJson(file.text));
  return {
    ...file,
    name: file.path.slice(file.path.lastIndexOf('/') + 1).toLowerCase(),
    json,
    jsonLines: once(() => parseJsonLines(file.text)),
    frontMatter: once(() => splitFrontMatter(file.text)),
    yaml: once(() => yamlOf(json(), file.text)),
    find: (reference) => folder.find(file.path, reference),
    match: (pattern) => folder.match(file.path, pattern),
  };
}

/** JSON is YAML too, and its own parser is a hundred times as fast. */
function yamlOf(json: Parsed<unknown>, text: string): ReadYaml {
  if ('problem' in json) return json.problem === tooDeep ? { problem: tooDeep, line: 1 } : readYaml(text);
  const fault = faultInFile(json.value);
  return fault === null ? { value: json.value, doubtful: [] } : { problem: fault, line: 1 };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Parses JSON; what nests very deep is a problem too. */
export function parseJson(text: string): Parsed<unknown> {
  if (!/^\s*[[{"]/.test(text)) return { problem: 'It does not begin as JSON does.', line: 1 };
  if (text.length > deepestJson && nestsDeep(text)) return { problem: tooDeep, line: 1 };
  try {
    return { value: JSON.parse(text) as WrittenJson };
  } catch (error) {
    return { problem: (error as Error).message, line: lineOfJsonError(text, error as Error) };
  }
}

function nestsDeep(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (isInText) {
      if (character === 0x5c) at += 1;
      else if (character === 0x22) isInText = false;
    } else if (character === 0x22) isInText = true;
    else if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > deepestJson) return true;
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
  return false;
}

function lineOfJsonError(text: string, error: Error): number | null {
  const at = /at position (\d+)/.exec(error.message)?.[1];
  return at === undefined ? null : text.slice(0, Number(at)).split('\n').length;
}

function parseJsonLines(text: string): JsonLines | null {
  const lines = text.split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (!/^\s*[{[]/.test(first) || !('value' in parseJson(first))) return null;
  const rows: { line: number; value: unknown }[] = [];
  const bad: { line: number; problem: string }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = parseJson(line);
    if ('value' in parsed) rows.push({ line: index + 1, value: parsed.value });
    else bad.push({ line: index + 1, problem: parsed.problem });
  }
  return { rows, bad };
}
