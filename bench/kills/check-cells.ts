import type SqliteDatabase from 'better-sqlite3';
import { hashText } from '../../src-core/content/hash-content.ts';
import { answerOf, modelNames, rowsEach } from './cells.ts';
import type { Say } from './check-library.ts';
import type { Known } from './known.ts';

/** A request that the endpoint had: its model and what it was asked for. */
export interface Asked {
  readonly model: string;
  readonly prompt: string;
}

/** Looks at comparisons and their cells, and remembers what it saw for the next look. */
export interface CellWatch {
  /** `asked`: the requests since the last look. */
  look(file: SqliteDatabase.Database, known: Known, asked: readonly Asked[], say: Say): void;
  /** How many cells were finished on disk. */
  finished(): number;
}

interface Cell {
  readonly id: string;
  readonly comparison_id: string;
  readonly title: string;
  readonly cell_prompt: number;
  readonly cell_model: number;
  readonly cell_row: number;
  readonly superseded: number;
  readonly status: string;
  readonly finished_at: string | null;
  readonly output: string;
  readonly error: string | null;
  readonly inputs: string;
}

/** What a file holds of comparisons that are shown. */
interface Stored {
  readonly cells: ReadonlyMap<string, Cell>;
  /** The cell at each place of each grid. */
  readonly places: ReadonlyMap<string, Cell>;
  readonly status: ReadonlyMap<string, string>;
  readonly jobs: ReadonlyMap<string, string>;
}

export function watchCells(): CellWatch {
  /** Finished cells by id of their run, as they were stored. */
  const finished = new Map<string, string>();
  /** The finished runs by their places, at the last look. */
  let finishedAt: ReadonlyMap<string, string> = new Map();
  const missing = new Set<string>();
  /** Cancelled ones, which is for good: nobody runs their cells again here. */
  const cancelled = new Set<string>();

  const checkComparisons = (stored: Stored, known: Known, say: Say): void => {
    const sizes = new Map<string, number>();
    for (const { comparison_id } of stored.places.values())
      sizes.set(comparison_id, (sizes.get(comparison_id) ?? 0) + 1);
    for (const [id, token] of known.comparisons) {
      const status = stored.status.get(id);
      if (status === undefined) {
        // What a host says that is not killed may come later than the look.
        if (!known.removing.has(id) && missing.has(id)) say(`comparison ${token} is lost`);
        missing.add(id);
        continue;
      }
      if (known.removed.has(id)) say(`removed comparison ${token} is back`);
      if (sizes.get(id) !== modelNames.length * rowsEach) say(`comparison ${token} has ${sizes.get(id)} cells`);
      if (status === 'running' && stored.jobs.get(id) !== 'running') say(`comparison ${token} runs without a job`);
    }
    for (const [id, status] of stored.status) {
      if (status === 'cancelled') cancelled.add(id);
      else if (cancelled.has(id)) say(`cancelled comparison ${id} is ${status}`);
      // One that had just finished stays so.
      else if (known.cancelled.has(id) && status === 'running') say(`comparison ${id} runs although it was cancelled`);
    }
    known.cancelled.clear();
  };

  const checkAsked = (stored: Stored, asked: readonly Asked[], say: Say): void => {
    for (const { model, prompt } of asked) {
      const place = /^Say (.+)\/(\d+)\.$/.exec(prompt);
      if (!place) continue;
      const key = `lab/${model} ${place[1]} ${place[2]}`;
      const before = finishedAt.get(key);
      // A cell that was run again has another run at its place since.
      if (before !== undefined && stored.places.get(key)?.id === before)
        say(`cell ${key}, ${stored.places.get(key)?.status}, was asked again`);
    }
  };

  return {
    finished: () => finished.size,
    look(file, known, asked, say) {
      const stored = readStored(file, say);
      for (const [id, as] of finished) {
        const cell = stored.cells.get(id);
        if (cell && fingerprint(cell) !== as) say(`finished cell ${id} has changed`);
      }
      for (const cell of stored.cells.values()) {
        if (cell.finished_at !== null) finished.set(cell.id, fingerprint(cell));
        const { cell: text } = JSON.parse(cell.inputs) as { cell: string };
        if (cell.status === 'succeeded' && cell.output !== answerOf(text)) say(`cell ${text} says ${cell.output}`);
        if (cell.status === 'failed') say(`cell ${text} failed: ${cell.error}`);
      }
      checkComparisons(stored, known, say);
      checkAsked(stored, asked, say);
      const over = [...stored.places].filter(([, cell]) => cell.finished_at !== null);
      finishedAt = new Map(over.map(([key, { id }]) => [key, id]));
    },
  };
}

function readStored(file: SqliteDatabase.Database, say: Say): Stored {
  const cells = file
    .prepare(
      'SELECT r.*, c.title FROM runs r JOIN comparisons c ON c.id = r.comparison_id WHERE c.whole = 1 ORDER BY r.seq',
    )
    .all() as Cell[];
  const pairs = (query: string) => new Map(file.prepare(query).raw().all() as [string, string][]);
  const places = new Map<string, Cell>();
  for (const cell of cells) {
    if (cell.superseded === 1) continue;
    const key = `${modelNames[cell.cell_model]} ${cell.title} ${cell.cell_row}`;
    // Also where one start made two comparisons.
    if (places.has(key)) say(`two cells at ${key}`);
    places.set(key, cell);
  }
  return {
    cells: new Map(cells.map((cell) => [cell.id, cell])),
    places,
    status: pairs('SELECT id, status FROM comparisons WHERE whole = 1'),
    jobs: pairs('SELECT target_id, status FROM jobs'),
  };
}

/** All of a cell but whether another one has taken its place, and what its comparison is called. */
function fingerprint({ superseded: _, title: __, ...cell }: Cell): string {
  return hashText(JSON.stringify(cell));
}
