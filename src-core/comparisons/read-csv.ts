import Papa from 'papaparse';
import type { InputDeclaration } from '../contract/content.ts';
import { canonicalInputName } from '../contract/input-name.ts';
import type { JsonObject } from '../contract/shared.ts';
import { error, failed, type RawRows, type RowProblem } from './raw-rows.ts';

/** A record of a CSV text. */
interface CsvRecord {
  readonly cells: readonly string[];
  /** As it stands in the text, without its line end. */
  readonly raw: string;
  readonly fault: 'MissingQuotes' | 'InvalidQuotes' | null;
}

/**
 * Rows of a CSV text whose first line names the columns, separated by comma, semicolon, tab or bar, or by what a first line
 * `sep=…` says, as spreadsheets write it. Every value is text as it was written; nothing that was written is left out
 * without a problem that says so.
 */
export function readCsv(text: string, inputs: readonly InputDeclaration[]): RawRows {
  const stated = /^sep=(.)[ \t]*(?:\n|$)/i.exec(withLineFeeds(text));
  const source = withLineFeeds(text).slice(stated?.[0].length ?? 0);
  const delimiter = stated?.[1] ?? delimiterOf(source);
  const [head, ...records] = readRecords(source, delimiter).filter(({ raw }) => raw !== '');
  const columns = (head?.cells ?? []).map((name) => canonicalInputName(name.trim()));
  // Spreadsheets end every line with separators up to their widest row.
  while (columns.length > 1 && columns.at(-1) === '') columns.pop();
  const wrong = problemOfHeader(columns);
  if (wrong) return failed(wrong);

  const isBlank = ({ raw }: CsvRecord) => raw.replaceAll(delimiter, '').trim() === '';
  const last = records.findLastIndex((record) => !isBlank(record));
  // A text of one column may have a row of spaces; elsewhere a line without a single value is the end of a spreadsheet.
  const kept = columns.length === 1 ? records : records.slice(0, last + 1);
  const problems: RowProblem[] = kept.length === records.length ? [] : [blankEnd(records.length - kept.length)];
  const rows: { number: number; values: JsonObject }[] = [];
  for (const [index, record] of kept.entries()) {
    const number = index + 1;
    const problem = problemOfRecord(record, number, columns.length);
    if (problem !== null) problems.push(problem);
    if (problem?.severity !== 'error') rows.push({ number, values: valuesOfRecord(columns, record.cells, inputs) });
  }
  return { columns, rows, problems };
}

/** Files of old and mixed line ends would else lose rows; a line end within a value is the same character everywhere here. */
function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function readRecords(text: string, delimiter: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let start = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    skipEmptyLines: false,
    step({ data, errors, meta }) {
      const fault = errors.find(({ code }) => code === 'MissingQuotes' || code === 'InvalidQuotes')?.code ?? null;
      const raw = text.slice(start, meta.cursor).replace(/\n$/, '');
      records.push({ cells: data, raw, fault: fault as CsvRecord['fault'] });
      start = meta.cursor;
    },
  });
  return records;
}

function problemOfHeader(columns: readonly string[]): string | null {
  const empty = columns.indexOf('');
  if (empty >= 0) return `Column ${empty + 1} of the first line has no name; the first line of CSV names the inputs.`;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  return twice === undefined ? null : `The column "${twice}" occurs twice in the first line.`;
}

function problemOfRecord({ cells, fault }: CsvRecord, number: number, columns: number): RowProblem | null {
  if (fault === 'MissingQuotes') return error(number, null, `Row ${number} opens a double quote that is never closed.`);
  if (fault === 'InvalidQuotes') {
    const hint = 'write a quote inside a value as ""';
    return error(number, null, `Row ${number} has text after a closing double quote; ${hint}.`);
  }
  if (cells.slice(columns).some((cell) => cell.trim() !== '')) {
    const hint = 'put double quotes around a value that has the separator in it';
    return error(
      number,
      null,
      `Row ${number} has ${cells.length} values for ${columns === 1 ? '1 column' : `${columns} columns`}; ${hint}.`,
    );
  }
  if (cells.length >= columns) return null;
  const message = `Row ${number} has ${cells.length === 1 ? '1 value' : `${cells.length} values`} for ${columns} columns; the others are left out.`;
  return { severity: 'warning', row: number, column: null, message };
}

function blankEnd(count: number): RowProblem {
  const message = `The last ${count === 1 ? 'line has' : `${count} lines have`} no value at all and ${count === 1 ? 'is' : 'are'} left out.`;
  return { severity: 'warning', row: null, column: null, message };
}

/** An empty cell is an empty text for a string input and no value at all for every other type. */
function valuesOfRecord(
  columns: readonly string[],
  cells: readonly string[],
  inputs: readonly InputDeclaration[],
): JsonObject {
  return Object.fromEntries(
    columns.flatMap((column, index) => {
      const cell = cells[index];
      if (cell === undefined) return [];
      const type = inputs.find(({ name }) => name === column)?.type ?? 'string';
      if (type === 'string') return [[column, cell]];
      return cell.trim() === '' ? [] : [[column, cell.trim()]];
    }),
  );
}

/** The separator that stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const counts: Record<string, number> = { ',': 0, ';': 0, '\t': 0, '|': 0 };
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n') break;
    if (Object.hasOwn(counts, character)) counts[character]! += 1;
  }
  return Object.keys(counts).reduce((best, next) => (counts[next]! > counts[best]! ? next : best));
}
