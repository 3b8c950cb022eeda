import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { indexedText } from '../../../../src-core/content/search-terms/search-terms.ts';

const indexes = ['search_prompts', 'search_index'] as const;
const columns = ['name', 'title', 'tags', 'description', 'body', 'note'] as const;
/** Documents that are read at a time. */
const pageSize = 500;

type TextRow = { readonly id: number } & Readonly<Record<(typeof columns)[number], string>>;

/** The words of all scripts: texts are kept as they were written, the index holds what `indexedText` makes of them. */
export const search: Migration = {
  async up(db) {
    await sql`CREATE TABLE search_texts (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, tags TEXT NOT NULL, description TEXT NOT NULL,
      body TEXT NOT NULL, note TEXT NOT NULL)`.execute(db);
    for (const index of indexes) await rebuild(db, index);
  },
};

async function rebuild(db: Kysely<unknown>, index: (typeof indexes)[number]): Promise<void> {
  const former = `${index}_by_tokenizer`;
  await sql`ALTER TABLE ${sql.table(index)} RENAME TO ${sql.table(former)}`.execute(db);
  await sql`CREATE VIRTUAL TABLE ${sql.table(index)} USING fts5(
    name, title, tags, description, body, note, content = '', contentless_delete = 1,
    tokenize = "ascii tokenchars '.+#'", prefix = '1 2 3 4')`.execute(db);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  for (let after = 0; ; ) {
    const { rows } = await sql<TextRow>`SELECT rowid AS id, ${names} FROM ${sql.table(former)}
      WHERE rowid > ${after} ORDER BY rowid LIMIT ${pageSize}`.execute(db);
    for (const row of rows) await copy(db, index, row);
    if (rows.length < pageSize) break;
    after = rows.at(-1)!.id;
  }
  await sql`DROP TABLE ${sql.table(former)}`.execute(db);
}

async function copy(db: Kysely<unknown>, index: (typeof indexes)[number], row: TextRow): Promise<void> {
  const texts = columns.map((column) => row[column] ?? '');
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`INSERT INTO search_texts (id, ${names}) VALUES (${row.id}, ${sql.join(texts)})`.execute(db);
  await sql`INSERT INTO ${sql.table(index)} (rowid, ${names})
    VALUES (${row.id}, ${sql.join(texts.map(indexedText))})`.execute(db);
}
