import type { Selectable } from 'kysely';
import { AppError } from '../../scope/errors.ts';
import { newId } from '../../scope/ids.ts';
import { preparedWrite, type ValueOf } from '../../scope/prepared.ts';
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
  await addEntry(db, { ...entry, id, person_id: actor.personId });
  return id;
}

const addEntry = preparedWrite((db, value: ValueOf<DraftEntry>) =>
  db.insertInto('draft_entries').values({
    id: value('id'),
    person_id: value('person_id'),
    prompt_id: value('prompt_id'),
    parent_id: value('parent_id'),
    content: value('content'),
    typed: value('typed'),
    created_at: value('created_at'),
    merged_version_id: value('merged_version_id'),
  }),
);

export async function requireEntry(scope: Reader, id: string): Promise<DraftEntry> {
  const entry = await entriesOf(scope).selectAll().where('id', '=', id).executeTakeFirst();
  if (!entry) throw noSuchState();
  return entry;
}

export function noSuchState(): AppError {
  return new AppError('not_found', 'What the draft says is not stored any more; restore a version of the prompt.');
}

/** Journals a state that follows `current`, in its place while a person is still typing the same step. */
export async function continueFrom(
  scope: Writer,
  current: DraftEntry & { readonly isLeaf: boolean },
  next: NewEntry,
  coalesce: boolean,
): Promise<string> {
  if (!coalesce || !isOpenStep(current, next.created_at)) return insertEntry(scope, next);
  await rewriteEntry(scope.db, { ...next, id: current.id });
  return current.id;
}

const rewriteEntry = preparedWrite(
  (db, value: ValueOf<Pick<DraftEntry, 'id' | 'content' | 'typed' | 'merged_version_id'>>) =>
    db
      .updateTable('draft_entries')
      .set({ content: value('content'), typed: value('typed'), merged_version_id: value('merged_version_id') })
      .where('id', '=', value('id')),
);

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
function isOpenStep(entry: DraftEntry & { readonly isLeaf: boolean }, now: string): boolean {
  return entry.parent_id !== null && entry.isLeaf && !isSettled(entry, now);
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
