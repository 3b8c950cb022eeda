import { type RawBuilder, sql } from 'kysely';
import {
  cutMark,
  indexedText,
  phrasesOf,
  searchedLength,
} from '../../../src-core/content/search-terms/search-terms.ts';
import type { ReadTables } from '../../../src-core/scope/scope.ts';
import type {
  OthersRequest,
  SearchDocument,
  SearchHit,
  SearchPhrase,
  SearchRequest,
  SearchWriter,
} from '../../../src-core/scope/search.ts';
import { anyOf, indexedWords, lexemeIn, needleOf, queryOf, rankedWords, tenantCode } from './search-words.ts';

/** What statements run on: the transaction under way. */
type Database = Pick<ReadTables, 'getExecutor'>;

/**
 * The search port on PostgreSQL, for one tenant and one transaction. An index of words finds the documents that may have what is looked
 * for; whether a phrase stands there is read from the words of the document in their order, because a tsvector knows too few
 * places in a long text. What is found is what FTS5 finds.
 */
export function createTsvectorIndex(tenant: string, database: Database): SearchWriter {
  const code = tenantCode(tenant);
  let turn: Promise<unknown> = Promise.resolve();
  /** What is looked for is a setting of the transaction, so one search comes after the other. */
  const seek = <Row>(query: string, statement: RawBuilder<Row>): Promise<readonly Row[]> => {
    const rows = turn.then(async () => {
      await sql`SELECT set_config('promptdev.sought', ${query}, true)`.execute(database);
      return (await statement.execute(database)).rows;
    });
    turn = rows.catch(() => undefined);
    return rows;
  };

  return {
    async put(documents) {
      for (const document of documents) await put(database, code, document);
    },

    async remove(kind, refs) {
      for (let start = 0; start < refs.length; start += refsAtOnce) {
        const some = refs.slice(start, start + refsAtOnce);
        await sql`DELETE FROM search_documents WHERE kind = ${kind} AND ref = ANY(${some}::uuid[])`.execute(database);
      }
    },

    async findPrompts({ match, also, except, limit }: SearchRequest) {
      const wanted = [...match, ...also];
      const isNamed = match.length > mostNamed ? sql`false` : hasAll(match, ['named_words']);
      const rows = await seek<SearchHit & { readonly total: number }>(
        queryOf(code, wanted),
        sql`
        SELECT kind, ref, prompt_id AS "promptId", count(*) OVER () AS total, ${isNamed} AS is_named,
          ts_rank_cd(${weights}, ranked, ${queryOf('', match)}::tsquery, ${byLength}) AS score
        FROM search_words JOIN search_documents d ON d.tenant_id = search_words.tenant_id AND d.id = document_id
        WHERE kind = 'prompt' AND ${hasWhatIsNotIndexed(wanted)} AND NOT EXISTS (SELECT FROM ${except} AS excluded (id) WHERE excluded.id = ref)
        ORDER BY is_named DESC, score DESC, d.id DESC LIMIT ${limit}`,
      );
      return { hits: rows.map(hitOf), total: rows[0]?.total ?? 0 };
    },

    async findOthers({ match, also, among, orWithoutPrompt = false, kinds, limit }: OthersRequest) {
      if (kinds.length === 0) return [];
      const wanted = [...match, ...also];
      const withoutPrompt = orWithoutPrompt ? sql`OR prompt_id IS NULL` : sql``;
      const counts = among === null ? sql`true` : sql`(prompt_id IN ${among} ${withoutPrompt})`;
      return seek<SearchHit>(
        queryOf(code, wanted),
        sql`
        SELECT kind, ref, prompt_id AS "promptId"
        FROM search_words JOIN search_documents d ON d.tenant_id = search_words.tenant_id AND d.id = document_id
        WHERE kind IN (${sql.join(kinds)}) AND ${hasWhatIsNotIndexed(wanted)} AND ${counts}
        ORDER BY d.id DESC LIMIT ${limit}`,
      );
    },

    async promptsSaying(texts) {
      const said = texts.map((text) => phrasesOf({ kind: 'phrase', text })).filter((phrases) => phrases.length > 0);
      if (said.length === 0) return [];
      const needles = JSON.stringify(said.map((phrases) => phrases.map(needleOf)));
      // Nobody knows what the rest of a text says that is indexed in part only.
      const cut: SearchPhrase = { tokens: [cutMark], prefix: false };
      const rows = await seek<{ readonly id: string }>(
        anyOf(code, [...said, [cut]]),
        sql`
        SELECT DISTINCT d.prompt_id AS id
        FROM search_words JOIN search_documents d ON d.tenant_id = search_words.tenant_id AND d.id = document_id
        LEFT JOIN prompts p ON p.id = d.prompt_id
        WHERE (d.kind = 'prompt' OR (d.kind = 'version' AND p.latest_version_id = d.ref))
          AND (strpos(body_words, ${needleOf(cut)}) > 0 OR EXISTS (
            SELECT FROM jsonb_array_elements(${needles}::jsonb) AS said (needles)
            WHERE NOT EXISTS (
              SELECT FROM jsonb_array_elements_text(needles) AS needle WHERE strpos(body_words, needle) = 0)))`,
      );
      return rows.map(({ id }) => id);
    },

    async texts(hits) {
      if (hits.length === 0) return [];
      const { rows } = await sql<Omit<SearchDocument, 'promptId'>>`
        SELECT kind, ref, name, title, tags, description, substr(body, 1, ${searchedLength}) AS body, note
        FROM search_documents WHERE ref = ANY(${hits.map(({ ref }) => ref)}::uuid[])`.execute(database);
      const textsOf = new Map(
        rows.map(({ kind, ref, body, note, description, title, tags, name }) => {
          return [`${kind} ${ref}`, [body, note, description, title, tags, name]] as const;
        }),
      );
      return hits.map(({ kind, ref }) => textsOf.get(`${kind} ${ref}`) ?? []);
    },
  };
}

const hitOf = ({ kind, ref, promptId }: SearchHit): SearchHit => ({ kind, ref, promptId });

/** Words up to which prompts whose name says them stand first in any case. */
const mostNamed = 2;
const refsAtOnce = 1_000;
/** Of D, C, B and A: body and note, description, tags, name and title. */
const weights = sql`'{0.1, 0.3, 0.6, 1}'::real[]`;
/** Divides a rank by the logarithm of the length, as 1 among the flags of ts_rank_cd. */
const byLength = sql.lit(1);

type Words = 'named_words' | 'said_words' | 'body_words';
const allWords: readonly Words[] = ['named_words', 'said_words', 'body_words'];

/** Whether a document has all of the phrases, as its words in their order say. */
function hasAll(phrases: readonly SearchPhrase[], fields: readonly Words[]): RawBuilder<boolean> {
  const lacks = sql.join(
    fields.map((field) => sql`strpos(d.${sql.ref(field)}, needle) = 0`),
    sql` AND `,
  );
  return sql`NOT EXISTS (SELECT FROM unnest(${phrases.map(needleOf)}::text[]) AS needle WHERE ${lacks})`;
}

/** What the index cannot tell: the order of words, what it was not asked for, and everything of a document that it has in part. */
function hasWhatIsNotIndexed(phrases: readonly SearchPhrase[]): RawBuilder<boolean> {
  const open = phrases.filter((phrase, i) => !lexemeIn(phrase, i));
  const all = hasAll(phrases, allWords);
  if (open.length === phrases.length) return all;
  const rest = open.length === 0 ? sql`true` : hasAll(open, allWords);
  return sql`CASE WHEN d.in_part THEN ${all} ELSE ${rest} END`;
}

async function put(database: Database, code: string, document: SearchDocument): Promise<void> {
  const { kind, ref, promptId, name, title, tags, description, body, note } = document;
  const [named, said, bodies] = [[name, title, tags], [description, note], [body]].map((texts) =>
    texts.map(indexedText),
  ) as [string[], string[], string[]];
  const { words, inPart } = indexedWords(code, [...named, ...said, ...bodies]);
  const ranked =
    kind === 'prompt' ? rankedWords({ A: named.slice(0, 2), B: named.slice(2), C: said, D: bodies }) : null;
  const texts = [name, title, tags, description, body, note];
  const inOrder = [named, said, bodies].map((fields) => fields.map((words) => ` ${words} \n`).join(''));
  // Deleted and made anew, under its old number: nobody but a search may see the row of its words.
  const { rows } = await sql<{ readonly id: number }>`
    DELETE FROM search_documents WHERE kind = ${kind} AND ref = ${ref} RETURNING id`.execute(database);
  const id = rows[0] === undefined ? sql`nextval('search_documents_id_seq')` : sql`${rows[0].id}`;
  await sql`
    WITH document AS (
      INSERT INTO search_documents (id, kind, ref, prompt_id, name, title, tags, description, body, note,
        named_words, said_words, body_words, ranked, in_part)
      VALUES (${id}, ${kind}, ${ref}, ${promptId}, ${sql.join(texts)}, ${sql.join(inOrder)}, ${ranked}, ${inPart})
      RETURNING id)
    INSERT INTO search_words (document_id, words) SELECT id, array_to_tsvector(${words}::text[]) FROM document`.execute(
    database,
  );
}
