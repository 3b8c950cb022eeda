import type { Selectable } from 'kysely';
import { AppError } from '../../scope/errors.ts';
import { newId } from '../../scope/ids.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import type { DraftEntriesTable } from '../../tables/personal.ts';
import { inChunks } from '../../turns.ts';

/** Saves that follow each other faster than this become one step of undo. */
const stepMs = 2_000;
/** Steps of undo that a prompt keeps. */
const keptEntries = 300;
/** Ids that one statement names. */
const idsAtOnce = 200;

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
  return insertEntry(scope, next);
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

/**
 * Forgets what is more than a prompt keeps, once the draft shows `current`: the states that it was made from stay, as far as
 * there is room, and beside them the newest of what else was tried.
 */
export async function prune(scope: Writer, promptId: string, current: string): Promise<void> {
  const { personId } = scope.actor;
  const entries = await entriesOf(scope)
    .select(['id', 'parent_id'])
    .where('prompt_id', '=', promptId)
    .orderBy('id', 'desc')
    .execute();
  if (entries.length <= keptEntries) return;
  const parents = new Map(entries.map(({ id, parent_id }) => [id, parent_id]));
  const kept = new Set<string>();
  for (let id: string | null = current; id !== null && kept.size < keptEntries; id = parents.get(id) ?? null)
    kept.add(id);
  for (const { id } of entries) if (kept.size < keptEntries) kept.add(id);
  const forgotten = entries.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  const orphans = entries.filter(({ id, parent_id }) => kept.has(id) && parent_id !== null && !kept.has(parent_id));
  for (const part of inChunks(orphans, idsAtOnce)) {
    const ids = part.map(({ id }) => id);
    await scope.db.updateTable('draft_entries').set({ parent_id: null }).where('id', 'in', ids).execute();
  }
  // The newest first: a state is forgotten before the one that it was made from.
  for (const part of inChunks(forgotten, idsAtOnce))
    await scope.db.deleteFrom('draft_entries').where('person_id', '=', personId).where('id', 'in', part).execute();
}
