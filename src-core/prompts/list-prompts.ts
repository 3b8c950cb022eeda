import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { PromptSummary } from '../contract/prompts.ts';
import type { LibraryCore } from '../core.ts';
import type { Tables } from '../database/tables.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import type { SearchHit } from '../search/search-index.ts';
import { markedSnippet } from '../search/snippet.ts';
import { parseSearchQuery, type SearchQuery } from '../versions/search-query.ts';
import { selectPrompts, toPromptSummary } from './prompt-rows.ts';

export interface PromptFilter {
  readonly search: string;
  readonly tags: readonly string[];
  readonly project?: string | undefined;
  readonly folder?: string | undefined;
  readonly status: PromptSummary['status'];
  readonly order: 'updated' | 'name';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Page {
  readonly items: PromptSummary[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** Most matches that a search ranks; a search that finds more says so by its total. */
const searchedMatches = 1_000;

export async function listPrompts(core: LibraryCore, filter: PromptFilter): Promise<Page> {
  const query = parseSearchQuery(filter.search, core.clock.now());
  const conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) => eb.and(filterConditions(eb, filter, query));
  return query.match === null ? browse(core, filter, conditions) : find(core, filter, query, query.match, conditions);
}

type Conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) => ReturnType<ExpressionBuilder<Tables, 'prompts'>['and']>;

async function browse(core: LibraryCore, filter: PromptFilter, conditions: Conditions): Promise<Page> {
  const byName = filter.order === 'name';
  const column = byName ? 'prompts.name' : 'prompts.updated_at';
  let rows = selectPrompts(core.database)
    .where((eb) => conditions(eb as unknown as ExpressionBuilder<Tables, 'prompts'>))
    .orderBy(column, byName ? 'asc' : 'desc')
    .orderBy('prompts.id', byName ? 'asc' : 'desc')
    .limit(filter.limit + 1);
  if (filter.cursor !== undefined) {
    const [key, id] = decodeCursor(filter.cursor, 2) as [string, string];
    rows = rows.where((eb) =>
      eb(eb.refTuple(column, 'prompts.id'), byName ? '>' : '<', eb.tuple(String(key), String(id))),
    );
  }
  const found = await rows.execute();
  const { total } = await core.database
    .selectFrom('prompts')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where(conditions)
    .executeTakeFirstOrThrow();
  const page = found.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => toPromptSummary(row)),
    nextCursor:
      found.length > filter.limit && last ? encodeCursor([byName ? last.name : last.updated_at, last.id]) : null,
    total: Number(total),
  };
}

async function find(
  core: LibraryCore,
  filter: PromptFilter,
  { terms }: SearchQuery,
  match: string,
  conditions: Conditions,
): Promise<Page> {
  const hits = await core.search.search(core.database, match, ['prompt', 'version', 'run'], searchedMatches);
  const bestHits = new Map<string, SearchHit>();
  for (const hit of hits) if (hit.promptId !== null && !bestHits.has(hit.promptId)) bestHits.set(hit.promptId, hit);
  if (bestHits.size === 0) return { items: [], nextCursor: null, total: 0 };
  const wanted = await core.database
    .selectFrom('prompts')
    .select('id')
    .where('id', 'in', [...bestHits.keys()])
    .where(conditions)
    .execute();
  const kept = new Set(wanted.map((row) => row.id));
  const ranked = [...bestHits.keys()].filter((id) => kept.has(id));
  const start = filter.cursor === undefined ? 0 : Number(decodeCursor(filter.cursor, 1)[0]);
  const ids = ranked.slice(start, start + filter.limit);
  if (ids.length === 0) return { items: [], nextCursor: null, total: ranked.length };
  const rows = await selectPrompts(core.database).where('prompts.id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const texts = await core.search.texts(
    core.database,
    ids.map((id) => bestHits.get(id)!),
  );
  return {
    items: ids.flatMap((id, i) => {
      const row = byId.get(id);
      return row ? [toPromptSummary(row, markedSnippet(texts[i] ?? [], terms))] : [];
    }),
    nextCursor: start + filter.limit < ranked.length ? encodeCursor([start + filter.limit]) : null,
    total: ranked.length,
  };
}

/** What the filters of a list and of its search ask of a prompt. */
export function filterConditions(
  eb: ExpressionBuilder<Tables, 'prompts'>,
  filter: Pick<PromptFilter, 'tags' | 'project' | 'folder' | 'status'>,
  query: SearchQuery,
) {
  const conditions = [eb('prompts.status', '=', filter.status)];
  const add = (condition: ReturnType<typeof eb.and>) => conditions.push(condition as (typeof conditions)[number]);
  if (filter.project !== undefined) add(eb.and([eb('prompts.project', '=', filter.project)]));
  if (filter.folder !== undefined) {
    // The character after "/" bounds the range, so that the index on names serves it.
    const folder = filter.folder.replace(/\/?$/, '/');
    add(eb.and([eb('prompts.name', '>=', folder), eb('prompts.name', '<', `${folder.slice(0, -1)}0`)]));
  }
  for (const tag of [...filter.tags, ...query.tags]) {
    add(
      eb.and([
        sql<SqlBool>`EXISTS (SELECT 1 FROM json_each(prompts.tags) WHERE lower(json_each.value) = ${tag.toLowerCase()})`,
      ]),
    );
  }
  for (const label of query.labels) {
    const labelled = eb
      .selectFrom('labels')
      .select('labels.prompt_id')
      .whereRef('labels.prompt_id', '=', 'prompts.id')
      .where('labels.name', '=', label);
    add(eb.and([eb.exists(labelled)]));
  }
  for (const model of query.models) {
    add(
      eb.and([sql<SqlBool>`EXISTS (SELECT 1 FROM runs WHERE runs.prompt_id = prompts.id AND runs.model = ${model})`]),
    );
  }
  for (const { operator, at } of query.updated) add(eb.and([eb('prompts.updated_at', operator, at)]));
  return conditions;
}
