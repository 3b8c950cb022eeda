import type { Core } from '../core.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import { isId } from '../runs/stored-values.ts';
import { toComparisonSummary } from './comparison-rows.ts';

/** Newest first, with the counts of their cells. */
export async function listComparisons(
  core: Core,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  let query = core.database
    .selectFrom('comparisons')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where('seq', '<', Number(decodeCursor(cursor, 1)[0]));
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const counts = await countCells(
    core,
    page.map((row) => row.id),
  );
  const { total } = await core.database
    .selectFrom('comparisons')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const last = page.at(-1);
  const none = { cells: 0, succeeded: 0, failed: 0 };
  return {
    items: page.filter((row) => isId(row.id)).map((row) => toComparisonSummary(row, counts.get(row.id) ?? none)),
    nextCursor: rows.length > limit && last ? encodeCursor([last.seq]) : null,
    total: Number(total),
  };
}

async function countCells(core: Core, ids: readonly string[]) {
  const counts = new Map<string, { cells: number; succeeded: number; failed: number }>();
  if (ids.length === 0) return counts;
  const rows = await core.database
    .selectFrom('runs')
    .select(['comparison_id', 'status'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('comparison_id', 'in', ids)
    .where('superseded', '=', 0)
    .groupBy(['comparison_id', 'status'])
    .execute();
  for (const { comparison_id: id, status, count } of rows) {
    const entry = counts.get(id!) ?? { cells: 0, succeeded: 0, failed: 0 };
    entry.cells += Number(count);
    if (status === 'succeeded' || status === 'failed') entry[status] += Number(count);
    counts.set(id!, entry);
  }
  return counts;
}
