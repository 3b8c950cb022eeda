import { createStore, type StoreApi } from 'zustand';
import { hashContent } from '../../../src-core/content/hash-content.ts';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { Draft, Prompt, TypedTexts } from '../../../src-core/contract/prompts.ts';
import { fieldAt, type MessagePlace } from '../../../src-core/library/drafts/draft-fields.ts';
import { followInputs, followMessages, mergeTyped } from '../../../src-core/library/drafts/typed-texts.ts';
import { readPrompt, showPrompt } from '../cache/kept-prompts.ts';
import { type Backup, keepBackup } from './draft-backup.ts';
import { keepInStep } from './draft-events.ts';
import { createDraftSender } from './draft-sender.ts';
import { type DraftState, type SaveState, withDraft } from './draft-state.ts';
import { fieldTexts, sameDraft, toShown } from './draft-wire.ts';
import { type KeyedMessage, keysFor } from './edit-content.ts';
import { placeOfPart } from './part-keys.ts';

type Edit = (content: PromptContent) => PromptContent;

/** The draft of one prompt: edited at once, saved soon, never overwritten silently. */
export interface DraftHandle {
  readonly store: StoreApi<DraftState>;
  /** Changes the content; `keys` says which message is which afterwards when messages came, went or moved. */
  edit(change: Edit, keys?: (keys: readonly string[]) => readonly string[]): void;
  /** What a person typed into the field at a path: taken over when it is valid, else held as it was typed. */
  write(path: string, text: string): void;
  /** Holds the text of a field that is not in effect; null lets the field show the content again. */
  hold(path: string, text: string | null): void;
  /** Saves now; resolves when everything typed so far is stored, rejects when it cannot be. */
  flush(): Promise<void>;
  /** Reads again what is stored. */
  refresh(): Promise<void>;
  /** Takes over a prompt or draft that the host answered with. */
  adopt(answer: { readonly prompt?: Prompt; readonly draft?: Draft }): void;
  /** Ends the handle, which must be saved. */
  dispose(): void;
  /** Ends a conflict: `mine` is saved over theirs, which stays in the draft's undo history; `theirs` replaces mine. */
  resolve(choice: 'mine' | 'theirs'): void;
}

/** Makes the handle of a draft that was just read, with what an earlier window could not save. */
export function createDraftHandle(prompt: Prompt, backup: Backup | null): DraftHandle {
  const id = prompt.id;
  const store = createStore<DraftState>(() => ({
    prompt,
    ...toShown(prompt.draft),
    messageKeys: toShown(prompt.draft).content.messages.map(() => crypto.randomUUID()),
    save: { kind: 'saved' },
    conflict: null,
    fieldErrors: {},
  }));
  const { schedule, send, settled, backupNow, stop } = createDraftSender(id, store);
  const isUnsaved = () => store.getState().save.kind !== 'saved';

  const change = (next: Partial<DraftState>): void => {
    store.setState({ ...next, save: { kind: 'saving' } });
    schedule();
  };

  const edit: DraftHandle['edit'] = (apply, keys) => {
    const { content, typed, messageKeys } = store.getState();
    const next = apply(content);
    if (next === content) return;
    const nextKeys = keys?.(messageKeys) ?? messageKeys;
    const moved = (place: MessagePlace) => movedPlace(place, content, messageKeys, next, nextKeys);
    change({
      content: next,
      typed: followMessages(followInputs(typed, content, next), moved),
      messageKeys: nextKeys,
    });
  };

  const hold: DraftHandle['hold'] = (path, text) => {
    const { typed, fieldErrors } = store.getState();
    if (path in fieldErrors) store.setState({ fieldErrors: without(fieldErrors, path) });
    if (typed[path] === (text ?? undefined)) return;
    change({ typed: text === null ? without(typed, path) : { ...typed, [path]: text } });
  };

  const write: DraftHandle['write'] = (path, text) => {
    const { content, typed } = store.getState();
    const written = fieldAt(path, content)?.write(content, text);
    if (written === undefined) return;
    if ('error' in written) return hold(path, text);
    change({ content: written.content, typed: without(typed, path) });
  };

  const adopt: DraftHandle['adopt'] = ({ prompt: answer, draft = answer?.draft }) => {
    const before = store.getState();
    const known = before.prompt.draft;
    const prompt = { ...before.prompt, ...answer, draft: known };
    // The other window may have saved again; the decision is about its latest text.
    if (before.conflict !== null) {
      const isNewer = draft !== undefined && draft.revision > before.conflict.revision;
      return store.setState({ prompt, ...(isNewer && { conflict: draft }) });
    }
    const isStale = draft === undefined || draft.revision < known.revision;
    if (isStale) return store.setState({ prompt });
    // A new base version or a rename raises the revision without changing the text.
    if (sameDraft(draft, known))
      return store.setState({ prompt: withDraft(prompt, { ...draft, content: known.content }) });
    // Our next save will be refused, and then a person decides.
    if (isUnsaved()) return store.setState({ prompt });
    show(prompt, draft, { kind: 'saved' });
  };

  const show = (prompt: Prompt, draft: Draft, save: SaveState): void => {
    const shown = toShown(draft);
    const messageKeys = keysFor(shown.content, keyed(store.getState()));
    store.setState({ prompt: withDraft(prompt, draft), ...shown, messageKeys, save, conflict: null });
  };

  const resolve: DraftHandle['resolve'] = (choice) => {
    const { conflict, prompt: known, content, typed } = store.getState();
    if (conflict === null) return;
    if (choice === 'theirs') {
      keepBackup(id, null);
      return show(known, conflict, { kind: 'saved' });
    }
    const merged = mergeTyped(fieldTexts(known.draft), typed, fieldTexts(conflict));
    store.setState({ prompt: withDraft(known, conflict), conflict: null });
    change({ content: { ...content }, typed: merged });
  };

  const refresh = async (): Promise<void> => {
    await settled();
    adopt({ prompt: await readPrompt(id) });
  };

  // Whatever else shows this prompt here needs no look of its own.
  const stopShowing = store.subscribe((now, before) => now.prompt !== before.prompt && showPrompt(now.prompt));
  const stopFollowing = keepInStep(id, {
    revision: () => store.getState().prompt.draft.revision,
    refresh,
    send: () => void send().catch(() => {}),
    mayBeSent: () => isUnsaved() && store.getState().conflict === null,
    leave: () => keepBackup(id, backupNow()),
  });

  /** Continues a backup when the stored draft is the one it was typed on; otherwise it is a conflict. */
  const goOnFrom = ({ base, sent, content, typed }: Backup): void => {
    const { draft } = prompt;
    if (sameDraft(draft, { hash: hashOf(content), typed })) {
      keepBackup(id, null);
      return;
    }
    const messageKeys = keysFor(content, keyed(store.getState()));
    const isOwn = draft.hash === base.hash || draft.hash === sent;
    const known = isOwn ? draft : { ...draft, ...base };
    const conflict = isOwn ? null : draft;
    store.setState({
      prompt: withDraft(prompt, known),
      content,
      typed,
      messageKeys,
      save: { kind: 'saving' },
      conflict,
    });
    if (isOwn) schedule();
  };
  if (backup !== null) goOnFrom(backup);

  return {
    store,
    edit,
    write,
    hold,
    refresh,
    adopt,
    resolve,
    flush: send,
    dispose: () => {
      stop();
      stopShowing();
      stopFollowing();
    },
  };
}

/** Where a message, or a part of one, stands after a change; null when it is gone. */
function movedPlace(
  place: MessagePlace,
  before: PromptContent,
  beforeKeys: readonly string[],
  after: PromptContent,
  afterKeys: readonly string[],
): MessagePlace | null {
  const message = afterKeys.indexOf(beforeKeys[place.message] ?? '');
  if (message < 0 || place.part === null) return message < 0 ? null : { message, part: null };
  const part = placeOfPart(before.messages[place.message], after.messages[message], place.part);
  return part === null ? null : { message, part };
}

const without = (texts: TypedTexts, path: string): TypedTexts => {
  const { [path]: _gone, ...others } = texts;
  return others;
};

const keyed = ({ content, messageKeys }: DraftState): readonly KeyedMessage[] =>
  content.messages.map((message, index) => ({ ...message, key: messageKeys[index] ?? '' }));

/** '' for content that the contract does not allow, because no version or draft has that hash. */
function hashOf(content: PromptContent): string {
  try {
    return hashContent(content);
  } catch {
    return '';
  }
}
