import type { ExpressionBuilder } from 'kysely';
import { parseSearchQuery, type SearchQuery } from '../../content/search-terms/search-query.ts';
import type { SearchPhrase } from '../../content/search-terms/search-terms.ts';
import { markedSnippets } from '../../content/search-terms/snippet.ts';
import type { LibraryHit } from '../../contract/library.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { decodeCursor, encodeCursor } from '../../scope/page.ts';
import { isStoredId, storedText, storedWhole } from '../../tables/stored-fields.ts';
import type { Tables } from '../../tables/tables.ts';
import { filterConditions, listPrompts } from '../prompts/list-prompts.ts';
import type { SearchHit } from './search-index.ts';

/** Most versions and runs that are looked at. */
const lookedAtOthers = 500;

export interface LibrarySearch {
  readonly query: string;
  readonly kinds: readonly LibraryHit['kind'][];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Page {
  readonly items: LibraryHit[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** Finds prompts, old versions and runs; filters without words list the prompts that they leave. */
export async function searchLibrary(core: LibraryCore, search: LibrarySearch): Promise<Page> {
  const query = parseSearchQuery(search.query, core.clock.now());
  if (query.match === null) return search.kinds.includes('prompt') ? browse(core, search) : emptyPage;
  if (query.match.length === 0) return emptyPage;
  const start = search.cursor === undefined ? 0 : Number(decodeCursor(search.cursor, 1)[0]);
  const end = start + search.limit;
  const { hits, total } = await findHits(core, search.kinds, query, query.match, end);
  return {
    items: await describe(core, hits.slice(start, end), query),
    nextCursor: end < total ? encodeCursor([end]) : null,
    total,
  };
}

const emptyPage: Page = { items: [], nextCursor: null, total: 0 };

async function browse(core: LibraryCore, { query, limit, cursor }: LibrarySearch): Promise<Page> {
  const page = await listPrompts(core, { search: query, tags: [], status: 'active', order: 'updated', limit, cursor });
  return {
    ...page,
    items: page.items.map(({ id, project, name, title, latestVersion }) => {
      return { kind: 'prompt', ref: id, promptId: id, project, name, title, versionNumber: latestVersion, snippet: '' };
    }),
  };
}

/** Active prompts that fit the filters, then what else is found of such prompts; a run without a prompt fits no filter. */
async function findHits(
  { database, search }: LibraryCore,
  kinds: LibrarySearch['kinds'],
  query: SearchQuery,
  match: readonly SearchPhrase[],
  end: number,
) {
  const { also } = query;
  const conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) =>
    eb.and(filterConditions(eb, { tags: [], status: 'active' }, query));
  const ids = database.selectFrom('prompts').select('prompts.id');
  const except = ids.where((eb) => eb.not(conditions(eb)));
  const prompts = kinds.includes('prompt')
    ? await search.findPrompts(database, { match, also, except, limit: Math.max(end, lookedAtOthers) })
    : { hits: [], total: 0 };
  // All prompts stand before all others, so others are not looked for before the prompts are read to their end.
  if (prompts.hits.length < prompts.total) return prompts;
  const others = await search.findOthers(database, {
    match,
    also,
    kinds: kinds.filter((kind) => kind !== 'prompt'),
    among: ids.where(conditions),
    orWithoutPrompt: !isFiltered(query),
    limit: lookedAtOthers,
  });
  const fresh = await withoutRepeated(database, prompts.hits, others);
  return { hits: [...prompts.hits, ...fresh], total: prompts.total + fresh.length };
}

const isFiltered = ({ tags, labels, models, updated }: SearchQuery): boolean =>
  [tags, labels, models, updated].some((filter) => filter.length > 0);

/** Where the prompt itself is found, its latest version mostly says the same again. */
async function withoutRepeated(database: Database, prompts: readonly SearchHit[], others: readonly SearchHit[]) {
  const elsewhere = new Set(others.map((hit) => hit.promptId));
  const both = prompts.map((hit) => hit.ref).filter((id) => elsewhere.has(id));
  if (both.length === 0) return others;
  const rows = await database.selectFrom('prompts').select('latest_version_id').where('id', 'in', both).execute();
  const repeated = new Set(rows.map((row) => row.latest_version_id));
  return others.filter((hit) => !repeated.has(hit.ref));
}

async function describe(core: LibraryCore, hits: readonly SearchHit[], query: SearchQuery): Promise<LibraryHit[]> {
  if (hits.length === 0) return [];
  const { database } = core;
  const refsOf = (kind: SearchHit['kind']) => hits.filter((hit) => hit.kind === kind).map((hit) => hit.ref);
  const prompts = await database
    .selectFrom('prompts')
    .select(['id', 'project', 'name', 'title'])
    .where('id', 'in', [...new Set(hits.flatMap((hit) => hit.promptId ?? []))])
    .execute();
  const versions = await database
    .selectFrom('versions')
    .select(['id', 'number'])
    .where('id', 'in', refsOf('version'))
    .execute();
  const runs = await database
    .selectFrom('runs')
    .select(['id', 'version_number as number'])
    .where('id', 'in', refsOf('run'))
    .execute();
  const promptOf = new Map(prompts.map((row) => [row.id, row]));
  const numberOf = new Map([...versions, ...runs].map((row) => [row.id, row.number]));
  const snippets = await markedSnippets(await core.search.texts(database, hits), query.terms);
  return hits.flatMap((hit, i) => {
    if (!isStoredId(hit.ref)) return [];
    const { project, name, title } = promptOf.get(hit.promptId ?? '') ?? {};
    return {
      ...hit,
      promptId: isStoredId(hit.promptId) ? hit.promptId : null,
      project: storedText(project),
      name: storedText(name),
      title: storedText(title),
      versionNumber: storedWhole(numberOf.get(hit.ref), null),
      snippet: snippets[i] ?? '',
    };
  });
}
