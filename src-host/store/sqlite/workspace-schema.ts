import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Statements of the first release, one at a time; tables as in `src-core/tables/{workspace,personal}.ts`. Long texts stand
 * last: SQLite reads through all that comes before a column, page by page.
 */
const tables: readonly string[] = [
  `CREATE TABLE workspace (id TEXT PRIMARY KEY, rev INTEGER NOT NULL, home TEXT NOT NULL, created_at TEXT NOT NULL)`,
  `CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at TEXT NOT NULL)`,
  `CREATE TABLE devices (id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES people, name TEXT NOT NULL,
    created_at TEXT NOT NULL)`,
  `CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL)`,
  `CREATE TABLE former_projects (name TEXT PRIMARY KEY, project_id TEXT NOT NULL REFERENCES projects)`,
  `CREATE TABLE prompts (id TEXT PRIMARY KEY, project_id TEXT NOT NULL REFERENCES projects, name TEXT NOT NULL,
    folder TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, type TEXT NOT NULL, scope TEXT NOT NULL,
    owner TEXT NOT NULL, domain TEXT NOT NULL, metadata TEXT NOT NULL, source TEXT NOT NULL, status TEXT NOT NULL,
    latest_version_id TEXT, revision INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    UNIQUE (project_id, name))`,
  `CREATE INDEX prompts_by_update ON prompts (status, updated_at, id)`,
  `CREATE INDEX prompts_by_name ON prompts (status, name, id)`,
  `CREATE INDEX prompts_by_project ON prompts (project_id, status, updated_at, id)`,
  `CREATE INDEX prompts_by_folder ON prompts (status, folder)`,
  `CREATE INDEX prompts_by_name_alone ON prompts (name)`,
  `CREATE TABLE prompt_tags (prompt_id TEXT NOT NULL REFERENCES prompts, folded TEXT NOT NULL, tag TEXT NOT NULL,
    position INTEGER NOT NULL, PRIMARY KEY (prompt_id, folded))`,
  `CREATE INDEX prompt_tags_by_tag ON prompt_tags (folded, prompt_id)`,
  `CREATE TABLE contents (hash TEXT PRIMARY KEY, body TEXT NOT NULL)`,
  `CREATE TABLE blobs (hash TEXT PRIMARY KEY, size INTEGER NOT NULL, media_type TEXT NOT NULL, bytes BLOB NOT NULL,
    created_at TEXT NOT NULL)`,
  `CREATE TABLE versions (id TEXT PRIMARY KEY, prompt_id TEXT NOT NULL REFERENCES prompts, number INTEGER NOT NULL,
    confirmed INTEGER NOT NULL, depth INTEGER NOT NULL, content_hash TEXT NOT NULL REFERENCES contents,
    first_parent_id TEXT REFERENCES versions, second_parent_id TEXT REFERENCES versions, author TEXT NOT NULL,
    author_id TEXT, note TEXT NOT NULL, folded TEXT NOT NULL, created_at TEXT NOT NULL, lines_added INTEGER,
    lines_removed INTEGER)`,
  `CREATE UNIQUE INDEX versions_by_number ON versions (prompt_id, number, confirmed)`,
  `CREATE INDEX versions_by_content ON versions (content_hash)`,
  `CREATE INDEX versions_by_time ON versions (created_at)`,
  `CREATE INDEX versions_by_first_parent ON versions (first_parent_id)`,
  `CREATE INDEX versions_by_second_parent ON versions (second_parent_id)`,
  `CREATE TABLE labels (prompt_id TEXT NOT NULL REFERENCES prompts, name TEXT NOT NULL,
    version_id TEXT NOT NULL REFERENCES versions, moved_at TEXT NOT NULL, PRIMARY KEY (prompt_id, name))`,
  `CREATE INDEX labels_by_version ON labels (version_id)`,
  `CREATE TABLE label_moves (id TEXT PRIMARY KEY, prompt_id TEXT NOT NULL REFERENCES prompts, name TEXT NOT NULL,
    from_version_id TEXT, to_version_id TEXT, kind TEXT NOT NULL, author TEXT NOT NULL, author_id TEXT,
    reason TEXT NOT NULL, moved_at TEXT NOT NULL)`,
  `CREATE INDEX label_moves_by_label ON label_moves (prompt_id, name, id)`,
  `CREATE TABLE former_names (project_id TEXT NOT NULL REFERENCES projects, name TEXT NOT NULL,
    prompt_id TEXT NOT NULL REFERENCES prompts, PRIMARY KEY (project_id, name))`,
  `CREATE INDEX former_names_by_name ON former_names (name)`,
  `CREATE INDEX former_names_by_prompt ON former_names (prompt_id)`,
  `CREATE TABLE prompt_changes (id TEXT PRIMARY KEY, prompt_id TEXT NOT NULL REFERENCES prompts, author TEXT NOT NULL,
    author_id TEXT, before TEXT NOT NULL, after TEXT NOT NULL, changed_at TEXT NOT NULL)`,
  `CREATE INDEX prompt_changes_by_prompt ON prompt_changes (prompt_id, id)`,
  `CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)`,
  `CREATE TABLE endpoints (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, base_url TEXT NOT NULL,
    preset TEXT, max_concurrency INTEGER NOT NULL, timeout_ms INTEGER NOT NULL, idle_timeout_ms INTEGER,
    max_retries INTEGER NOT NULL, added_at TEXT NOT NULL)`,
  `CREATE TABLE remote_models (id TEXT PRIMARY KEY, endpoint_id TEXT NOT NULL REFERENCES endpoints, model TEXT NOT NULL,
    title TEXT NOT NULL, price TEXT, context_length INTEGER, never_send TEXT NOT NULL, added_at TEXT NOT NULL)`,
  `CREATE INDEX remote_models_by_endpoint ON remote_models (endpoint_id)`,
  // Personal.
  `CREATE TABLE draft_entries (id TEXT PRIMARY KEY, person_id TEXT NOT NULL, prompt_id TEXT NOT NULL REFERENCES prompts,
    parent_id TEXT, typed TEXT NOT NULL, created_at TEXT NOT NULL, merged_version_id TEXT, content TEXT NOT NULL)`,
  `CREATE INDEX draft_entries_by_prompt ON draft_entries (prompt_id, person_id, id)`,
  `CREATE INDEX draft_entries_by_parent ON draft_entries (parent_id)`,
  `CREATE TABLE drafts (person_id TEXT NOT NULL, prompt_id TEXT NOT NULL REFERENCES prompts,
    base_version_id TEXT REFERENCES versions, merged_version_id TEXT REFERENCES versions,
    entry_id TEXT NOT NULL REFERENCES draft_entries, hash TEXT NOT NULL, models TEXT NOT NULL, revision INTEGER NOT NULL,
    writer TEXT NOT NULL, updated_at TEXT NOT NULL, PRIMARY KEY (prompt_id, person_id))`,
  `CREATE INDEX drafts_by_base ON drafts (base_version_id)`,
  `CREATE INDEX drafts_by_merged ON drafts (merged_version_id)`,
  `CREATE INDEX drafts_by_entry ON drafts (entry_id)`,
  `CREATE TABLE person_settings (person_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (person_id, key))`,
  // Runs.
  `CREATE TABLE comparisons (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, person_id TEXT,
    title TEXT NOT NULL, status TEXT NOT NULL, row_count INTEGER NOT NULL, sampling TEXT NOT NULL,
    concurrency INTEGER NOT NULL, budget REAL, host_id TEXT, created_at TEXT NOT NULL, whole INTEGER NOT NULL DEFAULT 1,
    models TEXT NOT NULL, prompts TEXT NOT NULL, rows TEXT NOT NULL)`,
  `CREATE INDEX comparisons_by_time ON comparisons (whole, created_at, id)`,
  `CREATE TABLE runs (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, person_id TEXT,
    comparison_id TEXT REFERENCES comparisons (id), cell_prompt INTEGER, cell_model INTEGER, cell_row INTEGER,
    superseded INTEGER NOT NULL DEFAULT 0, prompt_id TEXT, prompt_name TEXT, version_id TEXT, version_number INTEGER,
    content_hash TEXT NOT NULL REFERENCES contents, model TEXT NOT NULL, model_identity TEXT NOT NULL,
    sampling TEXT NOT NULL, status TEXT NOT NULL, output_length INTEGER, reasoning_length INTEGER,
    tool_call_count INTEGER NOT NULL DEFAULT 0, finish_reason TEXT, input_tokens INTEGER, output_tokens INTEGER,
    reasoning_tokens INTEGER, cached_tokens INTEGER, cost REAL, ttft_ms REAL, latency_ms REAL, tokens_per_second REAL,
    generation_ms REAL, score REAL, host_id TEXT, created_at TEXT NOT NULL, finished_at TEXT,
    notes TEXT NOT NULL DEFAULT '[]', error TEXT, schema_problems TEXT, attempts TEXT NOT NULL, inputs TEXT NOT NULL,
    tool_calls TEXT NOT NULL, messages TEXT NOT NULL, output TEXT NOT NULL, reasoning TEXT NOT NULL DEFAULT '')`,
  `CREATE INDEX runs_by_time ON runs (created_at, id)`,
  // The other two leave single runs out, so that SQLite takes this one for them, which has them in their order.
  `CREATE INDEX single_runs_by_time ON runs (created_at, id, comparison_id) WHERE comparison_id IS NULL`,
  `CREATE INDEX runs_by_comparison ON runs (comparison_id, seq) WHERE comparison_id IS NOT NULL`,
  `CREATE INDEX runs_by_cell_status ON runs (comparison_id, superseded, status) WHERE comparison_id IS NOT NULL`,
  `CREATE INDEX runs_by_prompt ON runs (prompt_id, created_at, id)`,
  `CREATE INDEX runs_by_version ON runs (version_id)`,
  `CREATE INDEX runs_by_model ON runs (model, created_at, id)`,
  `CREATE INDEX runs_by_status ON runs (status, created_at, id)`,
  `CREATE INDEX runs_by_content ON runs (content_hash)`,
  `CREATE TABLE run_texts (run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, kind TEXT NOT NULL,
    start INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (run_id, kind, start))`,
  `CREATE TABLE unindexed_runs (run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE)`,
  // Work, feed, audit.
  `CREATE TABLE jobs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, target_id TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
    host_id TEXT NOT NULL, attempts INTEGER NOT NULL, created_at TEXT NOT NULL, finished_at TEXT)`,
  `CREATE INDEX jobs_by_status ON jobs (status, id)`,
  `CREATE TABLE hosts (id TEXT PRIMARY KEY, lease_until TEXT NOT NULL)`,
  `CREATE TABLE cancel_requests (target_id TEXT PRIMARY KEY, requested_at TEXT NOT NULL)`,
  `CREATE TABLE idempotency_keys (person_id TEXT NOT NULL, operation TEXT NOT NULL, key TEXT NOT NULL,
    input_hash TEXT NOT NULL, target_id TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (person_id, operation, key))`,
  `CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at)`,
  `CREATE TABLE feed (topic TEXT NOT NULL, id TEXT NOT NULL, person_id TEXT NOT NULL, kind TEXT NOT NULL,
    rev INTEGER NOT NULL, origin TEXT, PRIMARY KEY (topic, id, person_id)) WITHOUT ROWID`,
  `CREATE INDEX feed_by_rev ON feed (rev)`,
  `CREATE TABLE audit (id TEXT PRIMARY KEY, at TEXT NOT NULL, actor_kind TEXT NOT NULL, actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, details TEXT NOT NULL)`,
  `CREATE INDEX audit_by_subject ON audit (subject, id)`,
  // Of this storage alone: something that is to be done to the file once, as erasing what was deleted.
  `CREATE TABLE upkeep (task TEXT PRIMARY KEY, request TEXT NOT NULL)`,
];

/** The search index: what a snippet shows is kept beside the words, which FTS5 holds without the text. */
const search: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS search_documents (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL,
    prompt_id TEXT, UNIQUE (kind, ref))`,
  `CREATE INDEX IF NOT EXISTS search_documents_by_prompt ON search_documents (prompt_id)`,
  `CREATE TABLE IF NOT EXISTS search_texts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL,
    tags TEXT NOT NULL, description TEXT NOT NULL, body TEXT NOT NULL, note TEXT NOT NULL)`,
  ...['search_prompts', 'search_index'].map(
    (name) => `CREATE VIRTUAL TABLE IF NOT EXISTS ${name} USING fts5(name, title, tags, description, body, note,
      content = '', contentless_delete = 1, tokenize = "ascii tokenchars '.+#'", prefix = '1 2 3 4')`,
  ),
];

const versionColumns = [
  ...['id', 'prompt_id', 'depth', 'content_hash', 'first_parent_id', 'second_parent_id', 'author', 'author_id'],
  ...['note', 'folded', 'created_at', 'lines_added', 'lines_removed'],
];

function refusing(name: string, when: string, message: string): string {
  return `CREATE TRIGGER ${name} ${when} BEGIN SELECT RAISE(ABORT, '${message}'); END`;
}

const isTrashed = `(SELECT status FROM prompts WHERE id = OLD.prompt_id) = 'trashed'`;
const immutable = {
  version: 'A version is immutable.',
  content: 'Content is immutable.',
  log: 'History is append-only.',
};

/**
 * The file itself refuses to change what is immutable, also by `INSERT OR REPLACE`, which asks no delete trigger; only a
 * trashed prompt's versions may go, with the prompt, and a number that is not confirmed may still become another.
 */
const triggers: readonly string[] = [
  refusing(
    'versions_no_update',
    `BEFORE UPDATE ON versions WHEN OLD.confirmed = 1 OR ${versionColumns.map((name) => `OLD.${name} IS NOT NEW.${name}`).join(' OR ')}`,
    immutable.version,
  ),
  refusing('versions_no_delete', `BEFORE DELETE ON versions WHEN NOT ${isTrashed}`, immutable.version),
  refusing(
    'versions_no_replace',
    `BEFORE INSERT ON versions WHEN EXISTS (SELECT 1 FROM versions WHERE id = NEW.id
      OR (prompt_id = NEW.prompt_id AND number = NEW.number AND confirmed = NEW.confirmed))`,
    immutable.version,
  ),
  refusing('contents_no_update', 'BEFORE UPDATE ON contents', immutable.content),
  refusing(
    'contents_no_replace',
    'BEFORE INSERT ON contents WHEN EXISTS (SELECT 1 FROM contents WHERE hash = NEW.hash AND body <> NEW.body)',
    immutable.content,
  ),
  refusing('blobs_no_update', 'BEFORE UPDATE ON blobs', 'A blob is immutable.'),
  ...['label_moves', 'prompt_changes'].flatMap((table) => [
    refusing(`${table}_no_update`, `BEFORE UPDATE ON ${table}`, immutable.log),
    refusing(`${table}_no_delete`, `BEFORE DELETE ON ${table} WHEN NOT ${isTrashed}`, immutable.log),
  ]),
  refusing('audit_no_update', 'BEFORE UPDATE ON audit', immutable.log),
  refusing('audit_no_delete', 'BEFORE DELETE ON audit', immutable.log),
  // Whatever ends a run, its output is put down as waiting for the search index, in the same transaction.
  `CREATE TRIGGER runs_wait_for_the_index AFTER UPDATE OF finished_at ON runs
    WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL AND NEW.output <> ''
    BEGIN INSERT OR IGNORE INTO unindexed_runs (run_id) VALUES (NEW.id); END`,
];

/** Makes all of it in an empty file, or beside the renamed tables of 0.1.0. */
export const firstRelease: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [...tables, ...search, ...triggers]) await sql.raw(statement).execute(db);
  },
};

/** The newest of the states that were made from one stands first. */
export const redoAlongIndex: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('DROP INDEX draft_entries_by_parent').execute(db);
    await sql.raw('CREATE INDEX draft_entries_by_parent ON draft_entries (parent_id, id)').execute(db);
  },
};

/** Files of other tools that became prompts. */
export const imports: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(`CREATE TABLE imports (id TEXT PRIMARY KEY, author TEXT NOT NULL, author_id TEXT, source TEXT NOT NULL,
        formats TEXT NOT NULL, prompts INTEGER NOT NULL, created_at TEXT NOT NULL, undone_at TEXT, items TEXT NOT NULL)`)
      .execute(db);
  },
};
