/** What was acknowledged, and whether all of it is in the file. */
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { type Asked, watchCells } from './check-cells.ts';
import { checkFile, checkLibrary, checkWrites } from './check-library.ts';
import type { Report } from './child.ts';
import { hear, nothingKnown } from './known.ts';

export interface Ledger {
  hear(report: Report): void;
  /** Opens the file as the next start would and says what is wrong with it; `asked` are the requests since the last look. */
  inspect(dataDir: string, asked: readonly Asked[]): readonly string[];
  acknowledged(): number;
  conflicts(): number;
  /** Cells that were finished on disk. */
  finishedCells(): number;
  /** Token of the last start of a comparison that had no answer; null when all had one. */
  unanswered(): string | null;
}

export function createLedger(): Ledger {
  const known = nothingKnown();
  const cells = watchCells();
  let checked = 0;
  return {
    hear: (report) => hear(known, report),
    acknowledged: () => known.done.length,
    conflicts: () => known.conflicts,
    finishedCells: cells.finished,
    unanswered() {
      const answered = new Set(known.comparisons.values());
      return known.begun.findLast((token) => !answered.has(token)) ?? null;
    },
    inspect(dataDir, asked) {
      const found = known.failures.splice(0);
      const say = (problem: string) => void found.push(problem);
      const file = new SqliteDatabase(join(dataDir, 'promptdev.db'), { timeout: 10_000 });
      try {
        const isMade =
          file.prepare("SELECT count(*) FROM sqlite_master WHERE name IN ('feed', 'upkeep')").pluck().get() === 2;
        if (!isMade) return found;
        // One state of it, whatever another host writes meanwhile.
        file.transaction(() => {
          checkFile(file, say);
          checkLibrary(file, known, say);
          checkWrites(file, known.done.slice(checked), say);
          for (const id of known.runs)
            if (!file.prepare('SELECT 1 FROM runs WHERE id = ?').get(id)) say(`run ${id} is lost`);
          cells.look(file, known, asked, say);
        })();
        checked = known.done.length;
        return found;
      } finally {
        file.close();
      }
    },
  };
}

/** What is not over yet, each with its number. */
export function openIn(dataDir: string): readonly string[] {
  const file = new SqliteDatabase(join(dataDir, 'promptdev.db'), { readonly: true });
  const queries = {
    comparisons: "SELECT count(*) FROM comparisons WHERE status = 'running'",
    'comparisons in parts': 'SELECT count(*) FROM comparisons WHERE whole = 0',
    runs: 'SELECT count(*) FROM runs WHERE finished_at IS NULL',
    jobs: "SELECT count(*) FROM jobs WHERE status = 'running'",
  };
  try {
    return Object.entries(queries).flatMap(([what, query]) => {
      const count = file.prepare(query).pluck().get() as number;
      return count > 0 ? [`${count} ${what}`] : [];
    });
  } finally {
    file.close();
  }
}
