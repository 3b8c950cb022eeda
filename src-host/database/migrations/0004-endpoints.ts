import type { Migration } from 'kysely/migration';

/** What an answer says of itself, two timeouts, and which request fields a model does not take. */
export const endpoints: Migration = {
  async up(db) {
    await db.schema.alterTable('runs').addColumn('cached_tokens', 'integer').execute();
    await db.schema.alterTable('runs').addColumn('generation_ms', 'real').execute();
    for (const [table, column] of [
      ['runs', 'notes'],
      ['remote_models', 'never_send'],
      ['remote_models', 'refused'],
    ] as const) {
      await db.schema
        .alterTable(table)
        .addColumn(column, 'text', (c) => c.notNull().defaultTo('[]'))
        .execute();
    }
    await db.schema.alterTable('endpoints').addColumn('idle_timeout_ms', 'integer').execute();
  },
};
