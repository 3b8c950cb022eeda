import { sql } from 'kysely';
import type { Database } from '../../src-core/ports.ts';
import type { SearchDocument, SearchHit, SearchIndex } from '../../src-core/search/search-index.ts';

/**
 * The search port on SQLite's FTS5. Prompts have an index of their own: ranking thousands of matches is fast enough as
 * one types, ranking every version and run that matches is not, and of those the newest are wanted first anyway.
 */
export function createFtsIndex(): SearchIndex {
  return {
    async put(database, documents) {
      for (const document of documents) await put(database, document);
    },
    async remove(database, kind, refs) {
      for (const ref of refs) {
        const id = await documentId(database, kind, ref);
        if (id === null) continue;
        await sql`DELETE FROM ${indexOf(kind)} WHERE rowid = ${id}`.execute(database);
        await sql`DELETE FROM search_documents WHERE id = ${id}`.execute(database);
      }
    },
    async search(database, match, kinds, limit) {
      const prompts = kinds.includes('prompt') ? await searchPrompts(database, match, limit) : [];
      const others = kinds.filter((kind) => kind !== 'prompt');
      return others.length === 0 ? prompts : [...prompts, ...(await searchOthers(database, match, others, limit))];
    },
    async texts(database, hits) {
      const texts: (readonly string[])[] = [];
      for (const hit of hits) texts.push(await textsOf(database, hit));
      return texts;
    },
  };
}

function indexOf(kind: SearchDocument['kind']) {
  return sql.table(kind === 'prompt' ? 'search_prompts' : 'search_index');
}

async function searchPrompts(database: Database, match: string, limit: number): Promise<readonly SearchHit[]> {
  const { rows } = await sql<SearchHit>`
    SELECT d.kind, d.ref, d.prompt_id AS "promptId"
    FROM search_prompts JOIN search_documents d ON d.id = search_prompts.rowid
    WHERE search_prompts MATCH ${match}
    ORDER BY bm25(search_prompts, 10, 8, 6, 3, 1, 2) LIMIT ${limit}`.execute(database);
  return rows;
}

async function searchOthers(
  database: Database,
  match: string,
  kinds: readonly SearchDocument['kind'][],
  limit: number,
): Promise<readonly SearchHit[]> {
  const { rows } = await sql<SearchHit>`
    SELECT d.kind, d.ref, d.prompt_id AS "promptId"
    FROM search_index JOIN search_documents d ON d.id = search_index.rowid
    WHERE search_index MATCH ${match} AND d.kind IN (${sql.join(kinds)})
    ORDER BY search_index.rowid DESC LIMIT ${limit}`.execute(database);
  return rows;
}

async function textsOf(database: Database, { kind, ref }: SearchHit): Promise<readonly string[]> {
  const { rows } = await sql<Omit<SearchDocument, 'kind' | 'ref' | 'promptId'>>`
    SELECT name, title, tags, description, body, note FROM ${indexOf(kind)}
    WHERE rowid = (SELECT id FROM search_documents WHERE kind = ${kind} AND ref = ${ref})`.execute(database);
  return rows.flatMap(({ body, note, description, title, tags, name }) => [body, note, description, title, tags, name]);
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
  const index = indexOf(document.kind);
  const { name, title, tags, description, body, note } = document;
  await sql`DELETE FROM ${index} WHERE rowid = ${id}`.execute(database);
  await sql`INSERT INTO ${index} (rowid, name, title, tags, description, body, note)
    VALUES (${id}, ${name}, ${title}, ${tags}, ${description}, ${body}, ${note})`.execute(database);
}
