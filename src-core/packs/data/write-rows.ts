import { spreadsheetText } from '../../comparisons/spreadsheet-text.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';

/** Rows as CSV of RFC 4180, with a line of column names; no spreadsheet runs any of its cells. */
export function csvOfRows(rows: readonly JsonObject[], columns: readonly string[] = columnsOf(rows)): string {
  if (columns.length === 0) return '';
  const lines = [columns, ...rows.map((row) => columns.map((column) => cellOf(ownValue(row, column))))];
  return lines.map((cells) => lineOf(cells.map(spreadsheetText))).join('');
}

export function jsonLinesOfRows(rows: readonly JsonObject[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

export function columnsOf(rows: readonly JsonObject[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Sample inputs of prompts, which is all that a file of rows takes of them. */
export function sampleRows(prompt: ImportedPrompt, losses: Losses): readonly JsonObject[] {
  const { samples } = prompt.content;
  losses.add(
    'dropped',
    'prompt',
    prompt.name,
    'A file of rows has the sample inputs of a prompt and not its messages.',
  );
  return samples.map(({ inputs }) => inputs);
}

function ownValue(row: JsonObject, column: string): Json | undefined {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

function cellOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function lineOf(cells: readonly string[]): string {
  // A line without a character would be no row.
  if (cells.length === 1 && cells[0] === '') return '""\r\n';
  return `${cells.map((cell) => (/[",\r\n;\t|]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
