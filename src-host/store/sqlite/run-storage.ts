import type SqliteDatabase from 'better-sqlite3';
import type { RunStorage, RunWrite } from '../../../src-core/runs/run-storage.ts';
import type { TextWrite } from '../../../src-core/runs/text-writes.ts';
import { explain } from './explain-failure.ts';
import type { OpenDatabase } from './open-database.ts';

/** `RunStorage` on prepared statements of the connection that Kysely uses, in turn with it. */
export function createRunStorage(opened: OpenDatabase, hostId: string): RunStorage {
  const { sqlite } = opened;
  const statements = new Map<string, SqliteDatabase.Statement>();
  const prepared = (text: string): SqliteDatabase.Statement => {
    const statement = statements.get(text) ?? sqlite.prepare(text);
    statements.set(text, statement);
    return statement;
  };

  // Another host may have taken a run over while this one slept; what this one still has of it is passed over.
  const isOwn = (id: string): boolean =>
    prepared('SELECT 1 FROM runs WHERE id = ? AND host_id = ?').get(id, hostId) !== undefined;

  const writeTexts = (id: string, { kind, fresh, pieces }: TextWrite): void => {
    if (fresh && isOwn(id)) prepared('DELETE FROM run_texts WHERE run_id = ? AND kind = ?').run(id, kind);
    for (const { start, text } of pieces)
      prepared(`INSERT INTO run_texts (run_id, kind, start, text) SELECT id, ?, ?, ? FROM runs WHERE id = ? AND host_id = ?
        ON CONFLICT (run_id, kind, start) DO UPDATE SET text = excluded.text`).run(kind, start, text, id, hostId);
  };

  const writeRun = ({ id, patch, texts }: RunWrite): void => {
    const values: Record<string, unknown> = { ...patch };
    for (const { kind, head, length } of texts) {
      if (head !== null) values[kind] = head;
      values[`${kind}_length`] = length;
    }
    const columns = Object.keys(values);
    if (columns.length > 0) {
      const set = columns.map((column) => `${column} = @${column}`).join(', ');
      prepared(`UPDATE runs SET ${set} WHERE id = @id AND host_id = @owner`).run({ ...values, id, owner: hostId });
    }
    for (const text of texts) writeTexts(id, text);
  };

  return {
    write: (batch) =>
      inTransaction(opened, () => {
        for (const write of batch) writeRun(write);
      }),
    insert: (runs) =>
      inTransaction(opened, () => {
        for (const run of runs) {
          const columns = Object.keys(run);
          const values = columns.map((column) => `@${column}`).join(', ');
          prepared(`INSERT INTO runs (${columns.join(', ')}) VALUES (${values})`).run(run);
        }
      }),
  };
}

/** Kysely's own transactions wait for each other, and this one waits with them. */
async function inTransaction({ kysely, sqlite, file, guard }: OpenDatabase, work: () => void): Promise<void> {
  await kysely.connection().execute(async () => {
    guard.check();
    try {
      sqlite.transaction(work).immediate();
    } catch (error) {
      throw explain(error, file);
    }
  });
}
