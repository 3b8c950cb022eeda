import type { Selectable } from 'kysely';
import type { Database } from '../../ports.ts';
import { AppError } from '../../scope/errors.ts';
import type { DraftEntriesTable } from '../../tables/tables.ts';

/** Saves that follow each other faster than this become one step of undo. */
const stepMs = 2_000;
/** Steps of undo that a prompt keeps. */
const keptEntries = 300;

/** One state of a draft; its children are the states that were made from it. */
export type DraftEntry = Selectable<DraftEntriesTable>;

export type NewEntry = Omit<DraftEntry, 'id'>;

export async function insertEntry(database: Database, entry: NewEntry): Promise<number> {
  const row = await database.insertInto('draft_entries').values(entry).returning('id').executeTakeFirstOrThrow();
  return row.id;
}

export async function requireEntry(database: Database, id: number): Promise<DraftEntry> {
  const entry = await database.selectFrom('draft_entries').selectAll().where('id', '=', id).executeTakeFirst();
  if (!entry)
    throw new AppError('not_found', 'What the draft says is not stored any more; restore a version of the prompt.');
  return entry;
}

/** Journals a state that follows `current`, in its place while a person is still typing the same step. */
export async function continueFrom(
  database: Database,
  current: DraftEntry,
  next: NewEntry,
  coalesce: boolean,
): Promise<number> {
  if (coalesce && (await isOpenStep(database, current, next.created_at))) {
    const { content, typed, merged_version_id } = next;
    await database
      .updateTable('draft_entries')
      .set({ content, typed, merged_version_id })
      .where('id', '=', current.id)
      .execute();
    return current.id;
  }
  const id = await insertEntry(database, next);
  await prune(database, next.prompt_id, id);
  return id;
}

/** The state that was made last from this one; null at the end of a branch. */
export async function newestChild(database: Database, id: number): Promise<number | null> {
  const child = await database
    .selectFrom('draft_entries')
    .select('id')
    .where('parent_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return child?.id ?? null;
}

/** A state of this prompt's journal; throws `not_found` when it is another's or pruned. */
export async function findEntry(database: Database, promptId: string, id: number): Promise<DraftEntry> {
  const entry = await database
    .selectFrom('draft_entries')
    .selectAll()
    .where('id', '=', id)
    .where('prompt_id', '=', promptId)
    .executeTakeFirst();
  if (!entry) throw new AppError('not_found', `The draft has no step ${id}; only the newest ${keptEntries} are kept.`);
  return entry;
}

/** Whether a step will say for good what it says now. */
export function isSettled(entry: Pick<DraftEntry, 'created_at'>, now: string): boolean {
  return Date.parse(now) - Date.parse(entry.created_at) > stepMs;
}

/** A young leaf that is not the root may still grow; rewriting anything else would change history. */
async function isOpenStep(database: Database, entry: DraftEntry, now: string): Promise<boolean> {
  if (entry.parent_id === null || isSettled(entry, now)) return false;
  return (await newestChild(database, entry.id)) === null;
}

/** Forgets all but the newest states; `newest`, which the draft is about to show, always stays. */
async function prune(database: Database, promptId: string, newest: number): Promise<void> {
  const oldest = await database
    .selectFrom('draft_entries')
    .select('id')
    .where('prompt_id', '=', promptId)
    .where('id', '<=', newest)
    .orderBy('id', 'desc')
    .offset(keptEntries)
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return;
  const pruned = database
    .selectFrom('draft_entries')
    .select('id')
    .where('prompt_id', '=', promptId)
    .where('id', '<=', oldest.id);
  await database
    .updateTable('draft_entries')
    .set({ parent_id: null })
    .where('prompt_id', '=', promptId)
    .where('parent_id', 'in', pruned)
    .execute();
  await database.deleteFrom('draft_entries').where('prompt_id', '=', promptId).where('id', '<=', oldest.id).execute();
}
