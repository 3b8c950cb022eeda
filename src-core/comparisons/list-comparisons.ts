import { isId } from '../runs/stored-values.ts';
import type { Core } from '../scope/core.ts';
import { decodeCursor, encodeCursor } from '../scope/page.ts';
import { createTurns } from '../turns.ts';
import { selectLight, toComparisonSummary } from './comparison-rows.ts';

/** Newest first, with the counts of their cells. */
export async function listComparisons(
  core: Core,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  let query = selectLight(core.database)
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
    .where('whole', '=', 1)
    .executeTakeFirstOrThrow();
  const last = page.at(-1);
  const none = { cells: 0, succeeded: 0, failed: 0 };
  return {
    items: page.filter((row) => isId(row.id)).map((row) => toComparisonSummary(row, counts.get(row.id) ?? none)),
    nextCursor: rows.length > limit && last ? encodeCursor([last.seq]) : null,
    total: Number(total),
  };
}

/** One comparison at a time, so that a page of big ones keeps nobody waiting. */
async function countCells(core: Core, ids: readonly string[]) {
  const turns = createTurns();
  const counts = new Map<string, { cells: number; succeeded: number; failed: number }>();
  for (const id of ids) {
    const rows = await core.database
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
