import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

async function addColumns(db: Kysely<unknown>): Promise<void> {
  for (const column of ['lines_added', 'lines_removed']) {
    await db.schema.alterTable('versions').addColumn(column, 'integer').execute();
  }
  await db.schema.alterTable('draft_entries').addColumn('merged_version_id', 'text').execute();
  await db.schema
    .alterTable('label_moves')
    .addColumn('kind', 'text', (c) => c.notNull().defaultTo('move'))
    .execute();
}

async function createProjects(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('projects')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await sql`INSERT INTO projects (name, created_at)
    SELECT project, min(created_at) FROM prompts GROUP BY project`.execute(db);
  await db.schema
    .createIndex('prompts_by_project')
    .on('prompts')
    .columns(['project', 'status', 'updated_at', 'id'])
    .execute();
}

async function createFormerNames(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('former_names')
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('prompt_id', 'text', (c) => c.notNull().references('prompts.id'))
    .addPrimaryKeyConstraint('former_names_key', ['project', 'name'])
    .execute();
  await db.schema.createIndex('former_names_by_name').on('former_names').column('name').execute();
  await db.schema.createIndex('former_names_by_prompt').on('former_names').column('prompt_id').execute();
  await db.schema.createIndex('prompts_by_name_alone').on('prompts').column('name').execute();
}

async function indexPromptsApart(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE VIRTUAL TABLE search_prompts USING fts5(
    name, title, tags, description, body, note, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3 4')`.execute(
    db,
  );
  const prompts = sql`(SELECT id FROM search_documents WHERE kind = 'prompt')`;
  await sql`INSERT INTO search_prompts (rowid, name, title, tags, description, body, note)
    SELECT rowid, name, title, tags, description, body, note FROM search_index WHERE rowid IN ${prompts}`.execute(db);
  await sql`DELETE FROM search_index WHERE rowid IN ${prompts}`.execute(db);
}

/** `INSERT OR REPLACE` deletes without asking the delete triggers, and history must not lose rows one by one either. */
async function closeLoopholes(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TRIGGER versions_no_replace BEFORE INSERT ON versions
    WHEN EXISTS (SELECT 1 FROM versions WHERE id = NEW.id OR (prompt_id = NEW.prompt_id AND number = NEW.number))
    BEGIN SELECT RAISE(ABORT, 'A version is immutable.'); END`.execute(db);
  await sql`CREATE TRIGGER contents_no_replace BEFORE INSERT ON contents
    WHEN EXISTS (SELECT 1 FROM contents WHERE hash = NEW.hash AND body <> NEW.body)
    BEGIN SELECT RAISE(ABORT, 'Content is immutable.'); END`.execute(db);
  for (const table of ['label_moves', 'prompt_changes']) {
    await sql`CREATE TRIGGER ${sql.raw(`${table}_no_delete`)} BEFORE DELETE ON ${sql.raw(table)}
      WHEN (SELECT status FROM prompts WHERE id = OLD.prompt_id) <> 'trashed'
      BEGIN SELECT RAISE(ABORT, 'History is append-only.'); END`.execute(db);
  }
}

/** Sizes of changes, kinds of label moves, merges that can be undone, projects of their own, names that keep working. */
export const history: Migration = {
  async up(db) {
    await addColumns(db);
    await createProjects(db);
    await createFormerNames(db);
    await indexPromptsApart(db);
    await closeLoopholes(db);
  },
};
