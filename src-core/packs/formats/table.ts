import type { JsonObject } from '../../contract/shared.ts';
import { noteEncoding } from '../data/note-encoding.ts';
import { csvOfRows, sampleRows } from '../data/write-rows.ts';
import type { Format, ReadFile } from '../format.ts';
import type { Losses } from '../losses.ts';
import { refusal } from '../refusal.ts';
import { delimiterOf, readTable, type Table } from '../text/read-table.ts';

/** Tables of separated values, whose first line names the columns. Every value stays the text that it is. */
export const table: Format = {
  title: 'CSV and TSV',
  ids: ['csv', 'tsv'],
  detect({ name, text }) {
    if (text.startsWith('PK\u0003\u0004') || text.trim() === '') return null;
    if (name.endsWith('.tsv') || name.endsWith('.tab')) return { id: 'tsv', sureness: 'likely' };
    if (name.endsWith('.csv')) return { id: delimiterOf(text) === '\t' ? 'tsv' : 'csv', sureness: 'likely' };
    // Pasted cells of a spreadsheet have no name.
    return isPastedTable(name, text) ? { id: delimiterOf(text) === '\t' ? 'tsv' : 'csv', sureness: 'possible' } : null;
  },
  async read(source, { id }, losses) {
    if (source.text.startsWith('PK\u0003\u0004'))
      throw refusal(`${source.path} is a zipped document and no text, whatever its name says.`, {
        reason: 'zip-not-csv',
      });
    noteEncoding(source, losses);
    const read = readTable(source.text, id === 'tsv' && source.text.includes('\t') ? { delimiter: '\t' } : {});
    if (read.columns.length === 0)
      throw refusal(`${source.path} is empty: its first line must name the columns.`, { reason: 'empty' });
    return rowsOf(read, losses);
  },
  write(prompts, losses) {
    return prompts.flatMap((prompt) => {
      const rows = sampleRows(prompt, losses);
      return rows.length === 0 ? [] : [{ path: `${prompt.name}.csv`, text: csvOfRows(rows) }];
    });
  },
};

/** Lines from which on a text without a name is taken for a table. */
const fewestLines = 3;

function isPastedTable(name: string, text: string): boolean {
  if (name.includes('.') && !name.endsWith('.txt')) return false;
  const lines = text.split(/\r?\n/, 20).filter((line) => line.trim() !== '');
  const delimiter = delimiterOf(text);
  const counts = lines.map((line) => line.split(delimiter).length);
  return (
    lines.length >= fewestLines && counts[0]! > 1 && counts.every((count) => count === counts[0]) && delimiter === '\t'
  );
}

function rowsOf({ columns, rows, delimiter, renamed }: Table, losses: Losses): ReadFile {
  const problems: { message: string; line: number }[] = [];
  for (const { column, from, to } of renamed)
    losses.add('approximated', 'column-renamed', `column ${column}`, `The column "${from}" is named "${to}" here.`);
  const data = rows.map(({ cells, line, fault }): JsonObject => {
    if (fault !== null) {
      problems.push({ message: fault, line });
      losses.add('approximated', 'row', `line ${line}`, fault, line);
    }
    const beyond = cells.slice(columns.length).filter((cell) => cell.trim() !== '');
    if (beyond.length > 0) {
      const message = `The row has ${cells.length} values for ${columns.length} columns.`;
      problems.push({ message, line });
      losses.add('dropped', 'value', `line ${line}`, `${message} Those at its end are left out.`, line);
    }
    return Object.fromEntries(columns.slice(0, cells.length).map((column, index) => [column, cells[index]!]));
  });
  return { data: { columns, rows: data, delimiter }, problems };
}
