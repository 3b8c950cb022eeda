import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { foldCase } from '../../content/search-terms/fold-text.ts';
import { parseSearchQuery, type SearchQuery } from '../../content/search-terms/search-query.ts';
import type { SearchPhrase } from '../../content/search-terms/search-terms.ts';
import { markedSnippets } from '../../content/search-terms/snippet.ts';
import type { PromptSummary } from '../../contract/prompts.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { decodeCursor, encodeCursor } from '../../scope/page.ts';
import { isStoredId, storedText } from '../../tables/stored-fields.ts';
import type { Tables } from '../../tables/tables.ts';
import type { SearchHit, SearchRequest } from '../search/search-index.ts';
import { promptsWithTyped, selectPrompts, toPromptSummary } from '../stored/prompt-rows.ts';

export interface PromptFilter {
  readonly search: string;
  readonly tags: readonly string[];
  readonly project?: string | undefined;
  readonly folder?: string | undefined;
  readonly direct?: boolean;
  readonly offset?: number;
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

/** What a list needs of its host. */
export type ListCore = Pick<LibraryCore, 'database' | 'search' | 'clock'>;

/** Most versions and runs that are looked at for prompts which are not found by what they say now. */
const lookedAtOthers = 1_000;

export async function listPrompts(core: ListCore, filter: PromptFilter): Promise<Page> {
  const query = parseSearchQuery(filter.search, core.clock.now());
  const conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) => eb.and(filterConditions(eb, filter, query));
  if (query.match === null) return browse(core, filter, conditions);
  // What means nothing is found nowhere.
  if (query.match.length === 0) return { items: [], nextCursor: null, total: 0 };
  return find(core, filter, query, query.match, conditions);
}

type Conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) => ReturnType<ExpressionBuilder<Tables, 'prompts'>['and']>;

async function browse(core: ListCore, filter: PromptFilter, conditions: Conditions): Promise<Page> {
  const byName = filter.order === 'name';
  const column = byName ? 'prompts.name' : 'prompts.updated_at';
  let rows = selectPrompts(core.database)
    .where((eb) => conditions(eb as unknown as ExpressionBuilder<Tables, 'prompts'>))
    .orderBy(column, byName ? 'asc' : 'desc')
    .orderBy('prompts.id', byName ? 'asc' : 'desc')
    .limit(filter.limit + 1)
    .offset(filter.offset ?? 0);
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
  const page = found.slice(0, filter.limit).filter((row) => isStoredId(row.id));
  const typed = await promptsWithTyped(
    core.database,
    page.map(({ id }) => id),
  );
  const last = found.slice(0, filter.limit).at(-1);
  return {
    items: page.map((row) => toPromptSummary(row, { hasTyped: typed.has(row.id) })),
    nextCursor:
      found.length > filter.limit && last
        ? encodeCursor([storedText(byName ? last.name : last.updated_at), storedText(last.id)])
        : null,
    total: Number(total),
  };
}

async function find(
  core: ListCore,
  filter: PromptFilter,
  { terms, also }: SearchQuery,
  match: readonly SearchPhrase[],
  conditions: Conditions,
): Promise<Page> {
  const start = (filter.offset ?? 0) + (filter.cursor === undefined ? 0 : Number(decodeCursor(filter.cursor, 1)[0]));
  const end = start + filter.limit;
  const { hits, total } = await findHits(core, { match, also }, conditions, end);
  const shown = hits.slice(start, end);
  const ids = shown.map((hit) => hit.promptId ?? '');
  const rows = ids.length === 0 ? [] : await selectPrompts(core.database).where('prompts.id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const typed = await promptsWithTyped(core.database, ids);
  const snippets = await markedSnippets(await core.search.texts(core.database, shown), terms);
  return {
    items: ids.flatMap((id, i) => {
      const row = byId.get(id);
      return row && isStoredId(row.id)
        ? [toPromptSummary(row, { snippet: snippets[i], hasTyped: typed.has(row.id) })]
        : [];
    }),
    nextCursor: end < total ? encodeCursor([end]) : null,
    total,
  };
}

/** The best hit of each prompt; `end` is how many are wanted. */
async function findHits(
  { database, search }: ListCore,
  wanted: Pick<SearchRequest, 'match' | 'also'>,
  conditions: Conditions,
  end: number,
) {
  const prompts = database.selectFrom('prompts').select('prompts.id');
  const except = prompts.where((eb) => eb.not(conditions(eb)));
  const found = await search.findPrompts(database, { ...wanted, except, limit: end });
  // Whoever finds that many prompts needs no old versions and outputs on top.
  if (found.total >= lookedAtOthers) return found;
  const all =
    found.total > end ? await search.findPrompts(database, { ...wanted, except, limit: lookedAtOthers }) : found;
  const known = new Set(all.hits.map((hit) => hit.promptId));
  const among = prompts.where(conditions);
  const others: SearchHit[] = [];
  const kinds = ['version', 'run'] as const;
  for (const hit of await search.findOthers(database, { ...wanted, kinds, among, limit: lookedAtOthers })) {
    if (known.has(hit.promptId)) continue;
    known.add(hit.promptId);
    others.push(hit);
  }
  return { hits: [...all.hits, ...others], total: found.total + others.length };
}

/** What the filters of a list and of its search ask of a prompt. */
export function filterConditions(
  eb: ExpressionBuilder<Tables, 'prompts'>,
  filter: Pick<PromptFilter, 'tags' | 'project' | 'folder' | 'direct' | 'status'>,
  query: SearchQuery,
) {
  const conditions = [eb('prompts.status', '=', filter.status)];
  const add = (condition: ReturnType<typeof eb.and>) => conditions.push(condition as (typeof conditions)[number]);
  if (filter.project !== undefined) add(eb.and([eb('prompts.project', '=', filter.project)]));
  if (filter.folder !== undefined && filter.folder !== '') {
    // The character after "/" bounds the range, so that the index on names serves it.
    const folder = filter.folder.replace(/\/?$/, '/');
    add(eb.and([eb('prompts.name', '>=', folder), eb('prompts.name', '<', `${folder.slice(0, -1)}0`)]));
  }
  if (filter.direct) add(eb.and([sql<SqlBool>`instr(substr(prompts.name, ${depthOf(filter.folder)}), '/') = 0`]));
  for (const tag of [...filter.tags, ...query.tags]) {
    add(
      eb.and([
        sql<SqlBool>`EXISTS (SELECT 1 FROM json_each(iif(json_valid(prompts.tags), prompts.tags, '[]')) WHERE fold_case(json_each.value) = ${foldCase(tag)})`,
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
  for (const model of query.models) add(eb.and([usesModel(model)]));
  for (const { operator, at } of query.updated) add(eb.and([eb('prompts.updated_at', operator, at)]));
  return conditions;
}

/** Where the part of a name begins that stands behind the folder, counted from one. */
const depthOf = (folder = ''): number => folder.replace(/\/?$/, '/').length + (folder === '' ? 0 : 1);

/** The draft names the model, first or as a fallback, or the prompt was run with it. */
function usesModel(model: string) {
  // Reading JSON costs much more than finding out that it cannot be in there.
  return sql<SqlBool>`(
    EXISTS (SELECT 1 FROM runs WHERE runs.prompt_id = prompts.id AND runs.model = ${model})
    OR EXISTS (
      SELECT 1 FROM drafts JOIN draft_entries ON draft_entries.id = drafts.entry_id
      WHERE drafts.prompt_id = prompts.id AND instr(draft_entries.content, ${JSON.stringify(model)}) > 0 AND (
        json_extract(draft_entries.content, '$.settings.model') = ${model}
        OR ${model} IN (SELECT value FROM json_each(draft_entries.content, '$.settings.fallbacks')))))`;
}
