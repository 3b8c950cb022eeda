import type { Selectable } from 'kysely';
import { canonicalContent, hashText } from '../../content/hash-content.ts';
import { contentSchema, type PromptContent } from '../../contract/content.ts';
import type { Draft, DraftSaved, TypedTexts } from '../../contract/prompts.ts';
import { AppError } from '../../scope/errors.ts';
import { prepared, preparedWrite, type ValueOf } from '../../scope/prepared.ts';
import type { Reader, Writer, WriteTables } from '../../scope/scope.ts';
import type { DraftsTable } from '../../tables/personal.ts';
import { isStoredId, storedObject, storedText, storedWhole } from '../../tables/stored-fields.ts';
import { loadBody, parseContent, saysTheSame } from '../stored/contents.ts';
import { requirePrompt, toVersionSummary, versionRow } from '../stored/prompt-rows.ts';
import { isOfPrompt } from '../stored/typed-paths.ts';
import {
  continueFrom,
  type DraftEntry,
  findEntry,
  insertEntry,
  noSuchState,
  prune,
  requireEntry,
} from './draft-journal.ts';
import { sameTyped } from './typed-texts.ts';

export type DraftRow = Selectable<DraftsTable>;

/** What a new prompt starts with: something that runs and shows what an input is. */
export const blankContent: PromptContent = contentSchema.parse({ messages: [{ role: 'user', content: '' }] });

/** A draft and the state of its journal that it shows. */
interface DraftState {
  readonly draft: DraftRow;
  readonly entry: DraftEntry;
  /** The state that was made last from this one: where redo goes. */
  readonly next: string | null;
  /** False while the person has none yet, and sees what the latest version says. */
  readonly isStored: boolean;
}

/** Throws `not_found` when the person sees nothing of the prompt: somebody else wrote it, and has saved no version yet. */
export function assertWritten({ isStored, draft }: DraftState): void {
  if (!isStored && draft.base_version_id === null)
    throw new AppError(
      'not_found',
      'This prompt has no version yet, and what others have drafted of it is theirs. Write it yourself, or wait for a version.',
    );
}

export async function createDraft(
  scope: Writer,
  promptId: string,
  content: PromptContent,
  baseVersionId: string | null,
  typed: TypedTexts = {},
): Promise<void> {
  const body = canonicalContent(content);
  const entry = { prompt_id: promptId, parent_id: null, content: body, created_at: scope.now, merged_version_id: null };
  await addDraft(scope.db, {
    person_id: scope.actor.personId,
    prompt_id: promptId,
    base_version_id: baseVersionId,
    merged_version_id: null,
    entry_id: await insertEntry(scope, { ...entry, typed: JSON.stringify(typed) }),
    hash: hashText(body),
    models: modelsOf(body),
    revision: 0,
    writer: writerOf(scope),
    updated_at: scope.now,
  });
}

const addDraft = preparedWrite((db, value: ValueOf<DraftRow>) =>
  db.insertInto('drafts').values({
    ...{ person_id: value('person_id'), prompt_id: value('prompt_id') },
    ...{ base_version_id: value('base_version_id'), merged_version_id: value('merged_version_id') },
    ...{ entry_id: value('entry_id'), hash: value('hash'), models: value('models'), revision: value('revision') },
    ...{ writer: value('writer'), updated_at: value('updated_at') },
  }),
);

/** The draft with its content. */
export async function loadDraft(scope: Reader, promptId: string): Promise<Draft> {
  return toDraft(scope, await loadState(scope, promptId));
}

/** The draft without its content, as a save of it answers. */
export async function loadDraftMark(scope: Reader, promptId: string): Promise<DraftSaved> {
  const { draft, entry, next } = await loadState(scope, promptId);
  return {
    revision: draft.revision,
    step: entry.id,
    hash: draft.hash,
    canUndo: entry.parent_id !== null,
    canRedo: next !== null,
    updatedAt: storedText(draft.updated_at),
  };
}

/** What a window shows of a draft. */
export async function toDraft(scope: Reader, { draft, entry, next }: DraftState): Promise<Draft> {
  const base = draft.base_version_id === null ? null : await versionRow(scope, draft.base_version_id);
  return {
    content: parseContent(entry.content),
    typed: parseTyped(entry),
    revision: draft.revision,
    baseVersion: base && isStoredId(base.id) ? toVersionSummary(base) : null,
    hash: hashText(entry.content),
    canUndo: entry.parent_id !== null,
    canRedo: next !== null,
    updatedAt: storedText(draft.updated_at),
  };
}

/** What fields show in place of the content at a state of a draft. */
export function parseTyped({ typed }: Pick<DraftEntry, 'typed'>): TypedTexts {
  return Object.fromEntries(
    Object.entries(storedObject(typed)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The draft's content alone; throws `not_found` when there is nothing of it that the person sees. */
export async function loadDraftContent(scope: Reader, promptId: string): Promise<PromptContent> {
  const state = await loadState(scope, promptId);
  assertWritten(state);
  return parseContent(state.entry.content);
}

/** What a state of a draft is journaled with, beside its content. */
export interface DraftWrite {
  /** Refused with `conflict` when it is no longer the stored one; null writes over whatever is there. */
  readonly revision: number | null;
  /** Refused with `conflict` when the person has no draft yet and would start from another version than this one. */
  readonly baseVersionId?: string | null | undefined;
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
  scope: Writer,
  promptId: string,
  /** Null leaves it as it is. */
  content: PromptContent | null,
  { revision, baseVersionId, coalesce: mayCoalesce = true, merged, typed }: DraftWrite,
): Promise<void> {
  const state = await requireRevision(scope, promptId, revision);
  // All drafts that are not there yet have the same revision, whatever the latest version is.
  const isMoved = baseVersionId !== undefined && baseVersionId !== state.draft.base_version_id;
  if (!state.isStored && isMoved) throw movedOn(state.draft.revision);
  const { draft, entry: current, next: after } = await stored(scope, promptId, state);
  // What one window writes never disappears into a step of undo of another.
  const coalesce = mayCoalesce && draft.writer === writerOf(scope);
  const body = content === null ? current.content : canonicalContent(content);
  const before = parseTyped(current);
  const texts = typed ?? before;
  const mergedId = merged === undefined ? draft.merged_version_id : merged;
  const isSame = saysTheSame(current.content, body) && mergedId === draft.merged_version_id;
  if (isSame && sameTyped(before, texts)) return;
  if (isSame && (content === null || coalesce))
    return pointDraftAt(scope, draft, await setTyped(scope, current, texts));
  const next = {
    prompt_id: promptId,
    parent_id: current.id,
    content: body,
    typed: JSON.stringify(texts),
    created_at: scope.now,
    merged_version_id: mergedId,
  };
  const id = await continueFrom(scope, { ...current, isLeaf: after === null }, next, coalesce);
  // A name that took effect is not half typed any more, also not one undo away.
  if (id !== current.id && coalesce) await setTyped(scope, current, withoutNames(before));
  await pointDraftAt(scope, draft, { ...current, ...next, id });
  if (id !== current.id) await prune(scope, promptId, id);
}

/** Steps to the state before, or to the newest state after. */
export async function stepDraft(scope: Writer, promptId: string, direction: 'undo' | 'redo'): Promise<void> {
  const { draft, entry, next } = await loadState(scope, promptId);
  const target = direction === 'undo' ? entry.parent_id : next;
  if (target === null)
    throw new AppError('invalid', direction === 'undo' ? 'There is nothing to undo.' : 'There is nothing to redo.');
  await stepTo(scope, draft, entry, await requireEntry(scope, target));
}

/** Goes to any state of the journal. */
export async function goToStep(scope: Writer, promptId: string, step: string): Promise<void> {
  const { draft, entry } = await loadState(scope, promptId);
  await stepTo(scope, draft, entry, await findEntry(scope, promptId, step));
}

/** What is typed into the prompt's own fields is no part of its content's history. */
async function stepTo(scope: Writer, draft: DraftRow, current: DraftEntry, target: DraftEntry): Promise<void> {
  const ofContent = Object.entries(parseTyped(target)).filter(([path]) => !isOfPrompt(path));
  const ofPrompt = Object.entries(parseTyped(current)).filter(([path]) => isOfPrompt(path));
  const typed = Object.fromEntries([...ofContent, ...ofPrompt]);
  await pointDraftAt(scope, draft, await setTyped(scope, target, typed));
}

function withoutNames(typed: TypedTexts): TypedTexts {
  return Object.fromEntries(Object.entries(typed).filter(([path]) => !path.endsWith('/name')));
}

async function setTyped(scope: Writer, entry: DraftEntry, typed: TypedTexts): Promise<DraftEntry> {
  if (sameTyped(parseTyped(entry), typed)) return entry;
  const changed = { ...entry, typed: JSON.stringify(typed) };
  await scope.db.updateTable('draft_entries').set({ typed: changed.typed }).where('id', '=', entry.id).execute();
  return changed;
}

/** Lets the draft start from another version. Its content stays. */
export async function rebaseDraft(scope: Writer, promptId: string, baseVersionId: string): Promise<void> {
  const { draft } = await stored(scope, promptId, await loadState(scope, promptId));
  await moveOn(scope, draft, await setBase(scope.db, { ...stepOf(scope, draft), base: baseVersionId }));
  if (draft.merged_version_id === null) return;
  // The merge is part of the version now; going back to its state must not claim it again.
  await scope.db
    .updateTable('draft_entries')
    .set({ merged_version_id: null })
    .where('person_id', '=', scope.actor.personId)
    .where('prompt_id', '=', promptId)
    .where('merged_version_id', '=', draft.merged_version_id)
    .execute();
}

/** The draft; throws `conflict` when it moved on since `revision`. */
export async function requireRevision(
  scope: Reader,
  promptId: string,
  revision: number | null | undefined,
): Promise<DraftState> {
  const state = await loadState(scope, promptId);
  if (revision === null || revision === undefined || revision === state.draft.revision) return state;
  throw movedOn(state.draft.revision);
}

function movedOn(revision: number): AppError {
  return new AppError('conflict', 'This draft was changed in another window. Nothing was overwritten.', { revision });
}

/** The person's draft with the state that it shows; throws `not_found` when the prompt is gone. */
export async function loadState(scope: Reader, promptId: string): Promise<DraftState> {
  const [row] = await stateOf(scope.db, { person: scope.actor.personId, prompt: promptId });
  if (!row) return unwritten(scope, promptId);
  const {
    entry_parent: parent_id,
    content,
    typed,
    entry_at: created_at,
    entry_merged: merged_version_id,
    ...rest
  } = row;
  if (content === null || typed === null || created_at === null) throw noSuchState();
  const { next, ...draft } = { ...rest, revision: storedWhole(rest.revision, 0) };
  const { entry_id: id, person_id, prompt_id } = draft;
  const entry = { id, person_id, prompt_id, parent_id, content, typed, created_at, merged_version_id };
  return { draft, entry, next, isStored: true };
}

const stateOf = prepared((db, value: ValueOf<{ person: string; prompt: string }>) =>
  db
    .selectFrom('drafts')
    .leftJoin('draft_entries as entry', (join) =>
      join.onRef('entry.id', '=', 'drafts.entry_id').onRef('entry.person_id', '=', 'drafts.person_id'),
    )
    .selectAll('drafts')
    .select([
      'entry.parent_id as entry_parent',
      'entry.content',
      'entry.typed',
      'entry.created_at as entry_at',
      'entry.merged_version_id as entry_merged',
    ])
    .select((eb) =>
      eb
        .selectFrom('draft_entries as child')
        .select('child.id')
        .whereRef('child.parent_id', '=', 'drafts.entry_id')
        .whereRef('child.person_id', '=', 'drafts.person_id')
        .orderBy('child.id', 'desc')
        .limit(1)
        .as('next'),
    )
    .where('drafts.person_id', '=', value('person'))
    .where('drafts.prompt_id', '=', value('prompt')),
);

/** What a person sees who has not written anything yet: the latest version. */
async function unwritten(scope: Reader, promptId: string): Promise<DraftState> {
  const prompt = await requirePrompt(scope, promptId);
  const latest = prompt.latest_version_id === null ? undefined : await versionRow(scope, prompt.latest_version_id);
  const body = latest === undefined ? canonicalContent(blankContent) : await loadBody(scope, latest.content_hash);
  const own = { person_id: scope.actor.personId, prompt_id: promptId, merged_version_id: null };
  return {
    isStored: false,
    next: null,
    draft: {
      ...own,
      base_version_id: latest?.id ?? null,
      entry_id: promptId,
      hash: hashText(body),
      models: modelsOf(body),
      revision: 0,
      writer: '',
      updated_at: prompt.updated_at,
    },
    // It has no step of its own yet; the prompt's id is none of any other draft's.
    entry: { ...own, id: promptId, parent_id: null, content: body, typed: '{}', created_at: prompt.updated_at },
  };
}

/** The same state, stored. */
async function stored(scope: Writer, promptId: string, state: DraftState): Promise<DraftState> {
  if (state.isStored) return state;
  const { id: _, person_id: __, ...entry } = state.entry;
  const id = await insertEntry(scope, entry);
  const draft = { ...state.draft, entry_id: id };
  const { numInsertedOrUpdatedRows = 0n } = await scope.db
    .insertInto('drafts')
    .values(draft)
    .onConflict((conflict) => conflict.columns(['person_id', 'prompt_id']).doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) throw movedOn(draft.revision);
  return { draft, entry: { ...state.entry, id, prompt_id: promptId }, next: null, isStored: true };
}

async function pointDraftAt(scope: Writer, draft: DraftRow, entry: DraftEntry): Promise<void> {
  const content = { hash: hashText(entry.content), models: modelsOf(entry.content) };
  const state = { entry: entry.id, merged: entry.merged_version_id, ...content };
  await moveOn(scope, draft, await setState(scope.db, { ...stepOf(scope, draft), ...state }));
}

/** One revision on from the one that was looked at. */
interface Step {
  readonly person: string;
  readonly prompt: string;
  readonly before: number;
  readonly revision: number;
  readonly writer: string;
  readonly at: string;
}

function stepOf(scope: Writer, { person_id: person, prompt_id: prompt, revision: before }: DraftRow): Step {
  return { person, prompt, before, revision: before + 1, writer: writerOf(scope), at: scope.now };
}

// Two statements, because SQLite writes an index anew for each of its columns that an update names.
const setState = preparedWrite(
  (db, value: ValueOf<Step & { entry: string; merged: string | null; hash: string; models: string }>) =>
    updateDraft(db, value, {
      entry_id: value('entry'),
      merged_version_id: value('merged'),
      hash: value('hash'),
      models: value('models'),
    }),
);

const setBase = preparedWrite((db, value: ValueOf<Step & { base: string }>) =>
  updateDraft(db, value, { base_version_id: value('base'), merged_version_id: null }),
);

function updateDraft(db: WriteTables, value: ValueOf<Step>, change: Partial<DraftRow>) {
  return db
    .updateTable('drafts')
    .set({ ...change, revision: value('revision'), writer: value('writer'), updated_at: value('at') })
    .where('person_id', '=', value('person'))
    .where('prompt_id', '=', value('prompt'))
    .where('revision', '=', value('before'));
}

/** After an update of the draft; throws `conflict` when another write came between. */
async function moveOn(scope: Writer, draft: DraftRow, { changed }: { readonly changed: number }): Promise<void> {
  if (changed === 0) throw movedOn(draft.revision);
  scope.changed('drafts', draft.prompt_id);
  // Whoever works alone finds at the top of the list what was edited last.
  if (!scope.actor.isShared) await touchPrompt(scope.db, { id: draft.prompt_id, at: scope.now });
}

const touchPrompt = preparedWrite((db, value: ValueOf<{ id: string; at: string }>) =>
  db
    .updateTable('prompts')
    .set({ updated_at: value('at') })
    .where('id', '=', value('id')),
);

function writerOf({ actor }: Reader): string {
  return actor.clientId ?? 'host';
}

/** As the `models` column has them. */
export function modelsOf(body: string): string {
  try {
    const { settings } = JSON.parse(body) as { settings?: { model?: unknown; fallbacks?: unknown } };
    const fallbacks = Array.isArray(settings?.fallbacks) ? settings.fallbacks : [];
    const models = [settings?.model, ...fallbacks].filter((model) => typeof model === 'string');
    return models.length === 0 ? '' : `\n${[...new Set(models)].join('\n')}\n`;
  } catch {
    return '';
  }
}
