import type { Database } from '../ports.ts';
import type { RunPatch } from './run-rows.ts';

/** Gathers what many runs write into one transaction each few milliseconds: one sync to disk serves them all. */
export interface RunWriter {
  /** Resolves when the patch is on disk. */
  write(id: string, patch: RunPatch): Promise<void>;
  /** Writes what is waiting, now. */
  flush(): Promise<void>;
}

/** A sync to disk stops everything else for a millisecond or two; nobody sees a result 25 ms later. */
const gatherMs = 25;

interface Waiting {
  readonly id: string;
  readonly patch: RunPatch;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export function createRunWriter(database: Database): RunWriter {
  let waiting: Waiting[] = [];
  let scheduled = false;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    scheduled = false;
    flushedAt = performance.now();
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) last = last.then(() => writeBatch(database, batch));
    return last;
  };

  return {
    flush,
    write(id, patch) {
      return new Promise((done, failed) => {
        waiting.push({ id, patch, done, failed });
        if (scheduled) return;
        scheduled = true;
        // A run alone is written at once; only what comes in a crowd waits for the others.
        setTimeout(() => void flush(), Math.max(0, flushedAt + gatherMs - performance.now()));
      });
    },
  };
}

async function writeBatch(database: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    await database.transaction().execute(async (trx) => {
      for (const { id, patch } of batch) await trx.updateTable('runs').set(patch).where('id', '=', id).execute();
    });
    for (const { done } of batch) done();
  } catch (error) {
    for (const { failed } of batch) failed(error);
  }
}
