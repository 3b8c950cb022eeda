import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const text = 'text' as const;
const integer = 'integer' as const;

async function createLibrary(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('prompts')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('scope', text, (c) => c.notNull())
    .addColumn('owner', text, (c) => c.notNull())
    .addColumn('domain', text, (c) => c.notNull())
    .addColumn('tags', text, (c) => c.notNull())
    .addColumn('metadata', text, (c) => c.notNull())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('latest_version_id', text)
    .addColumn('draft_hash', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addUniqueConstraint('prompts_name', ['project', 'name'])
    .execute();
  await db.schema.createIndex('prompts_by_update').on('prompts').columns(['status', 'updated_at', 'id']).execute();
  await db.schema.createIndex('prompts_by_name').on('prompts').columns(['status', 'name', 'id']).execute();

  await db.schema
    .createTable('contents')
    .addColumn('hash', text, (c) => c.primaryKey())
    .addColumn('body', text, (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('versions')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('prompt_id', text, (c) => c.notNull().references('prompts.id'))
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('content_hash', text, (c) => c.notNull().references('contents.hash'))
    .addColumn('first_parent_id', text, (c) => c.references('versions.id'))
    .addColumn('second_parent_id', text, (c) => c.references('versions.id'))
    .addColumn('author', text, (c) => c.notNull())
    .addColumn('note', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addUniqueConstraint('versions_number', ['prompt_id', 'number'])
    .execute();
  await db.schema.createIndex('versions_by_content').on('versions').column('content_hash').execute();
  await db.schema.createIndex('versions_by_time').on('versions').column('created_at').execute();
  for (const parent of ['first_parent_id', 'second_parent_id'] as const) {
    await db.schema.createIndex(`versions_by_${parent}`).on('versions').column(parent).execute();
  }
}

async function createDrafts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('draft_entries')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('prompt_id', text, (c) => c.notNull().references('prompts.id'))
    .addColumn('parent_id', integer)
    .addColumn('content', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('draft_entries_by_prompt').on('draft_entries').columns(['prompt_id', 'id']).execute();
  await db.schema.createIndex('draft_entries_by_parent').on('draft_entries').column('parent_id').execute();
  await db.schema
    .createTable('drafts')
    .addColumn('prompt_id', text, (c) => c.primaryKey().references('prompts.id'))
    .addColumn('base_version_id', text, (c) => c.references('versions.id'))
    .addColumn('merged_version_id', text, (c) => c.references('versions.id'))
    .addColumn('entry_id', integer, (c) => c.notNull().references('draft_entries.id'))
    .addColumn('revision', integer, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .execute();
}

async function createLabelsAndChanges(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('labels')
    .addColumn('prompt_id', text, (c) => c.notNull().references('prompts.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('version_id', text, (c) => c.notNull().references('versions.id'))
    .addColumn('moved_at', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('labels_key', ['prompt_id', 'name'])
    .execute();
  await db.schema.createIndex('labels_by_version').on('labels').column('version_id').execute();
  await db.schema
    .createTable('label_moves')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('prompt_id', text, (c) => c.notNull().references('prompts.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('from_version_id', text)
    .addColumn('to_version_id', text)
    .addColumn('author', text, (c) => c.notNull())
    .addColumn('reason', text, (c) => c.notNull())
    .addColumn('moved_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('label_moves_by_label').on('label_moves').columns(['prompt_id', 'name', 'id']).execute();
  await db.schema
    .createTable('prompt_changes')
    .addColumn('id', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('prompt_id', text, (c) => c.notNull().references('prompts.id'))
    .addColumn('author', text, (c) => c.notNull())
    .addColumn('before', text, (c) => c.notNull())
    .addColumn('after', text, (c) => c.notNull())
    .addColumn('changed_at', text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('prompt_changes_by_prompt').on('prompt_changes').columns(['prompt_id', 'id']).execute();
}

async function createModels(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('local_models')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('path', text, (c) => c.notNull())
    .addColumn('sha256', text, (c) => c.notNull())
    .addColumn('info', text, (c) => c.notNull())
    .addColumn('context_size', integer)
    .addColumn('gpu', text, (c) => c.notNull())
    .addColumn('threads', integer)
    .addColumn('built_in', integer, (c) => c.notNull())
    .addColumn('managed', integer, (c) => c.notNull())
    .addColumn('added_at', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('endpoints')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('base_url', text, (c) => c.notNull())
    .addColumn('preset', text)
    .addColumn('max_concurrency', integer, (c) => c.notNull())
    .addColumn('timeout_ms', integer, (c) => c.notNull())
    .addColumn('max_retries', integer, (c) => c.notNull())
    .addColumn('key_env', text)
    .addColumn('added_at', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('remote_models')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('endpoint_id', text, (c) => c.notNull().references('endpoints.id'))
    .addColumn('model', text, (c) => c.notNull())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('price', text)
    .addColumn('context_length', integer)
    .addColumn('added_at', text, (c) => c.notNull())
    .execute();
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('comparisons')
    .addColumn('seq', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('title', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('prompts', text, (c) => c.notNull())
    .addColumn('models', text, (c) => c.notNull())
    .addColumn('rows', text, (c) => c.notNull())
    .addColumn('sampling', text, (c) => c.notNull())
    .addColumn('concurrency', integer, (c) => c.notNull())
    .addColumn('host_id', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('runs')
    .addColumn('seq', integer, (c) => c.primaryKey().autoIncrement())
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('comparison_id', text, (c) => c.references('comparisons.id'))
    .addColumn('cell_prompt', integer)
    .addColumn('cell_model', integer)
    .addColumn('cell_row', integer)
    .addColumn('superseded', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('prompt_id', text)
    .addColumn('prompt_name', text)
    .addColumn('version_id', text)
    .addColumn('version_number', integer)
    .addColumn('content_hash', text, (c) => c.notNull().references('contents.hash'))
    .addColumn('inputs', text, (c) => c.notNull())
    .addColumn('messages', text, (c) => c.notNull())
    .addColumn('model', text, (c) => c.notNull())
    .addColumn('model_identity', text, (c) => c.notNull())
    .addColumn('sampling', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('output', text, (c) => c.notNull())
    .addColumn('tool_calls', text, (c) => c.notNull())
    .addColumn('attempts', text, (c) => c.notNull())
    .addColumn('finish_reason', text)
    .addColumn('input_tokens', integer)
    .addColumn('output_tokens', integer)
    .addColumn('cost', 'real')
    .addColumn('ttft_ms', 'real')
    .addColumn('latency_ms', 'real')
    .addColumn('tokens_per_second', 'real')
    .addColumn('error', text)
    .addColumn('score', 'real')
    .addColumn('host_id', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('finished_at', text)
    .execute();
  await db.schema.createIndex('runs_by_comparison').on('runs').columns(['comparison_id', 'seq']).execute();
  await db.schema.createIndex('runs_by_prompt').on('runs').columns(['prompt_id', 'seq']).execute();
  await db.schema.createIndex('runs_by_version').on('runs').column('version_id').execute();
  await db.schema.createIndex('runs_by_model').on('runs').columns(['model', 'seq']).execute();
  await db.schema.createIndex('runs_by_status').on('runs').columns(['status', 'seq']).execute();
  await db.schema.createIndex('runs_by_content').on('runs').column('content_hash').execute();
}

async function createState(db: Kysely<unknown>): Promise<void> {
  for (const table of ['settings', 'window_state']) {
    await db.schema
      .createTable(table)
      .addColumn('key', text, (c) => c.primaryKey())
      .addColumn('value', text, (c) => c.notNull())
      .execute();
  }
  await db.schema
    .createTable('hosts')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('pid', integer, (c) => c.notNull())
    .addColumn('seen_at', text, (c) => c.notNull())
    .execute();
}

/** The database itself refuses to change what is immutable; only a trashed prompt's versions may go, with the prompt. */
async function createImmutability(db: Kysely<unknown>): Promise<void> {
  const refuse = (message: string) => sql.lit(message);
  await sql`CREATE TRIGGER versions_no_update BEFORE UPDATE ON versions
    BEGIN SELECT RAISE(ABORT, ${refuse('A version is immutable.')}); END`.execute(db);
  await sql`CREATE TRIGGER versions_no_delete BEFORE DELETE ON versions
    WHEN (SELECT status FROM prompts WHERE id = OLD.prompt_id) <> 'trashed'
    BEGIN SELECT RAISE(ABORT, ${refuse('A version is immutable.')}); END`.execute(db);
  await sql`CREATE TRIGGER contents_no_update BEFORE UPDATE ON contents
    BEGIN SELECT RAISE(ABORT, ${refuse('Content is immutable.')}); END`.execute(db);
  await sql`CREATE TRIGGER label_moves_no_update BEFORE UPDATE ON label_moves
    BEGIN SELECT RAISE(ABORT, ${refuse('History is append-only.')}); END`.execute(db);
  await sql`CREATE TRIGGER prompt_changes_no_update BEFORE UPDATE ON prompt_changes
    BEGIN SELECT RAISE(ABORT, ${refuse('History is append-only.')}); END`.execute(db);
}

async function createSearch(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE search_documents (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, prompt_id TEXT,
    UNIQUE (kind, ref))`.execute(db);
  await sql`CREATE INDEX search_documents_by_prompt ON search_documents (prompt_id)`.execute(db);
  await sql`CREATE VIRTUAL TABLE search_index USING fts5(
    name, title, tags, description, body, note, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3 4')`.execute(
    db,
  );
}

export const foundation: Migration = {
  async up(db) {
    await createLibrary(db);
    await createDrafts(db);
    await createLabelsAndChanges(db);
    await createModels(db);
    await createRuns(db);
    await createState(db);
    await createImmutability(db);
    await createSearch(db);
  },
};
