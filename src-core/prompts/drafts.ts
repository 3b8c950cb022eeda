import type { PromptContent } from '../contract/content.ts';
import type { Draft } from '../contract/prompts.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import { parseContent } from '../versions/contents.ts';
import { canonicalContent, hashText } from '../versions/hash-content.ts';
import { toVersionSummary } from './prompt-rows.ts';

/** Saves that follow each other faster than this become one step of undo. */
const stepMs = 2_000;
/** Steps of undo that a prompt keeps. */
const keptEntries = 300;

interface DraftRow {
  readonly prompt_id: string;
  readonly base_version_id: string | null;
  readonly entry_id: number;
  readonly revision: number;
  readonly updated_at: string;
}

export async function createDraft(
  database: Database,
  promptId: string,
  content: PromptContent,
  baseVersionId: string | null,
  now: string,
): Promise<void> {
  const entry = await insertEntry(database, promptId, null, canonicalContent(content), now);
  await database
    .insertInto('drafts')
    .values({
      prompt_id: promptId,
      base_version_id: baseVersionId,
      merged_version_id: null,
      entry_id: entry,
      revision: 0,
      updated_at: now,
    })
    .execute();
}

export async function loadDraft(database: Database, promptId: string): Promise<Draft> {
  const draft = await requireDraft(database, promptId);
  const entry = await requireEntry(database, draft.entry_id);
  const child = await database
    .selectFrom('draft_entries')
    .select('id')
    .where('parent_id', '=', entry.id)
    .executeTakeFirst();
  const base = draft.base_version_id
    ? await database
        .selectFrom('versions')
        .selectAll()
        .where('id', '=', draft.base_version_id)
        .executeTakeFirstOrThrow()
    : null;
  return {
    content: parseContent(entry.content),
    revision: draft.revision,
    baseVersion: base && toVersionSummary(base),
    hash: hashText(entry.content),
    canUndo: entry.parent_id !== null,
    canRedo: child !== undefined,
    updatedAt: draft.updated_at,
  };
}

/** The draft's content alone. */
export async function loadDraftContent(database: Database, promptId: string): Promise<PromptContent> {
  const draft = await requireDraft(database, promptId);
  return parseContent((await requireEntry(database, draft.entry_id)).content);
}

/** Journals a new state of the draft. Throws `conflict` when `revision` is no longer the stored one. */
export async function writeDraft(
  database: Database,
  promptId: string,
  content: PromptContent,
  revision: number | null,
  now: string,
  coalesce = true,
): Promise<void> {
  const draft = await requireDraft(database, promptId);
  if (revision !== null && revision !== draft.revision) {
    throw new AppError('conflict', 'This draft was changed in another window. Nothing was overwritten.', {
      revision: draft.revision,
    });
  }
  const body = canonicalContent(content);
  const current = await requireEntry(database, draft.entry_id);
  if (current.content === body) return;
  const entryId =
    coalesce && (await isOpenStep(database, current, now))
      ? await rewriteEntry(database, current.id, body)
      : await insertEntry(database, promptId, current.id, body, now);
  await pointDraftAt(database, draft, entryId, body, now);
  if (entryId !== current.id) await prune(database, promptId, entryId);
}

/** Steps to the state before, or to the newest state after. */
export async function stepDraft(
  database: Database,
  promptId: string,
  direction: 'undo' | 'redo',
  now: string,
): Promise<void> {
  const draft = await requireDraft(database, promptId);
  const current = await requireEntry(database, draft.entry_id);
  const target = direction === 'undo' ? current.parent_id : await newestChild(database, current.id);
  if (target === null)
    throw new AppError('invalid', direction === 'undo' ? 'There is nothing to undo.' : 'There is nothing to redo.');
  const entry = await requireEntry(database, target);
  await pointDraftAt(database, draft, entry.id, entry.content, now);
}

export async function rebaseDraft(
  database: Database,
  promptId: string,
  baseVersionId: string,
  now: string,
): Promise<void> {
  await database
    .updateTable('drafts')
    .set((set) => ({
      base_version_id: baseVersionId,
      merged_version_id: null,
      revision: set('revision', '+', 1),
      updated_at: now,
    }))
    .where('prompt_id', '=', promptId)
    .execute();
}

async function requireDraft(database: Database, promptId: string): Promise<DraftRow> {
  const draft = await database.selectFrom('drafts').selectAll().where('prompt_id', '=', promptId).executeTakeFirst();
  if (!draft)
    throw new AppError('not_found', 'This prompt no longer exists; it may have been deleted in another window.');
  return draft;
}

async function requireEntry(database: Database, id: number) {
  return database.selectFrom('draft_entries').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function newestChild(database: Database, id: number): Promise<number | null> {
  const child = await database
    .selectFrom('draft_entries')
    .select('id')
    .where('parent_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return child?.id ?? null;
}

/** A young leaf that is not the root may still grow; rewriting anything else would change history. */
async function isOpenStep(
  database: Database,
  entry: { readonly id: number; readonly parent_id: number | null; readonly created_at: string },
  now: string,
): Promise<boolean> {
  if (entry.parent_id === null) return false;
  if (Date.parse(now) - Date.parse(entry.created_at) > stepMs) return false;
  return (await newestChild(database, entry.id)) === null;
}

async function insertEntry(database: Database, promptId: string, parent: number | null, content: string, now: string) {
  const row = await database
    .insertInto('draft_entries')
    .values({ prompt_id: promptId, parent_id: parent, content, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function rewriteEntry(database: Database, id: number, content: string): Promise<number> {
  await database.updateTable('draft_entries').set({ content }).where('id', '=', id).execute();
  return id;
}

async function pointDraftAt(
  database: Database,
  draft: DraftRow,
  entryId: number,
  body: string,
  now: string,
): Promise<void> {
  await database
    .updateTable('drafts')
    .set({ entry_id: entryId, revision: draft.revision + 1, updated_at: now })
    .where('prompt_id', '=', draft.prompt_id)
    .execute();
  await database
    .updateTable('prompts')
    .set({ draft_hash: hashText(body), updated_at: now })
    .where('id', '=', draft.prompt_id)
    .execute();
}

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
  await database.deleteFrom('draft_entries').where('prompt_id', '=', promptId).where('id', '<=', oldest.id).execute();
  await database
    .updateTable('draft_entries')
    .set({ parent_id: null })
    .where('prompt_id', '=', promptId)
    .where('parent_id', '<=', oldest.id)
    .execute();
}
