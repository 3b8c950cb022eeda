import type { Selectable } from 'kysely';
import { AppError } from '../../scope/errors.ts';
import { newId } from '../../scope/ids.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import type { DraftEntriesTable } from '../../tables/personal.ts';

/** Saves that follow each other faster than this become one step of undo. */
const stepMs = 2_000;
/** Steps of undo that a prompt keeps. */
const keptEntries = 300;

/** One state of a draft; its children are the states that were made from it. */
export type DraftEntry = Selectable<DraftEntriesTable>;

export type NewEntry = Omit<DraftEntry, 'id' | 'person_id'>;

/** The person's own entries; nobody reads another's. */
function entriesOf({ db, actor }: Reader) {
  return db.selectFrom('draft_entries').where('draft_entries.person_id', '=', actor.personId);
}

export async function insertEntry({ db, actor }: Writer, entry: NewEntry): Promise<string> {
  const id = newId();
  await db
    .insertInto('draft_entries')
    .values({ ...entry, id, person_id: actor.personId })
    .execute();
  return id;
}

export async function requireEntry(scope: Reader, id: string): Promise<DraftEntry> {
  const entry = await entriesOf(scope).selectAll().where('id', '=', id).executeTakeFirst();
  if (!entry)
    throw new AppError('not_found', 'What the draft says is not stored any more; restore a version of the prompt.');
  return entry;
}

/** Journals a state that follows `current`, in its place while a person is still typing the same step. */
export async function continueFrom(
  scope: Writer,
  current: DraftEntry,
  next: NewEntry,
  coalesce: boolean,
): Promise<string> {
  if (coalesce && (await isOpenStep(scope, current, next.created_at))) {
    const { content, typed, merged_version_id } = next;
    await scope.db
      .updateTable('draft_entries')
      .set({ content, typed, merged_version_id })
      .where('id', '=', current.id)
      .execute();
    return current.id;
  }
  const id = await insertEntry(scope, next);
  await prune(scope, next.prompt_id, id);
  return id;
}

/** The state that was made last from this one; null at the end of a branch. */
export async function newestChild(scope: Reader, id: string): Promise<string | null> {
  const child = await entriesOf(scope)
    .select('id')
    .where('parent_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return child?.id ?? null;
}

/** A state of this prompt's journal; throws `not_found` when it is another's or pruned. */
export async function findEntry(scope: Reader, promptId: string, id: string): Promise<DraftEntry> {
  const entry = await entriesOf(scope)
    .selectAll()
    .where('id', '=', id)
    .where('prompt_id', '=', promptId)
    .executeTakeFirst();
  if (!entry)
    throw new AppError('not_found', `The draft has no step ${id}; only the newest ${keptEntries} are kept.`, { id });
  return entry;
}

/** Whether a step will say for good what it says now. */
export function isSettled(entry: Pick<DraftEntry, 'created_at'>, now: string): boolean {
  return Date.parse(now) - Date.parse(entry.created_at) > stepMs;
}

/** A young leaf that is not the root may still grow; rewriting anything else would change history. */
async function isOpenStep(scope: Reader, entry: DraftEntry, now: string): Promise<boolean> {
  if (entry.parent_id === null || isSettled(entry, now)) return false;
  return (await newestChild(scope, entry.id)) === null;
}

/** Forgets all but the newest states; `newest`, which the draft is about to show, always stays. */
async function prune(scope: Writer, promptId: string, newest: string): Promise<void> {
  const { personId } = scope.actor;
  const older = entriesOf(scope).select('id').where('prompt_id', '=', promptId);
  const oldest = await older
    .where('id', '<=', newest)
    .orderBy('id', 'desc')
    .offset(keptEntries)
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return;
  await scope.db
    .updateTable('draft_entries')
    .set({ parent_id: null })
    .where('person_id', '=', personId)
    .where('prompt_id', '=', promptId)
    .where('parent_id', 'in', older.where('id', '<=', oldest.id))
    .execute();
  await scope.db
    .deleteFrom('draft_entries')
    .where('person_id', '=', personId)
    .where('prompt_id', '=', promptId)
    .where('id', '<=', oldest.id)
    .execute();
}
