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
      // The rest would not be shown: prompts come first.
      if (others.length === 0 || prompts.length >= limit) return prompts;
      return [...prompts, ...(await searchOthers(database, match, others, limit))];
    },
    async texts(database, hits) {
      const texts = new Map<string, readonly string[]>();
      for (const kind of new Set(hits.map((hit) => hit.kind))) {
        const refs = hits.filter((hit) => hit.kind === kind).map((hit) => hit.ref);
        for (const [ref, found] of await textsOf(database, kind, refs)) texts.set(`${kind} ${ref}`, found);
      }
      return hits.map((hit) => texts.get(`${hit.kind} ${hit.ref}`) ?? []);
    },
  };
}

function indexOf(kind: SearchDocument['kind']) {
  return sql.table(kind === 'prompt' ? 'search_prompts' : 'search_index');
}

/** More matches than this are not ranked but given newest first: a word that is everywhere tells nothing apart. */
const rankedMatches = 1_000;

/** Matches in name, title or tags first, then those that are only in texts. */
async function searchPrompts(database: Database, match: string, limit: number): Promise<readonly SearchHit[]> {
  const named = await matchPrompts(database, `{name title tags} : (${match})`, limit);
  if (named.length >= limit) return named;
  const texts = await matchPrompts(database, match, limit);
  const found = new Set(named.map((hit) => hit.ref));
  return [...named, ...texts.filter((hit) => !found.has(hit.ref))].slice(0, limit);
}

/** Best first while there are few; ranking would visit every match, and the first letters that one types match everything. */
async function matchPrompts(database: Database, match: string, limit: number): Promise<readonly SearchHit[]> {
  const { rows: newest } = await sql<{ id: number }>`
    SELECT rowid AS id FROM search_prompts WHERE search_prompts MATCH ${match}
    ORDER BY rowid DESC LIMIT ${rankedMatches + 1}`.execute(database);
  const order =
    newest.length > rankedMatches ? sql`search_prompts.rowid DESC` : sql`bm25(search_prompts, 10, 8, 6, 3, 1, 2)`;
  const { rows } = await sql<SearchHit>`
    SELECT d.kind, d.ref, d.prompt_id AS "promptId"
    FROM search_prompts JOIN search_documents d ON d.id = search_prompts.rowid
    WHERE search_prompts MATCH ${match} ORDER BY ${order} LIMIT ${limit}`.execute(database);
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

async function textsOf(database: Database, kind: SearchDocument['kind'], refs: readonly string[]) {
  const { rows } = await sql<Omit<SearchDocument, 'kind' | 'promptId'>>`
    SELECT d.ref, name, title, tags, description, body, note
    FROM search_documents d JOIN ${indexOf(kind)} AS texts ON texts.rowid = d.id
    WHERE d.kind = ${kind} AND d.ref IN (${sql.join(refs)})`.execute(database);
  return rows.map(({ ref, body, note, description, title, tags, name }) => {
    return [ref, [body, note, description, title, tags, name]] as const;
  });
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
