import { sql } from 'kysely';
import type { Log } from '../../../src-core/ports.ts';
import type { WriteTables } from '../../../src-core/scope/scope.ts';
import { createTurns } from '../../../src-core/turns.ts';
import type { OpenDatabase } from './open-database.ts';

/** The task among those that are to be done to the file once. */
const task = 'erase-deleted';
/** More is often deleted a moment later. */
const delayMs = 500;
/** Pages of an index that one statement merges, so that nobody waits long for it. */
const pagesAtOnce = 40;
/** How often it is tried to empty the log while somebody else reads in it, and how long between two, milliseconds. */
const mostTries = 20;
const retryMs = 250;

/** Puts down that something was deleted for good, in the same transaction; the next host of the file goes on with it. */
export async function requestErasure(db: WriteTables): Promise<void> {
  const request = crypto.randomUUID();
  await sql`INSERT INTO upkeep (task, request) VALUES (${task}, ${request})
    ON CONFLICT (task) DO UPDATE SET request = excluded.request`.execute(db);
}

export interface Erasure {
  /** Something was deleted; the work begins a moment later. */
  soon(): void;
  close(): Promise<void>;
}

/**
 * SQLite overwrites what is deleted from a table (`secure_delete`). The words of a deleted text still stand in the index of
 * FTS5 until it is merged, and in the write-ahead log until that is emptied; both are done here, in slices.
 */
export function createErasure(opened: OpenDatabase, log: Log): Erasure {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let isClosed = false;

  const schedule = (): void => {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(() => {
      working = working
        .then(() => erase(opened, () => isClosed))
        // It is still wanted, and done after the next deletion or the next start.
        .catch((error: unknown) => log.error('What was deleted still stands in the file.', error));
    }, delayMs);
    timer.unref();
  };

  void wanted(opened.kysely).then(
    (request) => request !== null && schedule(),
    (error: unknown) => log.error('It could not be read whether something is still to be erased.', error),
  );

  return {
    soon: schedule,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await working;
    },
  };
}

/** Which request was the last; null when all are done. */
async function wanted(db: OpenDatabase['kysely']): Promise<string | null> {
  const { rows } = await sql<{ request: string }>`SELECT request FROM upkeep WHERE task = ${task}`.execute(db);
  return rows[0]?.request ?? null;
}

async function erase(opened: OpenDatabase, isClosed: () => boolean): Promise<void> {
  const { kysely } = opened;
  const request = await wanted(kysely);
  if (request === null) return;
  for (const index of ['search_prompts', 'search_index']) {
    if (!(await mergeWhole(opened, index, isClosed))) return;
  }
  await sql`DELETE FROM upkeep WHERE task = ${task} AND request = ${request}`.execute(kysely);
  for (let tries = 0; tries < mostTries && !isClosed(); tries += 1) {
    if (await emptyLog(opened)) return;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** Writes an index anew without what was deleted; false when the host is closing before it is done. */
async function mergeWhole({ kysely, sqlite }: OpenDatabase, index: string, isClosed: () => boolean): Promise<boolean> {
  const turns = createTurns();
  const changes = sqlite.prepare('SELECT total_changes()').pluck();
  // A negative number begins anew with all that there is, also what was written meanwhile.
  for (let pages = -pagesAtOnce; !isClosed(); pages = pagesAtOnce) {
    const done = await kysely.connection().execute(async (connection) => {
      const before = changes.get() as number;
      const table = sql.table(index);
      await sql`INSERT INTO ${table} (${sql.ref(index)}, rank) VALUES ('merge', ${sql.lit(pages)})`.execute(connection);
      return (changes.get() as number) - before < 2;
    });
    if (done) return true;
    await turns();
  }
  return false;
}

/** False while a reader of another process still needs the log; waiting for it would keep everybody here waiting. */
async function emptyLog({ kysely, sqlite }: OpenDatabase): Promise<boolean> {
  return kysely.connection().execute(async () => {
    const patience = sqlite.pragma('busy_timeout', { simple: true }) as number;
    sqlite.pragma('busy_timeout = 0');
    try {
      const [result] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
      return result?.busy === 0;
    } finally {
      sqlite.pragma(`busy_timeout = ${patience}`);
    }
  });
}
