import Papa from 'papaparse';

/** A table of separated values, as it stands. */
export interface Table {
  /** Names in the first line, trimmed, each once; a column without a name has its number. */
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly rows: readonly TableRow[];
  /** Names that had to change, with the number of their column from 1. */
  readonly renamed: readonly { readonly column: number; readonly from: string; readonly to: string }[];
}

export interface TableRow {
  readonly cells: readonly string[];
  /** On which the row begins, from 1. */
  readonly line: number;
  /** What is wrong with its quotes, as a sentence. */
  readonly fault: string | null;
}

const delimiters = [',', ';', '\t', '|'] as const;
const faults: Readonly<Record<string, string>> = {
  MissingQuotes: 'It opens a double quote that is never closed.',
  InvalidQuotes: 'It has text behind a closing double quote.',
};

/**
 * Reads comma, semicolon, tab or bar separated text whose first line names the columns. A first line `sep=…` of spreadsheets
 * names the separator. Lines without any value are left out; every value is text as it was written.
 */
export function readTable(text: string, { delimiter: given }: { readonly delimiter?: string } = {}): Table {
  const whole = text.replace(/\r\n?/g, '\n');
  const stated = /^sep=(.)[ \t]*(?:\n|$)/i.exec(whole);
  const source = whole.slice(stated?.[0].length ?? 0);
  const delimiter = stated?.[1] ?? given ?? delimiterOf(source);
  const [head, ...records] = recordsOf(source, delimiter, stated === null ? 1 : 2);
  const names = [...(head?.cells ?? [])];
  while (
    names.length > 1 &&
    names.at(-1)!.trim() === '' &&
    !records.some(({ cells }) => hasValue(cells[names.length - 1]))
  )
    names.pop();
  // Without a separator in its first line a text has one column, whatever its lines hold.
  const isSingle = names.length === 1;
  const rows = records.map(({ raw, ...row }) =>
    isSingle && row.cells.length > 1 && !raw.startsWith('"') ? { ...row, cells: [raw], fault: null } : row,
  );
  return { ...columnsOf(names), delimiter, rows };
}

function hasValue(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '';
}

function recordsOf(
  text: string,
  delimiter: string,
  firstLine: number,
): readonly (TableRow & { readonly raw: string })[] {
  const records: (TableRow & { readonly raw: string })[] = [];
  let start = 0;
  let line = firstLine;
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    skipEmptyLines: false,
    step({ data, errors, meta }) {
      const raw = text.slice(start, meta.cursor);
      const code = errors.find((error) => error.code in faults)?.code;
      if (data.some(hasValue))
        records.push({
          cells: data,
          line,
          fault: code === undefined ? null : faults[code]!,
          raw: raw.replace(/\n$/, ''),
        });
      for (let at = raw.indexOf('\n'); at >= 0; at = raw.indexOf('\n', at + 1)) line += 1;
      start = meta.cursor;
    },
  });
  return records;
}

function columnsOf(names: readonly string[]): Pick<Table, 'columns' | 'renamed'> {
  const columns: string[] = [];
  const renamed: { column: number; from: string; to: string }[] = [];
  const used = new Set<string>();
  const numbers = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const from = name.trim();
    const base = from === '' || from === '__proto__' ? `column_${index + 1}` : from;
    let to = base;
    let number = numbers.get(base) ?? 2;
    for (; used.has(to); number += 1) to = `${base}_${number}`;
    numbers.set(base, number);
    used.add(to);
    columns.push(to);
    if (to !== from) renamed.push({ column: index + 1, from, to });
  }
  return { columns, renamed };
}

/** The separator that stands most often in the first line with text, outside of quotes. */
export function delimiterOf(text: string): string {
  const counts = new Map<string, number>(delimiters.map((each) => [each, 0]));
  let quoted = false;
  for (const character of text.replace(/^(?:[ \t]*\n)+/, '')) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n') break;
    if (counts.has(character)) counts.set(character, counts.get(character)! + 1);
  }
  return delimiters.reduce<string>((best, next) => (counts.get(next)! > counts.get(best)! ? next : best), ',');
}
