import type { LibraryHit } from '../contract/library.ts';
import type { LibraryCore } from '../core.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import type { Database } from '../ports.ts';
import { filterConditions, listPrompts } from '../prompts/list-prompts.ts';
import type { SearchHit } from '../search/search-index.ts';
import { markedSnippet } from '../search/snippet.ts';
import { parseSearchQuery, type SearchQuery } from '../versions/search-query.ts';

/** Most matches per index that are looked at. */
const searchedMatches = 500;

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
  const hits = await core.search.search(core.database, query.match, search.kinds, searchedMatches);
  const kept = await keepFiltered(core.database, hits, query);
  const start = search.cursor === undefined ? 0 : Number(decodeCursor(search.cursor, 1)[0]);
  const page = kept.slice(start, start + search.limit);
  return {
    items: await describe(core, page, query),
    nextCursor: start + search.limit < kept.length ? encodeCursor([start + search.limit]) : null,
    total: kept.length,
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

/** Hits of active prompts that fit the filters; a run without a prompt fits only where there are none. */
async function keepFiltered(
  database: Database,
  hits: readonly SearchHit[],
  query: SearchQuery,
): Promise<readonly SearchHit[]> {
  const ids = new Set(hits.map((hit) => hit.promptId).filter((id) => id !== null));
  const rows =
    ids.size === 0
      ? []
      : await database
          .selectFrom('prompts')
          .select(['id', 'latest_version_id'])
          .where('id', 'in', [...ids])
          .where((eb) => eb.and(filterConditions(eb, { tags: [], status: 'active' }, query)))
          .execute();
  const kept = new Set(rows.map((row) => row.id));
  const filtered = [query.tags, query.labels, query.models, query.updated].some((filter) => filter.length > 0);
  // Where the prompt itself is found, its latest version mostly says the same again.
  const found = new Set(hits.filter((hit) => hit.kind === 'prompt').map((hit) => hit.promptId));
  const repeated = new Set(rows.filter((row) => found.has(row.id)).map((row) => row.latest_version_id));
  return hits.filter((hit) => {
    if (hit.promptId === null) return !filtered;
    return kept.has(hit.promptId) && !repeated.has(hit.ref);
  });
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
  const texts = await core.search.texts(database, hits);
  return hits.map((hit, i) => {
    const { project = '', name = '', title = '' } = promptOf.get(hit.promptId ?? '') ?? {};
    const snippet = markedSnippet(texts[i] ?? [], query.terms);
    return { ...hit, project, name, title, versionNumber: numberOf.get(hit.ref) ?? null, snippet };
  });
}
