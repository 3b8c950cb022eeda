import type { ImportRecord } from '../../contract/packs.ts';
import { decodeCursor, encodeCursor } from '../../scope/page.ts';
import type { Reader } from '../../scope/scope.ts';
import { storedText, storedTexts, storedWhole } from '../../tables/stored-fields.ts';

/** A page of imports, newest first. */
export async function listImports(
  scope: Reader,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  let page = scope.db
    .selectFrom('imports')
    .select(['id', 'author', 'source', 'formats', 'prompts', 'created_at', 'undone_at'])
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) page = page.where('id', '<', String(decodeCursor(cursor, 1)[0]));
  const rows = await page.execute();
  const { total } = await scope.db
    .selectFrom('imports')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(
    (row): ImportRecord => ({
      id: row.id,
      at: storedText(row.created_at),
      author: storedText(row.author),
      source: storedText(row.source),
      formats: [...storedTexts(row.formats)],
      prompts: storedWhole(row.prompts, 0),
      undoneAt: row.undone_at === null ? null : storedText(row.undone_at),
    }),
  );
  return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null, total: Number(total) };
}
