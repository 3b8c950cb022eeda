import type { Migration } from 'kysely/migration';

/** What fields of the editor show that is not valid yet, beside the content of each state of a draft. */
export const typed: Migration = {
  async up(db) {
    await db.schema
      .alterTable('draft_entries')
      .addColumn('typed', 'text', (c) => c.notNull().defaultTo('{}'))
      .execute();
  },
};
