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

/** What is open for ever once nobody is killed any more; null while work goes on. */
export function openForEver(dataDir: string): readonly string[] | null {
  const file = new SqliteDatabase(join(dataDir, 'promptdev.db'), { readonly: true });
  const count = (query: string) => file.prepare(query).pluck().get() as number;
  try {
    if (count("SELECT count(*) FROM comparisons WHERE status = 'running' OR whole = 0") > 0) return null;
    const runs = count('SELECT count(*) FROM runs WHERE finished_at IS NULL');
    const jobs = count("SELECT count(*) FROM jobs WHERE status = 'running'");
    return [
      ...(runs > 0 ? [`${runs} runs are open for ever`] : []),
      ...(jobs > 0 ? [`${jobs} jobs are open for ever`] : []),
    ];
  } finally {
    file.close();
  }
}
