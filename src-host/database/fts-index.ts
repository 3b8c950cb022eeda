import { sql } from 'kysely';
import type { Database } from '../../src-core/ports.ts';
import type { SearchDocument, SearchHit, SearchIndex } from '../../src-core/search/search-index.ts';

/** The search port on SQLite's FTS5. */
export function createFtsIndex(): SearchIndex {
  return {
    async put(database, documents) {
      for (const document of documents) await put(database, document);
    },
    async remove(database, kind, refs) {
      for (const ref of refs) {
        const id = await documentId(database, kind, ref);
        if (id === null) continue;
        await sql`DELETE FROM search_index WHERE rowid = ${id}`.execute(database);
        await sql`DELETE FROM search_documents WHERE id = ${id}`.execute(database);
      }
    },
    async search(database, match, kinds, limit) {
      const { rows } = await sql<SearchHit>`
        SELECT d.kind, d.ref, d.prompt_id AS "promptId",
          snippet(search_index, -1, char(1), char(2), '…', 12) AS snippet
        FROM search_index JOIN search_documents d ON d.id = search_index.rowid
        WHERE search_index MATCH ${match} AND d.kind IN (${sql.join(kinds)})
        ORDER BY bm25(search_index, 10, 8, 6, 3, 1, 2) LIMIT ${limit}`.execute(database);
      return rows;
    },
  };
}

async function documentId(database: Database, kind: string, ref: string): Promise<number | null> {
  const { rows } = await sql<{
    id: number;
  }>`SELECT id FROM search_documents WHERE kind = ${kind} AND ref = ${ref}`.execute(database);
  return rows[0]?.id ?? null;
}

async function put(database: Database, document: SearchDocument): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO search_documents (kind, ref, prompt_id) VALUES (${document.kind}, ${document.ref}, ${document.promptId})
    ON CONFLICT (kind, ref) DO UPDATE SET prompt_id = excluded.prompt_id RETURNING id`.execute(database);
  const id = rows[0]?.id;
  const { name, title, tags, description, body, note } = document;
  await sql`DELETE FROM search_index WHERE rowid = ${id}`.execute(database);
  await sql`INSERT INTO search_index (rowid, name, title, tags, description, body, note)
    VALUES (${id}, ${name}, ${title}, ${tags}, ${description}, ${body}, ${note})`.execute(database);
}
