/** Where a command writes: text for people, or JSON for programs; never both on stdout. */
export interface Output {
  readonly json: boolean;
  line(text: string): void;
  /** Without a line end, for streams. */
  write(text: string): void;
  /** For what is not the result: progress, hints, warnings. */
  note(text: string): void;
  /** The same without a line end, for streams. */
  aside(text: string): void;
  value(value: unknown): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    line: (text) => void process.stdout.write(`${text}\n`),
    write: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(`${text}\n`),
    aside: (text) => void process.stderr.write(text),
    value: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
  };
}

/** Columns padded to their widest cell, two spaces between; the last one is not padded. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
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
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}

/** `1.2 s`, `340 ms`, or a dash. */
export function formatMs(milliseconds: number | null): string {
  if (milliseconds === null) return '–';
  return milliseconds >= 1_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${Math.round(milliseconds)} ms`;
}

/** Dollars with enough digits to tell small prices apart, or a dash. */
export function formatCost(cost: number | null): string {
  if (cost === null) return '–';
  return cost === 0 ? '$0' : `$${cost.toPrecision(2)}`;
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
