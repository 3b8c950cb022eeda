import { countOf } from '../models/counts.ts';
import type { Reader } from '../scope/scope.ts';
import type { RunRow } from './run-rows.ts';
import { storedPieceLength, type TextKind } from './text-writes.ts';

/** Where a stored text starts, and how long it is. */
export type StoredText = Pick<RunRow, 'id' | TextKind | `${TextKind}_length`>;

/** The whole of a text. */
export async function loadText(scope: Reader, run: StoredText, kind: TextKind): Promise<string> {
  const head = String(run[kind] ?? '');
  return readOn(scope, run.id, kind, head, countOf(run[`${kind}_length`]) ?? head.length, 0);
}

/** Code units of a text at `id` from `from` on; '' when it is not longer. */
export async function readText(
  scope: Reader,
  id: string,
  kind: TextKind,
  length: number,
  from: number,
): Promise<string> {
  if (from >= length) return '';
  if (from >= storedPieceLength) return readOn(scope, id, kind, null, length, from);
  const row = await scope.db
    .selectFrom('runs')
    .select(`${kind} as head`)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return readOn(scope, id, kind, String(row.head ?? ''), length, from);
}

/** `head` is null where the beginning is not asked for. */
async function readOn(
  scope: Reader,
  id: string,
  kind: TextKind,
  head: string | null,
  length: number,
  from: number,
): Promise<string> {
  const beginning = head?.slice(from) ?? '';
  if (head !== null && head.length >= length) return beginning;
  const pieces = await scope.db
    .selectFrom('run_texts')
    .select(['start', 'text'])
    .where('run_id', '=', id)
    .where('kind', '=', kind)
    .where('start', '>', from - storedPieceLength)
    .orderBy('start')
    .execute();
  return [
    beginning,
    ...pieces.map(({ start, text }) => String(text).slice(Math.max(0, from - start), length - start)),
  ].join('');
}
