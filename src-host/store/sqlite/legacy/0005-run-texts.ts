import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Texts of answers grow by appended pieces; a run itself keeps the beginning of each, and how long the whole is. */
async function createTexts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_texts')
    .addColumn('run_id', 'text', (c) => c.notNull().references('runs.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('start', 'integer', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('run_texts_key', ['run_id', 'kind', 'start'])
    .execute();
  for (const column of ['output_length', 'reasoning_length']) {
    await db.schema.alterTable('runs').addColumn(column, 'integer').execute();
  }
}

/** Whatever ends a run, its output is put down as waiting for the search index, in the same transaction. */
async function createIndexQueue(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('unindexed_runs')
    .addColumn('run_id', 'text', (c) => c.primaryKey().references('runs.id').onDelete('cascade'))
    .execute();
  await sql`CREATE TRIGGER runs_wait_for_the_index AFTER UPDATE OF finished_at ON runs
    WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL AND NEW.output <> ''
    BEGIN INSERT OR IGNORE INTO unindexed_runs (run_id) VALUES (NEW.id); END`.execute(db);
  await sql`INSERT INTO unindexed_runs (run_id)
    SELECT id FROM runs WHERE finished_at IS NOT NULL AND output <> ''
      AND id NOT IN (SELECT ref FROM search_documents WHERE kind = 'run')`.execute(db);
}

/** Lists count input rows without reading them, and show no comparison whose cells are still being written or deleted. */
async function describeComparisons(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('comparisons')
    .addColumn('row_count', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('comparisons')
    .addColumn('whole', 'integer', (c) => c.notNull().defaultTo(1))
    .execute();
  await sql`UPDATE comparisons SET row_count = CASE WHEN json_valid(rows) THEN json_array_length(rows) ELSE 0 END`.execute(
    db,
  );
  await db.schema
    .createIndex('runs_by_cell_status')
    .on('runs')
    .columns(['comparison_id', 'superseded', 'status'])
    .execute();
}

/** Answers that are appended to, outputs that wait for the index, comparisons that are stored in slices. */
export const runTexts: Migration = {
  async up(db) {
    await createTexts(db);
    await createIndexQueue(db);
    await describeComparisons(db);
  },
};
