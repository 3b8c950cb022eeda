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
  `CREATE TABLE device_settings (person_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (person_id, key))`,
  `CREATE TABLE window_state (person_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (person_id, key))`,
];

export const firstDevice: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};
