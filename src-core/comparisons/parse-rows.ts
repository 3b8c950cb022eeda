import { coerceInputs } from '../content/inputs/coerce-inputs.ts';
import { doubledKeys } from '../content/inputs/doubled-keys.ts';
import { locateJsonError } from '../content/inputs/locate-json-error.ts';
import {
  isWrittenObject,
  parseWrittenYaml,
  readWrittenJson,
  settleValues,
  type WrittenJson,
  WrittenNumber,
  type WrittenObject,
} from '../content/inputs/written-json.ts';
import type { InputDeclaration } from '../contract/content.ts';
import { byCanonicalName } from '../contract/input-name.ts';
import type { JsonObject } from '../contract/shared.ts';
import { nearestName } from '../templates/runtime/diagnostics.ts';
import { error, failed, type RawRows, type RowProblem } from './raw-rows.ts';
import { readCsv } from './read-csv.ts';
import { unwrapRows } from './wrapped-rows.ts';

export type { RowProblem } from './raw-rows.ts';

export const rowFormats = ['json', 'jsonl', 'csv', 'yaml'] as const;
export type RowFormat = (typeof rowFormats)[number];

/** The most rows that one comparison takes. */
export const maxRows = 10_000;

export interface ParsedRow {
  /** 1-based, counted over data rows. */
  readonly number: number;
  /** Typed by the declared inputs; a value that does not fit stays as it was written. */
  readonly values: JsonObject;
  readonly problems: readonly RowProblem[];
}

export interface ParsedRows {
  readonly format: RowFormat;
  /** Every name that occurs, in order of first appearance. */
  readonly columns: readonly string[];
  readonly rows: readonly ParsedRow[];
  /** Problems of the text as a whole, and of rows that could not be read at all. */
  readonly problems: readonly RowProblem[];
}

/** Input rows from pasted JSON (an array of objects, or one object), JSON Lines, a YAML list, or CSV (comma, semicolon, tab or bar). */
export function parseRows(text: string, inputs: readonly InputDeclaration[], format?: RowFormat): ParsedRows {
  const source = text.replace(/^\uFEFF/, '');
  const chosen = format ?? detectRowFormat(source);
  if (source.trim() === '') return { format: chosen, columns: [], rows: [], problems: [] };
  const raw = readers[chosen](source, inputs);
  return {
    format: chosen,
    columns: raw.columns,
    rows: raw.rows.map(({ number, values }) => typeRow(number, values, raw.columns, inputs)),
    problems: [
      ...raw.problems,
      ...problemsOfColumns(raw.columns, raw.rows.length, inputs),
      ...problemsOfCount(raw.rows.length),
    ],
  };
}

/** The format that a text looks like. */
export function detectRowFormat(text: string): RowFormat {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return 'json';
  // No table has a first column of that name.
  if (/^(?:rows|data|tests|examples|records|items):[ \t]*(?:#.*)?\r?\n[ \t]*-[ \t]/.test(trimmed)) return 'yaml';
  if (
    /^(?:(?:%YAML.*\n)?---[ \t]*\r?\n)?(?:#.*\r?\n|[ \t]*\r?\n)*-[ \t]+(?:\{|["']?[\p{L}_][^\n,;|]*:(?:\s|$))/u.test(
      trimmed,
    )
  )
    return 'yaml';
  if (!trimmed.startsWith('{')) return 'csv';
  const lines = trimmed.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every((line) => line.trim().startsWith('{')) ? 'jsonl' : 'json';
}

const readers = { json: readJson, jsonl: readJsonLines, csv: readCsv, yaml: readYaml } satisfies Record<
  RowFormat,
  (text: string, inputs: readonly InputDeclaration[]) => RawRows
>;

function readJson(text: string, inputs: readonly InputDeclaration[]): RawRows {
  const parsed = parseJson(text);
  if ('problem' in parsed) return failed(`This is not valid JSON: ${parsed.problem}.`);
  const read = fromRows(parsed.value, inputs);
  const isList = Array.isArray(parsed.value);
  const doubled = doubledKeys(text).map(({ key, item, offset }) =>
    isList || read.rows.length === 1
      ? doubledKey(item + 1, `Row ${item + 1}`, key)
      : doubledKey(null, `Line ${text.slice(0, offset).split('\n').length}`, key),
  );
  return { ...read, problems: [...doubled, ...read.problems] };
}

/** The last one would win in silence. */
function doubledKey(row: number | null, place: string, key: string): RowProblem {
  return error(row, key, `${place} has the key "${key.slice(0, 80)}" twice in one object; write it once.`);
}

function fromRows(value: WrittenJson, inputs: readonly InputDeclaration[]): RawRows {
  const { items, problems } = unwrapRows(value, inputs);
  const read = fromItems(items.map((item, index) => ({ number: index + 1, value: item, place: `Row ${index + 1}` })));
  return { ...read, problems: [...problems, ...read.problems] };
}

function readYaml(text: string, inputs: readonly InputDeclaration[]): RawRows {
  try {
    return fromRows(parseWrittenYaml(text), inputs);
  } catch (thrown) {
    const [problem = ''] = (thrown instanceof RangeError ? 'it nests too deep' : (thrown as Error).message).split('\n');
    return failed(`This is not valid YAML: ${problem.replace(/[.:\s]+$/, '')}.`);
  }
}

function readJsonLines(text: string, inputs: readonly InputDeclaration[]): RawRows {
  const items: Item[] = [];
  const problems: RowProblem[] = [];
  let number = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    number += 1;
    const parsed = parseJson(line);
    if ('value' in parsed) {
      items.push({ number, value: parsed.value, place: `Line ${index + 1}` });
      for (const { key } of doubledKeys(line)) problems.push(doubledKey(number, `Line ${index + 1}`, key));
    } else
      problems.push(
        error(number, null, `Line ${index + 1} is not valid JSON: ${parsed.problem.replace(' line 1,', '')}.`),
      );
  }
  const unwrapped = unwrapRows(
    items.map(({ value }) => value),
    inputs,
  );
  const read = fromItems(items.map((item, index) => ({ ...item, value: unwrapped.items[index] ?? null })));
  return { ...read, problems: [...problems, ...unwrapped.problems, ...read.problems] };
}

interface Item {
  readonly number: number;
  readonly value: WrittenJson;
  readonly place: string;
}

function fromItems(items: readonly Item[]): RawRows {
  const columns = new Set<string>();
  const rows: { number: number; values: WrittenObject }[] = [];
  const problems: RowProblem[] = [];
  for (const { number, value, place } of items) {
    if (!isWrittenObject(value)) {
      problems.push(
        error(number, null, `${place} must be an object of inputs, as in {"name": "Ada"}, but is ${nameOf(value)}.`),
      );
      continue;
    }
    const values = byCanonicalName(value);
    for (const key of Object.keys(values)) columns.add(key);
    rows.push({ number, values });
  }
  return { columns: [...columns], rows, problems };
}

function typeRow(
  number: number,
  written: WrittenObject,
  columns: readonly string[],
  inputs: readonly InputDeclaration[],
): ParsedRow {
  const { values, problems } = settleValues(written, inputs);
  const coerced = coerceInputs(inputs, values);
  const wrong = coerced.problems
    // A column that is missing altogether is said once, not in every row.
    .filter(({ input }) => Object.hasOwn(values, input) || columns.includes(input));
  return {
    number,
    // Defaults are left to the run, so that a row holds only what was written.
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        Object.hasOwn(coerced.values, name) ? coerced.values[name]! : value,
      ]),
    ),
    problems: [...problems, ...wrong].map(({ input, message }) => error(number, input, `Row ${number}: ${message}`)),
  };
}

function problemsOfColumns(
  columns: readonly string[],
  rows: number,
  inputs: readonly InputDeclaration[],
): RowProblem[] {
  if (rows === 0 || inputs.length === 0) return [];
  const missing = inputs.filter(
    (input) => input.required && input.default === undefined && !columns.includes(input.name),
  );
  const unknown = columns.filter((column) => !inputs.some(({ name }) => name === column));
  return [
    ...missing.map(({ name }) =>
      error(null, name, `The required input "${name}" has no column; the columns are ${columns.join(', ')}.`),
    ),
    ...unknown.map((name) => ({
      severity: 'warning' as const,
      row: null,
      column: name,
      message: unknownColumn(name, inputs),
    })),
  ];
}

function unknownColumn(column: string, inputs: readonly InputDeclaration[]): string {
  const names = inputs.map(({ name }) => name);
  const meant = nearestName(column, names);
  const hint = meant === null ? `the declared ones are ${names.join(', ')}.` : `did you mean "${meant}"?`;
  return `No prompt declares an input "${column}"; ${hint}`;
}

function problemsOfCount(count: number): RowProblem[] {
  if (count <= maxRows) return [];
  return [error(null, null, `A comparison takes at most ${maxRows} rows, and these are ${count}.`)];
}

function parseJson(text: string): { readonly value: WrittenJson } | { readonly problem: string } {
  const offset = locateJsonError(text);
  if (offset !== null) return { problem: describeJsonError(text, offset) };
  try {
    return { value: readWrittenJson(text) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'it nests too deep' };
    throw error;
  }
}

function describeJsonError(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const what =
    offset >= text.trimEnd().length ? 'it ends too early' : `${JSON.stringify(text[offset])} is not expected`;
  return `${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function nameOf(value: WrittenJson): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof WrittenNumber) return `the number ${value.source}`;
  return `the ${typeof value} ${JSON.stringify(value)}`;
}
