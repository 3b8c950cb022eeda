import type { ExpressionBuilder } from 'kysely';
import { foldCase } from '../../content/search-terms/fold-text.ts';
import { parseSearchQuery, type SearchQuery } from '../../content/search-terms/search-query.ts';
import { markedSnippets } from '../../content/search-terms/snippet.ts';
import type { PromptSummary } from '../../contract/prompts.ts';
import { decodeCursor, encodeCursor, wholeOf } from '../../scope/page.ts';
import type { Reader } from '../../scope/scope.ts';
import type { SearchHit, SearchPhrase, SearchRequest } from '../../scope/search.ts';
import { hasText } from '../../tables/matching.ts';
import { isStoredId, storedText } from '../../tables/stored-fields.ts';
import type { Tables } from '../../tables/tables.ts';
import { selectPrompts, toPromptSummary } from '../stored/prompt-rows.ts';
import { tagsOf } from '../stored/tags.ts';

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

/** Most versions and runs that are looked at for prompts which are not found by what they say now. */
const lookedAtOthers = 1_000;

export async function listPrompts(scope: Reader, filter: PromptFilter): Promise<Page> {
  const query = parseSearchQuery(filter.search, scope.now);
  const conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) => eb.and(filterConditions(scope, eb, filter, query));
  if (query.match === null) return browse(scope, filter, conditions);
  // What means nothing is found nowhere.
  if (query.match.length === 0) return { items: [], nextCursor: null, total: 0 };
  return find(scope, filter, query, query.match, { conditions, except: leftOut(scope, filter, query) });
}

/** Those of the prompts that there are, as a list shows them. */
export async function summarisePrompts(scope: Reader, ids: readonly string[]): Promise<PromptSummary[]> {
  return summariesOf(scope, await selectAll(scope).where('prompts.id', 'in', ids).execute());
}

function selectAll({ db, actor }: Reader) {
  return selectPrompts(db, actor.personId);
}

type SelectedPrompt = Awaited<ReturnType<ReturnType<typeof selectAll>['execute']>>[number];

async function summariesOf(scope: Reader, found: readonly SelectedPrompt[]): Promise<PromptSummary[]> {
  const rows = found.filter((row) => isStoredId(row.id));
  const ids = rows.map(({ id }) => id);
  const tags = await tagsOf(scope, ids);
  return rows.map((row) => toPromptSummary(row, { tags: tags.get(row.id) ?? [] }));
}

async function summariesInOrder(scope: Reader, ids: readonly string[]): Promise<PromptSummary[]> {
  if (ids.length === 0) return [];
  const byId = new Map((await summarisePrompts(scope, ids)).map((summary) => [summary.id, summary]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

type Conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) => ReturnType<ExpressionBuilder<Tables, 'prompts'>['and']>;

/** The prompts that count, and those that do not. */
interface Among {
  readonly conditions: Conditions;
  readonly except: ReturnType<typeof leftOut>;
}

async function browse(scope: Reader, filter: PromptFilter, conditions: Conditions): Promise<Page> {
  const byName = filter.order === 'name';
  const column = byName ? 'prompts.name' : 'prompts.updated_at';
  // The keys of the page first, along an index: what is joined to a prompt is read for those that are shown alone.
  let keys = scope.db
    .selectFrom('prompts')
    .select((eb) => ['prompts.id', eb.ref(column).as('key')])
    .where(conditions)
    .orderBy(column, byName ? 'asc' : 'desc')
    .orderBy('prompts.id', byName ? 'asc' : 'desc')
    .limit(filter.limit + 1)
    .offset(filter.cursor === undefined ? (filter.offset ?? 0) : 0);
  if (filter.cursor !== undefined) {
    const [key, id] = decodeCursor(filter.cursor, 2) as [string, string];
    keys = keys.where((eb) =>
      eb(eb.refTuple(column, 'prompts.id'), byName ? '>' : '<', eb.tuple(String(key), String(id))),
    );
  }
  const found = await keys.execute();
  const { total } = await scope.db
    .selectFrom('prompts')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where(conditions)
    .executeTakeFirstOrThrow();
  const shown = found.slice(0, filter.limit);
  const last = shown.at(-1);
  return {
    items: await summariesInOrder(
      scope,
      shown.map(({ id }) => id),
    ),
    nextCursor: found.length > filter.limit && last ? encodeCursor([storedText(last.key), storedText(last.id)]) : null,
    total: Number(total),
  };
}

async function find(
  scope: Reader,
  filter: PromptFilter,
  { terms, also }: SearchQuery,
  match: readonly SearchPhrase[],
  among: Among,
): Promise<Page> {
  const start = filter.cursor === undefined ? (filter.offset ?? 0) : wholeOf(decodeCursor(filter.cursor, 1)[0]);
  const end = start + filter.limit;
  const { hits, total } = await findHits(scope, { match, also }, among, end);
  const shown = hits.slice(start, end);
  const ids = shown.map((hit) => hit.promptId ?? '');
  const rows = ids.length === 0 ? [] : await selectAll(scope).where('prompts.id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const tags = await tagsOf(scope, ids);
  const snippets = await markedSnippets(await scope.search.texts(shown), terms);
  return {
    items: ids.flatMap((id, i) => {
      const row = byId.get(id);
      return row && isStoredId(row.id)
        ? [toPromptSummary(row, { snippet: snippets[i], tags: tags.get(row.id) ?? [] })]
        : [];
    }),
    nextCursor: end < total ? encodeCursor([end]) : null,
    total,
  };
}

/** The best hit of each prompt; `end` is how many are wanted. */
async function findHits(
  scope: Reader,
  wanted: Pick<SearchRequest, 'match' | 'also'>,
  { conditions, except }: Among,
  end: number,
) {
  const found = await scope.search.findPrompts({ ...wanted, except, limit: end });
  // Whoever finds that many prompts needs no old versions and outputs on top.
  if (found.total >= lookedAtOthers) return found;
  const all = found.total > end ? await scope.search.findPrompts({ ...wanted, except, limit: lookedAtOthers }) : found;
  const known = new Set(all.hits.map((hit) => hit.promptId));
  const among = scope.db.selectFrom('prompts').select('prompts.id').where(conditions);
  const others: SearchHit[] = [];
  const kinds = ['version', 'run'] as const;
  for (const hit of await scope.search.findOthers({ ...wanted, kinds, among, limit: lookedAtOthers })) {
    if (known.has(hit.promptId)) continue;
    known.add(hit.promptId);
    others.push(hit);
  }
  return { hits: [...all.hits, ...others], total: found.total + others.length };
}

/** Ids of the prompts that the filters leave out. */
export function leftOut(scope: Reader, filter: ConditionFilter, query: SearchQuery) {
  return scope.db
    .selectFrom('prompts')
    .select('prompts.id')
    .where((eb) => {
      const conditions = filterConditions(scope, eb, filter, query);
      if (conditions.length > 1) return eb.not(eb.and(conditions));
      // The same as two ranges of the index on the status, so that nothing is read of the prompts that count.
      return eb.or([eb('prompts.status', '<', filter.status), eb('prompts.status', '>', filter.status)]);
    });
}

type ConditionFilter = Pick<PromptFilter, 'tags' | 'project' | 'folder' | 'direct' | 'status'>;

/** What the filters of a list and of its search ask of a prompt. */
export function filterConditions(
  scope: Reader,
  eb: ExpressionBuilder<Tables, 'prompts'>,
  filter: ConditionFilter,
  query: SearchQuery,
) {
  const conditions = [eb('prompts.status', '=', filter.status)];
  const add = (condition: ReturnType<typeof eb.and>) => conditions.push(condition as (typeof conditions)[number]);
  if (filter.project !== undefined) {
    const named = eb.selectFrom('projects').select('projects.id').where('projects.name', '=', filter.project);
    add(eb.and([eb('prompts.project_id', 'in', named)]));
  }
  const folder = (filter.folder ?? '').replace(/\/$/, '');
  if (filter.direct) add(eb.and([eb('prompts.folder', '=', folder)]));
  // The character after "/" bounds the range, so that the index on names serves it.
  else if (folder !== '') add(eb.and([eb('prompts.name', '>=', `${folder}/`), eb('prompts.name', '<', `${folder}0`)]));
  for (const tag of [...filter.tags, ...query.tags]) {
    const tagged = eb
      .selectFrom('prompt_tags')
      .select('prompt_tags.prompt_id')
      .whereRef('prompt_tags.prompt_id', '=', 'prompts.id')
      .where('prompt_tags.folded', '=', foldCase(tag));
    add(eb.and([eb.exists(tagged)]));
  }
  for (const label of query.labels) {
    const labelled = eb
      .selectFrom('labels')
      .select('labels.prompt_id')
      .whereRef('labels.prompt_id', '=', 'prompts.id')
      .where('labels.name', '=', label);
    add(eb.and([eb.exists(labelled)]));
  }
  for (const model of query.models) add(usesModel(scope, eb, model));
  for (const { operator, at } of query.updated) add(eb.and([eb('prompts.updated_at', operator, at)]));
  return conditions;
}

/** The draft names the model, first or as a fallback, or the prompt was run with it. */
function usesModel({ actor }: Reader, eb: ExpressionBuilder<Tables, 'prompts'>, model: string) {
  const run = eb
    .selectFrom('runs')
    .select('runs.id')
    .whereRef('runs.prompt_id', '=', 'prompts.id')
    .where('runs.model', '=', model);
  const named = eb
    .selectFrom('drafts')
    .select('drafts.prompt_id')
    .whereRef('drafts.prompt_id', '=', 'prompts.id')
    .where('drafts.person_id', '=', actor.personId)
    .where((each) => hasText(each.ref('drafts.models'), `\n${model}\n`));
  return eb.or([eb.exists(run), eb.exists(named)]);
}
