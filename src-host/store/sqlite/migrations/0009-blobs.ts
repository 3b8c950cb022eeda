import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Images, audio and files of messages, by the SHA-256 of their bytes. */
export const blobs: Migration = {
  async up(db) {
    await db.schema
      .createTable('blobs')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('media_type', 'text', (c) => c.notNull())
      .addColumn('bytes', 'blob', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute();
    await sql`CREATE TRIGGER blobs_no_update BEFORE UPDATE ON blobs
      BEGIN SELECT RAISE(ABORT, 'A blob is immutable.'); END`.execute(db);
  },
};
