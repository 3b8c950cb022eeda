import type { Selectable } from 'kysely';
import { canonicalContent, hashText } from '../../content/hash-content.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { Draft, TypedTexts } from '../../contract/prompts.ts';
import type { Database } from '../../ports.ts';
import { AppError } from '../../scope/errors.ts';
import { isStoredId, storedObject, storedText, storedWhole } from '../../tables/stored-fields.ts';
import type { DraftsTable } from '../../tables/tables.ts';
import { parseContent, saysTheSame } from '../stored/contents.ts';
import { toVersionSummary } from '../stored/prompt-rows.ts';
import { isOfPrompt } from '../stored/typed-paths.ts';
import { continueFrom, type DraftEntry, findEntry, insertEntry, newestChild, requireEntry } from './draft-journal.ts';
import { sameTyped } from './typed-texts.ts';

type DraftRow = Selectable<DraftsTable>;

export async function createDraft(
  database: Database,
  promptId: string,
  content: PromptContent,
  baseVersionId: string | null,
  now: string,
  typed: TypedTexts = {},
): Promise<void> {
  const entry = {
    prompt_id: promptId,
    parent_id: null,
    content: canonicalContent(content),
    typed: JSON.stringify(typed),
    created_at: now,
  };
  await database
    .insertInto('drafts')
    .values({
      prompt_id: promptId,
      base_version_id: baseVersionId,
      merged_version_id: null,
      entry_id: await insertEntry(database, { ...entry, merged_version_id: null }),
      revision: 0,
      updated_at: now,
    })
    .execute();
}

export async function loadDraft(database: Database, promptId: string): Promise<Draft> {
  const draft = await requireDraft(database, promptId);
  const entry = await requireEntry(database, draft.entry_id);
  const base = draft.base_version_id
    ? await database.selectFrom('versions').selectAll().where('id', '=', draft.base_version_id).executeTakeFirst()
    : null;
  return {
    content: parseContent(entry.content),
    typed: parseTyped(entry),
    revision: draft.revision,
    baseVersion: base && isStoredId(base.id) ? toVersionSummary(base) : null,
    hash: hashText(entry.content),
    canUndo: entry.parent_id !== null,
    canRedo: (await newestChild(database, entry.id)) !== null,
    updatedAt: storedText(draft.updated_at),
  };
}

/** What fields show in place of the content at a state of a draft. */
export function parseTyped({ typed }: Pick<DraftEntry, 'typed'>): TypedTexts {
  return Object.fromEntries(
    Object.entries(storedObject(typed)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The draft's content alone. */
export async function loadDraftContent(database: Database, promptId: string): Promise<PromptContent> {
  const draft = await requireDraft(database, promptId);
  return parseContent((await requireEntry(database, draft.entry_id)).content);
}

/** What a state of a draft is journaled with, beside its content. */
export interface DraftWrite {
  /** Refused with `conflict` when it is no longer the stored one; null writes over whatever is there. */
  readonly revision: number | null;
  readonly now: string;
  /** False makes a step of its own, for what a person does at once and may want to undo at once. */
  readonly coalesce?: boolean;
  /** The second parent of the next version; what it was, unless given. */
  readonly merged?: string | null;
  /** What fields show in place of the content; what they did, unless given. */
  readonly typed?: TypedTexts | undefined;
}

/**
 * Journals a new state of the draft; what it said before is one undo away. Texts that are not in effect belong to the
 * state that they were typed in: they change in place, because taking them back would change nothing that counts.
 */
export async function writeDraft(
  database: Database,
  promptId: string,
  /** Null leaves it as it is. */
  content: PromptContent | null,
  { revision, now, coalesce = true, merged, typed }: DraftWrite,
): Promise<void> {
  const draft = await requireRevision(database, promptId, revision);
  const current = await requireEntry(database, draft.entry_id);
  const body = content === null ? current.content : canonicalContent(content);
  const before = parseTyped(current);
  const texts = typed ?? before;
  const mergedId = merged === undefined ? draft.merged_version_id : merged;
  const isSame = saysTheSame(current.content, body) && mergedId === draft.merged_version_id;
  if (isSame && sameTyped(before, texts)) return;
  if (isSame && (content === null || coalesce)) {
    const annotated = await setTyped(database, current, texts);
    return pointDraftAt(database, draft, annotated, now);
  }
  const next = {
    prompt_id: promptId,
    parent_id: current.id,
    content: body,
    typed: JSON.stringify(texts),
    created_at: now,
    merged_version_id: mergedId,
  };
  const id = await continueFrom(database, current, next, coalesce);
  // A name that took effect is not half typed any more, also not one undo away.
  if (id !== current.id && coalesce) await setTyped(database, current, withoutNames(before));
  await pointDraftAt(database, draft, { ...next, id }, now);
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
  await stepTo(database, draft, current, await requireEntry(database, target), now);
}

/** Goes to any state of the journal. */
export async function goToStep(database: Database, promptId: string, step: number, now: string): Promise<void> {
  const draft = await requireDraft(database, promptId);
  const current = await requireEntry(database, draft.entry_id);
  await stepTo(database, draft, current, await findEntry(database, promptId, step), now);
}

/** What is typed into the prompt's own fields is no part of its content's history. */
async function stepTo(
  database: Database,
  draft: DraftRow,
  current: DraftEntry,
  target: DraftEntry,
  now: string,
): Promise<void> {
  const ofContent = Object.entries(parseTyped(target)).filter(([path]) => !isOfPrompt(path));
  const ofPrompt = Object.entries(parseTyped(current)).filter(([path]) => isOfPrompt(path));
  const typed = Object.fromEntries([...ofContent, ...ofPrompt]);
  await pointDraftAt(database, draft, await setTyped(database, target, typed), now);
}

const withoutNames = (typed: TypedTexts): TypedTexts =>
  Object.fromEntries(Object.entries(typed).filter(([path]) => !path.endsWith('/name')));

async function setTyped(database: Database, entry: DraftEntry, typed: TypedTexts): Promise<DraftEntry> {
  if (sameTyped(parseTyped(entry), typed)) return entry;
  const changed = { ...entry, typed: JSON.stringify(typed) };
  await database.updateTable('draft_entries').set({ typed: changed.typed }).where('id', '=', entry.id).execute();
  return changed;
}

/** Lets the draft start from another version. Its content stays. */
export async function rebaseDraft(
  database: Database,
  promptId: string,
  baseVersionId: string,
  now: string,
): Promise<void> {
  const draft = await requireDraft(database, promptId);
  await database
    .updateTable('drafts')
    .set({
      base_version_id: baseVersionId,
      merged_version_id: null,
      revision: draft.revision + 1,
      updated_at: now,
    })
    .where('prompt_id', '=', promptId)
    .execute();
  if (draft.merged_version_id === null) return;
  // The merge is part of the version now; going back to its state must not claim it again.
  await database
    .updateTable('draft_entries')
    .set({ merged_version_id: null })
    .where('prompt_id', '=', promptId)
    .where('merged_version_id', '=', draft.merged_version_id)
    .execute();
}

/** The draft's row; throws `conflict` when it moved on since `revision`. */
export async function requireRevision(
  database: Database,
  promptId: string,
  revision: number | null | undefined,
): Promise<DraftRow> {
  const draft = await requireDraft(database, promptId);
  if (revision === null || revision === undefined || revision === draft.revision) return draft;
  throw new AppError('conflict', 'This draft was changed in another window. Nothing was overwritten.', {
    revision: draft.revision,
  });
}

/** The draft's row; throws `not_found` when the prompt is gone. */
export async function requireDraft(database: Database, promptId: string): Promise<DraftRow> {
  const draft = await database.selectFrom('drafts').selectAll().where('prompt_id', '=', promptId).executeTakeFirst();
  if (!draft)
    throw new AppError('not_found', 'This prompt no longer exists; it may have been deleted in another window.');
  return { ...draft, revision: storedWhole(draft.revision, 0) };
}

async function pointDraftAt(database: Database, draft: DraftRow, entry: DraftEntry, now: string): Promise<void> {
  await database
    .updateTable('drafts')
    .set({
      entry_id: entry.id,
      merged_version_id: entry.merged_version_id,
      revision: draft.revision + 1,
      updated_at: now,
    })
    .where('prompt_id', '=', draft.prompt_id)
    .execute();
  await database
    .updateTable('prompts')
    .set({ draft_hash: hashText(entry.content), updated_at: now })
    .where('id', '=', draft.prompt_id)
    .execute();
}
