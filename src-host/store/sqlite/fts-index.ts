import { sql } from 'kysely';
import {
  cutMark,
  indexedText,
  phrasesOf,
  searchedLength,
} from '../../../src-core/content/search-terms/search-terms.ts';
import { preparedSql, type ValueOf } from '../../../src-core/scope/prepared.ts';
import type { ReadTables } from '../../../src-core/scope/scope.ts';
import type {
  OthersRequest,
  SearchDocument,
  SearchHit,
  SearchPhrase,
  SearchRequest,
  SearchWriter,
} from '../../../src-core/scope/search.ts';
import { createTurns } from '../../../src-core/turns.ts';

/** What statements run on: the connection, or the transaction under way. */
type Database = Pick<ReadTables, 'getExecutor'>;

/**
 * The search port on SQLite's FTS5, whose tables hold words as `indexedText` makes them, and no text: what a snippet
 * shows is kept beside them, as it was written. Prompts have an index of their own: ranking thousands of matches is fast enough as
 * one types, ranking every version and run that matches is not, and of those the newest are wanted first anyway.
 */
export function bindSearch(database: Database): SearchWriter {
  return {
    async put(documents) {
      for (const document of documents) await put(database, document);
    },
    async remove(kind, refs) {
      for (const ref of refs) {
        const id = await documentId(database, kind, ref);
        if (id === null) continue;
        await sql`DELETE FROM ${indexOf(kind)} WHERE rowid = ${id}`.execute(database);
        await sql`DELETE FROM search_texts WHERE id = ${id}`.execute(database);
        await sql`DELETE FROM search_documents WHERE id = ${id}`.execute(database);
      }
    },
    findPrompts: (request) => findPrompts(database, request),
    findOthers: (request) => findOthers(database, request),
    promptsSaying: (texts) => promptsSaying(database, texts),
    async texts(hits) {
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

/** Words up to which prompts whose name says them stand first in any case. */
const mostNamed = 2;
const noWord = '""';

/** All of the phrases as an FTS5 expression. Inside double quotes FTS5 knows no syntax, and no token has a quote. */
function expressionOf(phrases: readonly SearchPhrase[]): string {
  return phrases.map(({ tokens, prefix }) => `"${tokens.join(' ')}"${prefix ? '*' : ''}`).join(' AND ');
}

/** Phrases and words that one statement looks for, so that nobody waits long for it. */
const mostAtOnce = 4;
const mostTokensAtOnce = 12;

/** Those of the documents, by rising id, that have all of the phrases; between two statements others may work. */
async function havingAll(
  database: Database,
  index: ReturnType<typeof indexOf>,
  ids: readonly number[],
  phrases: readonly SearchPhrase[],
): Promise<readonly number[]> {
  const turns = createTurns();
  let kept = ids;
  for (let next = 0; next < phrases.length && kept.length > 0; ) {
    let end = next + 1;
    let tokens = phrases[next]!.tokens.length;
    while (end < phrases.length && end - next < mostAtOnce && tokens + phrases[end]!.tokens.length <= mostTokensAtOnce)
      tokens += phrases[end++]!.tokens.length;
    const match = expressionOf(phrases.slice(next, end));
    const { rows } = await sql<{ id: number }>`SELECT rowid AS id FROM ${index}
      WHERE ${index} MATCH ${match} AND rowid BETWEEN ${kept[0]} AND ${kept.at(-1)}`.execute(database);
    const found = new Set(rows.map(({ id }) => id));
    kept = kept.filter((id) => found.has(id));
    next = end;
    await turns();
  }
  return kept;
}

/** One look at the index ranks every match and counts them; what a hit stands for is read for those that are given only. */
async function findPrompts(database: Database, { match: phrases, also, except, limit }: SearchRequest) {
  const match = expressionOf(phrases);
  const having = also.length === 0 ? null : await promptsHavingAll(database, match, also);
  if (having?.length === 0) return { hits: [], total: 0 };
  // Each word costs a look at all prompts that say it; of several, rank alone brings those first that are named so.
  const named = `{name title tags} : (${phrases.length > mostNamed ? noWord : match})`;
  // Asked the other way round, for those that count, SQLite would look into the index once for each of them.
  const { rows } = await sql<SearchHit & { total: number }>`
    SELECT d.kind, d.ref, d.prompt_id AS "promptId", best.total
    FROM (
      SELECT id, score, count(*) OVER () AS total,
        id IN (SELECT rowid FROM search_prompts WHERE search_prompts MATCH ${named}) AS is_named
      FROM (
        SELECT rowid AS id, bm25(search_prompts, 10, 8, 6, 3, 1, 2) AS score
        FROM search_prompts
        WHERE search_prompts MATCH ${match} ${isAmong(having)} AND rowid NOT IN (
          SELECT id FROM search_documents WHERE kind = 'prompt' AND ref IN ${except})
      )
      ORDER BY is_named DESC, score, id DESC LIMIT ${limit}
    ) AS best JOIN search_documents d ON d.id = best.id
    ORDER BY best.is_named DESC, best.score, best.id DESC`.execute(database);
  return { hits: rows.map(({ total: _, ...hit }) => hit), total: rows[0]?.total ?? 0 };
}

async function promptsHavingAll(database: Database, match: string, also: readonly SearchPhrase[]) {
  const { rows } = await sql<{ id: number }>`SELECT rowid AS id FROM search_prompts
    WHERE search_prompts MATCH ${match} ORDER BY rowid`.execute(database);
  const ids = rows.map(({ id }) => id);
  return havingAll(database, indexOf('prompt'), ids, also);
}

/** As one parameter; the plus keeps SQLite from looking into the index once for each of them. */
function isAmong(ids: readonly number[] | null) {
  return ids === null ? sql`` : sql`AND +rowid IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

/** Matches of a part of a search that are looked at together for the rest of it. */
const lookedAtOnce = 2_000;

async function findOthers(database: Database, request: OthersRequest): Promise<readonly SearchHit[]> {
  const { also, kinds, limit } = request;
  if (kinds.length === 0) return [];
  if (also.length === 0) return (await othersBefore(database, request, null, limit)).map(hitOf);
  const found: SearchHit[] = [];
  for (let before: number | null = null; found.length < limit; ) {
    const page: readonly FoundDocument[] = await othersBefore(database, request, before, lookedAtOnce);
    const ids = page.map(({ id }) => id).reverse();
    const having = new Set(await havingAll(database, indexOf('version'), ids, also));
    found.push(...page.filter(({ id }) => having.has(id)).map(hitOf));
    if (page.length < lookedAtOnce) break;
    before = page.at(-1)!.id;
  }
  return found.slice(0, limit);
}

type FoundDocument = SearchHit & { readonly id: number };

const hitOf = ({ kind, ref, promptId }: FoundDocument): SearchHit => ({ kind, ref, promptId });

/** Matches of what is ranked by, newest first, that are older than a document. */
async function othersBefore(database: Database, request: OthersRequest, before: number | null, limit: number) {
  const { among, orWithoutPrompt = false, kinds } = request;
  const match = expressionOf(request.match);
  const counts =
    among === null ? sql`1` : sql`(d.prompt_id IN ${among} ${orWithoutPrompt ? sql`OR d.prompt_id IS NULL` : sql``})`;
  const older = before === null ? sql`` : sql`AND search_index.rowid < ${before}`;
  const { rows } = await sql<FoundDocument>`
    SELECT search_index.rowid AS id, d.kind, d.ref, d.prompt_id AS "promptId"
    FROM search_index JOIN search_documents d ON d.id = search_index.rowid
    WHERE search_index MATCH ${match} ${older} AND d.kind IN (${sql.join(kinds)}) AND ${counts}
    ORDER BY search_index.rowid DESC LIMIT ${limit}`.execute(database);
  return rows;
}

async function promptsSaying(database: Database, texts: readonly string[]): Promise<readonly string[]> {
  const said = texts.map((text) => phrasesOf({ kind: 'phrase', text })).filter((phrases) => phrases.length > 0);
  if (said.length === 0) return [];
  // Nobody knows what the rest of a text says that is indexed in part only.
  const match = `body : (${said.map((phrases) => `(${expressionOf(phrases)})`).join(' OR ')} OR "${cutMark}")`;
  const { rows } = await sql<{ id: string }>`
    SELECT d.prompt_id AS id
    FROM search_prompts JOIN search_documents d ON d.id = search_prompts.rowid
    WHERE search_prompts MATCH ${match}
    UNION
    SELECT d.prompt_id
    FROM search_index JOIN search_documents d ON d.id = search_index.rowid JOIN prompts p ON p.id = d.prompt_id
    WHERE search_index MATCH ${match} AND p.latest_version_id = d.ref`.execute(database);
  return rows.map((row) => row.id);
}

async function textsOf(database: Database, kind: SearchDocument['kind'], refs: readonly string[]) {
  const { rows } = await sql<Omit<SearchDocument, 'kind' | 'promptId'>>`
    SELECT d.ref, name, title, tags, description, substr(body, 1, ${searchedLength}) AS body, note
    FROM search_documents d JOIN search_texts texts ON texts.id = d.id
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

async function put(database: Database, { kind, ref, promptId, ...document }: SearchDocument): Promise<void> {
  const { name, title, tags, description, body, note } = document;
  const texts = { name, title, tags, description, body, note };
  const { rows } = await putDocument(database, { kind, ref, promptId });
  const { id } = rows[0]!;
  await putTexts(database, { id, ...texts });
  const words = Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, indexedText(text)]));
  await (kind === 'prompt' ? putPromptWords : putOtherWords)(database, { id, ...(words as typeof texts) });
}

const putDocument = preparedSql(
  (value: ValueOf<Pick<SearchDocument, 'kind' | 'ref' | 'promptId'>>) => sql<{ id: number }>`
    INSERT INTO search_documents (kind, ref, prompt_id) VALUES (${value('kind')}, ${value('ref')}, ${value('promptId')})
    ON CONFLICT (kind, ref) DO UPDATE SET prompt_id = excluded.prompt_id RETURNING id`,
);

type Texts = Pick<SearchDocument, 'name' | 'title' | 'tags' | 'description' | 'body' | 'note'> & {
  readonly id: number;
};

const putTexts = preparedSql((value: ValueOf<Texts>) => sql`INSERT OR REPLACE INTO search_texts ${columnsOf(value)}`);

const putPromptWords = wordsPutter('prompt');
const putOtherWords = wordsPutter('version');

function wordsPutter(kind: SearchDocument['kind']) {
  const index = indexOf(kind);
  const remove = preparedSql(
    (value: ValueOf<{ id: number }>) => sql`DELETE FROM ${index} WHERE rowid = ${value('id')}`,
  );
  const insert = preparedSql((value: ValueOf<Texts>) => sql`INSERT INTO ${index} ${columnsOf(value, 'rowid')}`);
  return async (database: Database, words: Texts) => {
    await remove(database, { id: words.id });
    await insert(database, words);
  };
}

function columnsOf(value: ValueOf<Texts>, id = 'id') {
  const texts = (['name', 'title', 'tags', 'description', 'body', 'note'] as const).map((name) => value(name));
  return sql`(${sql.ref(id)}, name, title, tags, description, body, note) VALUES (${value('id')}, ${sql.join(texts)})`;
}
