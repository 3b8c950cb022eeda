import type { Selectable } from 'kysely';
import type { LabelMove } from '../../contract/labels.ts';
import { decodeCursor, encodeCursor } from '../../scope/page.ts';
import type { Reader } from '../../scope/scope.ts';
import { isStoredId, storedChoice, storedText } from '../../tables/stored-fields.ts';
import type { LabelMovesTable } from '../../tables/workspace.ts';
import { toVersionSummary } from '../stored/prompt-rows.ts';

export type MoveRow = Selectable<LabelMovesTable>;

const kinds = { move: true, remove: true, rollback: true } satisfies Readonly<Record<LabelMove['kind'], true>>;

/** Where a label stands or goes: the id of a version, or null for nowhere. */
export type Place = string | null;

/**
 * Where a label was before it came to where it is, reading its moves oldest first. Rolling back takes a move back rather
 * than adding one, so that two roll-backs go two steps back. `undefined` when there is nothing to go back to.
 */
export function previousPlace(moves: readonly Pick<MoveRow, 'kind' | 'to_version_id'>[]): Place | undefined {
  const places: Place[] = [null];
  for (const move of moves) {
    if (move.kind === 'rollback') places.pop();
    else places.push(move.to_version_id);
  }
  return places.length > 1 ? places.at(-2) : undefined;
}

/** All moves of one label, oldest first. */
export async function movesOf(scope: Reader, promptId: string, name: string): Promise<readonly MoveRow[]> {
  return scope.db
    .selectFrom('label_moves')
    .selectAll()
    .where('prompt_id', '=', promptId)
    .where('name', '=', name)
    .orderBy('id')
    .execute();
}

export interface MoveFilter {
  readonly promptId: string;
  readonly name?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of moves, newest first. */
export async function listMoves(scope: Reader, filter: MoveFilter) {
  let moves = scope.db.selectFrom('label_moves').where('prompt_id', '=', filter.promptId);
  if (filter.name !== undefined) moves = moves.where('name', '=', filter.name);
  let page = moves
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1);
  if (filter.cursor !== undefined) page = page.where('id', '<', String(decodeCursor(filter.cursor, 1)[0]));
  const rows = await page.execute();
  const { total } = await moves.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const items = await describeMoves(scope, rows.slice(0, filter.limit));
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > filter.limit && last ? encodeCursor([last.id]) : null,
    total: Number(total),
  };
}

async function describeMoves(scope: Reader, rows: readonly MoveRow[]): Promise<LabelMove[]> {
  const ids = rows.flatMap((row) => [row.from_version_id, row.to_version_id]).filter((id) => id !== null);
  const known = scope.db.selectFrom('versions').selectAll();
  const versions = ids.length === 0 ? [] : await known.where('id', 'in', [...new Set(ids)]).execute();
  const byId = new Map(versions.filter((row) => isStoredId(row.id)).map((row) => [row.id, toVersionSummary(row)]));
  return rows
    .filter((row) => isStoredId(row.id))
    .map((row) => ({
      id: row.id,
      name: storedText(row.name),
      kind: storedChoice(row.kind, kinds, 'move'),
      from: byId.get(row.from_version_id ?? '') ?? null,
      to: byId.get(row.to_version_id ?? '') ?? null,
      author: storedText(row.author),
      authorId: isStoredId(row.author_id) ? row.author_id : null,
      reason: storedText(row.reason),
      movedAt: storedText(row.moved_at),
    }));
}
