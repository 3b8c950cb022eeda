import { once } from 'node:events';
import {
  createTerminalStream,
  type Escaping,
  type TerminalStream,
  terminalJson,
  terminalText,
} from '../src-core/content/text/terminal-text.ts';
import { displayWidth } from './display-width.ts';
import { oneLine } from './exit.ts';

/**
 * The output of a command: text for people or JSON for programs, never both on stdout. This file is the only one that
 * writes, so that no text of a model, a prompt or an endpoint can control a terminal.
 */
export interface Output {
  readonly json: boolean;
  line(text: string): void;
  /**
   * Writes the text of a model or a prompt without a line end, for streams. For a file or a pipe only control
   * characters for terminals are escaped, with `--raw` nothing.
   */
  write(text: string): void;
  /** For what is not the result: progress, hints, warnings. */
  note(text: string): void;
  /** The same without a line end, for streams. */
  aside(text: string): void;
  value(value: unknown): void;
}

/** The option of commands whose text may be needed unchanged. */
export const rawOption = [
  '--raw',
  'the exact text, control characters too; only into a file or a pipe, never to a terminal',
] as const;

export function createOutput(json: boolean, raw = false): Output {
  const { isTTY } = process.stdout;
  const texts = createWriter(process.stdout, isTTY ? 'everything' : raw ? null : 'obeyed');
  const lines = createWriter(process.stdout, 'everything');
  const notes = createWriter(process.stderr, 'everything');
  return {
    json,
    line(text) {
      texts.flush();
      lines.write(`${text}\n`);
    },
    write: texts.write,
    note: (text) => notes.write(`${text}\n`),
    aside: notes.write,
    value: (value) => void process.stdout.write(`${terminalJson(JSON.stringify(value, null, 2))}\n`),
  };
}

/** Writes one value per line, waiting for the reader of a pipe. */
export async function writeJsonLine(value: unknown): Promise<void> {
  const taken = process.stdout.write(`${terminalJson(JSON.stringify(value))}\n`);
  if (!taken) await once(process.stdout, 'drain');
}

/** Writes one line on stderr, before there is a command. */
export function writeError(text: string): void {
  createWriter(process.stderr, 'everything').write(`${oneLine(text)}\n`);
}

function createWriter(target: NodeJS.WriteStream, escaping: Escaping | null) {
  const stream: TerminalStream | null = escaping === null ? null : createTerminalStream(escaping);
  const put = (text: string) => void (text !== '' && target.write(text));
  const flush = () => put(stream?.end() ?? '');
  // A last half character may be left.
  process.once('exit', flush);
  return { write: (text: string) => put(stream?.push(text) ?? text), flush };
}

/** Columns padded to their widest cell, two spaces between; the last one is not padded. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // A line end in a cell would look like another row.
  const all = [head, ...rows].map((row) => row.map((cell) => terminalText(oneLine(cell))));
  const widths = head.map((_, column) =>
    all.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? '')), 0),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : pad(cell, widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** `1.2 s`, `340 ms`, `<1 ms`, or a dash. */
export function formatMs(milliseconds: number | null): string {
  if (milliseconds === null) return '–';
  if (milliseconds < 1) return '<1 ms';
  return milliseconds >= 1_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${Math.round(milliseconds)} ms`;
}

/** Dollars with enough digits to tell small prices apart, or a dash. */
export function formatCost(cost: number | null): string {
  if (cost === null) return '–';
  if (cost === 0 || cost >= 1) return cost === 0 ? '$0' : `$${cost.toFixed(2)}`;
  // Never in exponential notation.
  return `$${cost.toFixed(Math.min(20, 1 - Math.floor(Math.log10(cost))))}`;
}

/** Tokens per second, or a dash; a slow model never shows 0. */
export function formatSpeed(tokensPerSecond: number | null): string {
  if (tokensPerSecond === null) return '–';
  return tokensPerSecond < 9.95 ? tokensPerSecond.toFixed(1) : String(Math.round(tokensPerSecond));
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
