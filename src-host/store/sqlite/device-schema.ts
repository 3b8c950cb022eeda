import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tables as in `src-core/tables/device.ts`. */
const tables: readonly string[] = [
  `CREATE TABLE local_models (id TEXT PRIMARY KEY, title TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL,
    info TEXT NOT NULL, context_size INTEGER, gpu TEXT NOT NULL, threads INTEGER, built_in INTEGER NOT NULL,
    managed INTEGER NOT NULL, added_at TEXT NOT NULL)`,
  `CREATE INDEX local_models_by_file ON local_models (sha256)`,
  `CREATE TABLE set_aside_files (sha256 TEXT PRIMARY KEY, message TEXT NOT NULL, app_version TEXT NOT NULL,
    set_aside_at TEXT NOT NULL)`,
  `CREATE TABLE endpoint_variables (endpoint_id TEXT PRIMARY KEY, variable TEXT NOT NULL, origin TEXT)`,
  `CREATE TABLE refused_fields (model_id TEXT PRIMARY KEY, endpoint_id TEXT NOT NULL, fields TEXT NOT NULL)`,
  `CREATE TABLE device_settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)`,
  `CREATE TABLE window_state (key TEXT PRIMARY KEY, value TEXT NOT NULL)`,
];

export const firstDevice: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};

/** What each person has open and how it looks to them is theirs; what was set before is the device's, for all of them. */
export const ownersOfSettings: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of ['device_settings', 'window_state']) {
      await sql.raw(`ALTER TABLE ${table} RENAME TO ${table}_before`).execute(db);
      await sql
        .raw(`CREATE TABLE ${table} (person_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
          PRIMARY KEY (person_id, key))`)
        .execute(db);
      await sql.raw(`INSERT INTO ${table} SELECT '', key, value FROM ${table}_before`).execute(db);
      await sql.raw(`DROP TABLE ${table}_before`).execute(db);
    }
  },
};
