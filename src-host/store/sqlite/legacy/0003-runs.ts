import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

async function addReasoning(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('runs')
    .addColumn('reasoning', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  for (const [column, type] of [
    ['reasoning_tokens', 'integer'],
    ['schema_problems', 'text'],
  ] as const) {
    await db.schema.alterTable('runs').addColumn(column, type).execute();
  }
}

/** One process asks another, which does the work, to stop it. */
async function createCancelRequests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cancel_requests')
    .addColumn('target_id', 'text', (c) => c.primaryKey())
    .addColumn('requested_at', 'text', (c) => c.notNull())
    .execute();
}

async function createSetAsideFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('set_aside_files')
    .addColumn('sha256', 'text', (c) => c.primaryKey())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('app_version', 'text', (c) => c.notNull())
    .addColumn('set_aside_at', 'text', (c) => c.notNull())
    .execute();
}

/** What a model thought and whether it kept to the schema, cancelling across processes, crashing files remembered. */
export const runs: Migration = {
  async up(db) {
    await addReasoning(db);
    await createCancelRequests(db);
    await createSetAsideFiles(db);
  },
};
