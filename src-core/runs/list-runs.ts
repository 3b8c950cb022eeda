import { parseSearchQuery } from '../content/search-terms/search-query.ts';
import type { RunSummary } from '../contract/runs.ts';
import { numbersOf } from '../library/stored/version-numbers.ts';
import { decodeCursor, encodeCursor } from '../scope/page.ts';
import type { Reader } from '../scope/scope.ts';
import { selectSummaries, toRunSummary } from './run-rows.ts';
import { isId } from './stored-values.ts';

export interface RunFilter {
  readonly promptId?: string | undefined;
  readonly comparisonId?: string | undefined;
  readonly model?: string | undefined;
  readonly status?: RunSummary['status'] | undefined;
  readonly search: string;
  readonly includeComparisons: boolean;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Most matches of a search that are looked at. */
const searchedMatches = 2_000;

/** Newest first. */
export async function listRuns(scope: Reader, filter: RunFilter) {
  const matched = await matchedIds(scope, filter.search);
  if (matched?.length === 0) return { items: [], nextCursor: null, total: 0 };
  let rows = scope.db.selectFrom('runs');
  if (filter.promptId !== undefined) rows = rows.where('prompt_id', '=', filter.promptId);
  if (filter.comparisonId !== undefined) rows = rows.where('comparison_id', '=', filter.comparisonId);
  if (filter.model !== undefined) rows = rows.where('model', '=', filter.model);
  if (filter.status !== undefined) rows = rows.where('status', '=', filter.status);
  if (!filter.includeComparisons) rows = rows.where('comparison_id', 'is', null);
  if (matched !== null) rows = rows.where('id', 'in', matched);

  const { total } = await rows.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  let page = rows;
  if (filter.cursor !== undefined) {
    const [at, id] = decodeCursor(filter.cursor, 2).map(String) as [string, string];
    page = rows.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(at, id)));
  }
  const found = await selectSummaries(page)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute();
  const items = found.slice(0, filter.limit);
  const numbers = await numbersOf(
    scope,
    items.map((row) => row.version_id),
  );
  const last = items.at(-1);
  return {
    // A row without an id of ours cannot be opened, and must not hide the others.
    items: items.filter((row) => isId(row.id)).map((row) => toRunSummary(row, numbers)),
    nextCursor: found.length > filter.limit && last ? encodeCursor([last.created_at, last.id]) : null,
    total: Number(total),
  };
}

async function matchedIds(scope: Reader, search: string): Promise<string[] | null> {
  const { match, also } = parseSearchQuery(search, scope.now);
  if (match === null || match.length === 0) return match === null ? null : [];
  const hits = await scope.search.findOthers({
    match,
    also,
    kinds: ['run'],
    among: null,
    limit: searchedMatches,
  });
  return hits.map((hit) => hit.ref);
}
