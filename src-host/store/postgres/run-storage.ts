import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { RunStorage, RunWrite } from '../../../src-core/runs/run-storage.ts';
import { runAgain } from '../../../src-core/scope/scope.ts';
import type { Tables } from '../../../src-core/tables/tables.ts';
import { explainPostgres } from './explain-postgres.ts';
import { inTenantTransaction, type TenantSession } from './tenant-connection.ts';

/** Rows of one statement; each has some forty parameters, of which there are at most 65 535. */
const rowsAtOnce = 500;

/** `RunStorage` of one tenant. It takes no turn at writing: a run is written by its one host, and others need not wait for it. */
export function createPostgresRunStorage(pool: pg.Pool, session: TenantSession, hostId: string): RunStorage {
  const inTransaction = (work: (db: Kysely<Tables>) => Promise<void>): Promise<void> =>
    runAgain(async () => {
      try {
        await inTenantTransaction<Tables, void>(pool, session, 'append', ({ db }) => work(db));
      } catch (error) {
        throw explainPostgres(error);
      }
    });

  return {
    write: (batch) =>
      inTransaction(async (db) => {
        // Always in the same order, so that no two transactions wait for each other.
        for (const write of batch.toSorted((a, b) => (a.id < b.id ? -1 : 1))) await writeRun(db, hostId, write);
      }),
    insert: (runs, superseded = []) =>
      inTransaction(async (db) => {
        if (superseded.length > 0)
          await db.updateTable('runs').set({ superseded: 1 }).where('id', 'in', superseded).execute();
        for (let start = 0; start < runs.length; start += rowsAtOnce)
          await db
            .insertInto('runs')
            .values(runs.slice(start, start + rowsAtOnce))
            .execute();
      }),
  };
}

/** Another host may have taken a run over while this one slept; what this one still has of it is passed over. */
async function writeRun(db: Kysely<Tables>, hostId: string, { id, patch, texts }: RunWrite): Promise<void> {
  const values: Record<string, unknown> = { ...patch };
  for (const { kind, head, length } of texts) {
    if (head !== null) values[kind] = head;
    values[`${kind}_length`] = length;
  }
  const own = db.selectFrom('runs').select('id').where('id', '=', id).where('host_id', '=', hostId);
  // A row that is changed is locked until the transaction ends, so nobody takes it over in between.
  const mine =
    Object.keys(values).length > 0
      ? await db
          .updateTable('runs')
          .set(values)
          .where('id', '=', id)
          .where('host_id', '=', hostId)
          .returning('id')
          .execute()
      : await own.forUpdate().execute();
  if (mine.length === 0) return;
  for (const { kind, fresh, pieces } of texts) {
    if (fresh) await db.deleteFrom('run_texts').where('run_id', '=', id).where('kind', '=', kind).execute();
    if (pieces.length === 0) continue;
    await db
      .insertInto('run_texts')
      .values(pieces.map(({ start, text }) => ({ run_id: id, kind, start, text })))
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'kind', 'start']).doUpdateSet((eb) => ({ text: eb.ref('excluded.text') })),
      )
      .execute();
  }
}
