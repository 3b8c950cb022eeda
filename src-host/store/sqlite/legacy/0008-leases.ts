import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Processes hold a lease that ends unless they renew it; a process id means something on its own computer only. */
async function createLeases(db: Kysely<unknown>): Promise<void> {
  // Whoever is in it says so again a moment later.
  await db.schema.dropTable('hosts').execute();
  await db.schema
    .createTable('hosts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('computer', 'text', (c) => c.notNull())
    .addColumn('lease_until', 'text', (c) => c.notNull())
    .execute();
}

/** Which tables a window reads under each topic. */
const tables = {
  prompts: ['prompts', 'drafts', 'projects'],
  versions: ['versions'],
  labels: ['labels'],
  models: ['local_models', 'endpoints', 'remote_models'],
  runs: ['runs'],
  comparisons: ['comparisons'],
  settings: ['settings'],
} as const;

/** A counter for each topic that every write moves, so that leases and the state of windows do not look like changes. */
async function createTopicChanges(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('topic_changes')
    .addColumn('topic', 'text', (c) => c.primaryKey())
    .addColumn('count', 'integer', (c) => c.notNull())
    .execute();
  for (const [topic, names] of Object.entries(tables)) {
    await sql`INSERT INTO topic_changes (topic, count) VALUES (${topic}, 0)`.execute(db);
    for (const table of names)
      for (const event of ['insert', 'update', 'delete'] as const)
        await sql`CREATE TRIGGER ${sql.id(`count_${table}_${event}`)} AFTER ${sql.raw(event)} ON ${sql.id(table)}
          BEGIN UPDATE topic_changes SET count = count + 1 WHERE topic = ${sql.lit(topic)}; END`.execute(db);
  }
}

export const leases: Migration = {
  async up(db) {
    await createLeases(db);
    await createTopicChanges(db);
  },
};
