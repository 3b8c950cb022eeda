import Papa from 'papaparse';
import { coerceInputs } from '../content/coerce-inputs.ts';
import { locateJsonError } from '../content/locate-json-error.ts';
import type { InputDeclaration } from '../contract/content.ts';
import type { Json, JsonObject } from '../contract/shared.ts';

export const rowFormats = ['json', 'jsonl', 'csv'] as const;
export type RowFormat = (typeof rowFormats)[number];

/** The most rows that one comparison takes. */
export const maxRows = 10_000;

export interface RowProblem {
  /** A warning leaves the row usable. */
  readonly severity: 'error' | 'warning';
  /** One sentence that names row and column itself. */
  readonly message: string;
  /** 1-based number of the data row; null for the text as a whole. */
  readonly row: number | null;
  readonly column: string | null;
}

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

interface RawRows {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly number: number; readonly values: JsonObject }[];
  readonly problems: readonly RowProblem[];
}

/** Input rows from pasted JSON (an array of objects, or one object), JSON Lines or CSV (comma, semicolon, tab or bar). */
export function parseRows(text: string, inputs: readonly InputDeclaration[], format?: RowFormat): ParsedRows {
  const source = text.replace(/^\uFEFF/, '');
  const chosen = format ?? detectRowFormat(source);
  if (source.trim() === '') return { format: chosen, columns: [], rows: [], problems: [] };
  const raw = readers[chosen](source, inputs);
  return {
    format: chosen,
    columns: raw.columns,
    rows: raw.rows.map(({ number, values }) => typeRow(number, values, inputs)),
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
  if (!trimmed.startsWith('{')) return 'csv';
  const lines = trimmed.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every((line) => line.trim().startsWith('{')) ? 'jsonl' : 'json';
}

const readers = { json: readJson, jsonl: readJsonLines, csv: readCsv } satisfies Record<
  RowFormat,
  (text: string, inputs: readonly InputDeclaration[]) => RawRows
>;

function readJson(text: string): RawRows {
  const parsed = parseJson(text);
  if ('problem' in parsed) return failed(`This is not valid JSON: ${parsed.problem}.`);
  const items = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  return fromItems(items.map((value, index) => ({ number: index + 1, value, place: `Row ${index + 1}` })));
}

function readJsonLines(text: string): RawRows {
  const items: Item[] = [];
  const problems: RowProblem[] = [];
  let number = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    number += 1;
    const parsed = parseJson(line);
    if ('value' in parsed) items.push({ number, value: parsed.value, place: `Line ${index + 1}` });
    else
      problems.push(
        error(number, null, `Line ${index + 1} is not valid JSON: ${parsed.problem.replace(' line 1,', '')}.`),
      );
  }
  const read = fromItems(items);
  return { ...read, problems: [...problems, ...read.problems] };
}

interface Item {
  readonly number: number;
  readonly value: Json;
  readonly place: string;
}

function fromItems(items: readonly Item[]): RawRows {
  const columns = new Set<string>();
  const rows: { number: number; values: JsonObject }[] = [];
  const problems: RowProblem[] = [];
  for (const { number, value, place } of items) {
    if (!isObject(value)) {
      problems.push(
        error(number, null, `${place} must be an object of inputs, as in {"name": "Ada"}, but is ${nameOf(value)}.`),
      );
      continue;
    }
    for (const key of Object.keys(value)) columns.add(key);
    rows.push({ number, values: value });
  }
  return { columns: [...columns], rows, problems };
}

function readCsv(text: string, inputs: readonly InputDeclaration[]): RawRows {
  const firstLine = text.trimStart().split(/\r?\n/, 1)[0] ?? '';
  const { data, errors } = Papa.parse<string[]>(text.replace(/(\r?\n)+$/, ''), {
    delimiter: delimiterOf(firstLine),
    skipEmptyLines: 'greedy',
  });
  const [header = [], ...records] = data;
  const columns = header.map((name) => name.trim());
  const wrong = problemOfHeader(columns);
  if (wrong) return failed(wrong);
  const problems = errors
    .filter(({ code }) => code === 'MissingQuotes' || code === 'InvalidQuotes')
    .map(({ row = 0, code }) =>
      error(
        Math.max(row, 1),
        null,
        code === 'MissingQuotes'
          ? `Row ${Math.max(row, 1)} opens a double quote that is never closed.`
          : `Row ${Math.max(row, 1)} has text after a closing double quote; write a quote inside a value as "".`,
      ),
    );
  const broken = new Set(problems.map(({ row }) => row));
  const rows: { number: number; values: JsonObject }[] = [];
  for (const [index, record] of records.entries()) {
    const number = index + 1;
    if (broken.has(number)) continue;
    if (record.length > columns.length) {
      const hint = 'put double quotes around a value that has the separator in it';
      problems.push(
        error(number, null, `Row ${number} has ${record.length} values for ${columns.length} columns; ${hint}.`),
      );
      continue;
    }
    rows.push({ number, values: valuesOfRecord(columns, record, inputs) });
  }
  return { columns, rows, problems };
}

/** An empty cell is an empty text for a string input and no value at all for every other type. */
function valuesOfRecord(
  columns: readonly string[],
  record: readonly string[],
  inputs: readonly InputDeclaration[],
): JsonObject {
  const values: Record<string, Json> = {};
  for (const [index, column] of columns.entries()) {
    const cell = record[index];
    if (cell === undefined) continue;
    const type = inputs.find(({ name }) => name === column)?.type ?? 'string';
    if (cell.trim() === '' && type !== 'string') continue;
    values[column] = type === 'string' ? cell : cell.trim();
  }
  return values;
}

function delimiterOf(firstLine: string): string {
  const count = (delimiter: string) => firstLine.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function problemOfHeader(columns: readonly string[]): string | null {
  const empty = columns.indexOf('');
  if (empty >= 0) return `Column ${empty + 1} of the first line has no name; the first line of CSV names the inputs.`;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  return twice === undefined ? null : `The column "${twice}" occurs twice in the first line.`;
}

function typeRow(number: number, values: JsonObject, inputs: readonly InputDeclaration[]): ParsedRow {
  const coerced = coerceInputs(inputs, values);
  return {
    number,
    values: { ...values, ...pick(coerced.values, values) },
    problems: coerced.problems
      // A column that is missing altogether is said once, not in every row.
      .filter((problem) => Object.hasOwn(values, problem.input))
      .map((problem) => error(number, problem.input, `Row ${number}: ${problem.message}`)),
  };
}

/** Defaults are left to the run, so that a row holds only what was written. */
function pick(from: Readonly<Record<string, Json>>, keysOf: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => Object.hasOwn(keysOf, name)));
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
  const declared = inputs.map(({ name }) => name).join(', ');
  return [
    ...missing.map(({ name }) =>
      error(null, name, `The required input "${name}" has no column; the columns are ${columns.join(', ')}.`),
    ),
    ...unknown.map((name) => ({
      severity: 'warning' as const,
      row: null,
      column: name,
      message: `No prompt declares an input "${name}"; the declared ones are ${declared}.`,
    })),
  ];
}

function problemsOfCount(count: number): RowProblem[] {
  if (count <= maxRows) return [];
  return [error(null, null, `A comparison takes at most ${maxRows} rows, and these are ${count}.`)];
}

function parseJson(text: string): { readonly value: Json } | { readonly problem: string } {
  const offset = locateJsonError(text);
  return offset === null ? { value: JSON.parse(text) as Json } : { problem: describeJsonError(text, offset) };
}

function describeJsonError(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const what =
    offset >= text.trimEnd().length ? 'it ends too early' : `${JSON.stringify(text[offset])} is not expected`;
  return `${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

const error = (row: number | null, column: string | null, message: string): RowProblem => ({
  severity: 'error',
  row,
  column,
  message,
});

const failed = (message: string): RawRows => ({ columns: [], rows: [], problems: [error(null, null, message)] });

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function nameOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return `the ${typeof value} ${JSON.stringify(value)}`;
}
