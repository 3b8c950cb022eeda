import { isId } from '../runs/stored-values.ts';
import { decodeCursor, encodeCursor } from '../scope/page.ts';
import type { Reader } from '../scope/scope.ts';
import { createTurns } from '../turns.ts';
import { selectLight, toComparisonSummary } from './comparison-rows.ts';

/** Newest first, with the counts of their cells. */
export async function listComparisons(
  scope: Reader,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  let query = selectLight(scope)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) {
    const [at, id] = decodeCursor(cursor, 2).map(String) as [string, string];
    query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(at, id)));
  }
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const counts = await countCells(
    scope,
    page.map((row) => row.id),
  );
  const { total } = await scope.db
    .selectFrom('comparisons')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('whole', '=', 1)
    .executeTakeFirstOrThrow();
  const last = page.at(-1);
  const none = { cells: 0, succeeded: 0, failed: 0 };
  return {
    items: page.filter((row) => isId(row.id)).map((row) => toComparisonSummary(row, counts.get(row.id) ?? none)),
    nextCursor: rows.length > limit && last ? encodeCursor([last.created_at, last.id]) : null,
    total: Number(total),
  };
}

/** One comparison at a time, so that a page of big ones keeps nobody waiting. */
async function countCells(scope: Reader, ids: readonly string[]) {
  const turns = createTurns();
  const counts = new Map<string, { cells: number; succeeded: number; failed: number }>();
  for (const id of ids) {
    const rows = await scope.db
      .selectFrom('runs')
      .select('status')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('comparison_id', '=', id)
      .where('superseded', '=', 0)
      .groupBy('status')
      .execute();
    const entry = { cells: 0, succeeded: 0, failed: 0 };
    for (const { status, count } of rows) {
      entry.cells += Number(count);
      if (status === 'succeeded' || status === 'failed') entry[status] += Number(count);
    }
    counts.set(id, entry);
    await turns();
  }
  return counts;
}
