import { createStore, type StoreApi } from 'zustand';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { Draft, Prompt } from '../../../src-core/contract/prompts.ts';
import { AppError } from '../../../src-core/errors.ts';
import { hashContent } from '../../../src-core/versions/hash-content.ts';
import { client, useConnection } from '../../api.ts';
import { onChange } from '../../workbench/changes.ts';
import { clientId } from '../../workbench/ports.ts';
import { type Backup, keepBackup, takeBackup } from './draft-backup.ts';
import { type KeyedMessage, keysFor } from './edit-content.ts';

export type SaveState =
  | { readonly kind: 'saved' }
  /** Typed a moment ago, or on its way. */
  | { readonly kind: 'saving' }
  /** The host is away; it is sent as soon as it is back. */
  | { readonly kind: 'waiting' }
  /** The host does not take it as it is; the next change tries again. */
  | { readonly kind: 'refused'; readonly message: string };

/** What one window knows of one prompt's draft. */
export interface DraftState {
  /** Metadata and the draft as they were last read or saved. */
  readonly prompt: Prompt;
  /** What the person sees, saved or not. */
  readonly content: PromptContent;
  /** Identities of `content.messages`, in the same order. */
  readonly messageKeys: readonly string[];
  readonly save: SaveState;
  /** Another window's draft that this one's unsaved changes are not based on; nothing is saved until a person decides. */
  readonly conflict: Draft | null;
}

type Edit = (content: PromptContent) => PromptContent;

/** The draft of one prompt: edited at once, saved soon, never overwritten silently. */
export interface DraftHandle {
  readonly store: StoreApi<DraftState>;
  /** Changes the content; `keys` says which message is which afterwards when messages came, went or moved. */
  edit(change: Edit, keys?: (keys: readonly string[]) => readonly string[]): void;
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

const saveDelayMs = 200;
const longestDelayMs = 600;
const retryDelayMs = 2_000;

/** Makes the handle of a draft that was read just now. */
export function createDraftHandle(prompt: Prompt): DraftHandle {
  const id = prompt.id;
  const store = createStore<DraftState>(() => ({
    prompt,
    content: prompt.draft.content,
    messageKeys: prompt.draft.content.messages.map(() => crypto.randomUUID()),
    save: { kind: 'saved' },
    conflict: null,
  }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = 0;
  let sending: Promise<void> | null = null;
  const isUnsaved = () => store.getState().save.kind !== 'saved';

  const edit: DraftHandle['edit'] = (change, keys) => {
    const { content, messageKeys } = store.getState();
    const next = change(content);
    if (next === content) return;
    store.setState({ content: next, messageKeys: keys?.(messageKeys) ?? messageKeys, save: { kind: 'saving' } });
    if (store.getState().conflict === null) schedule();
  };

  /** Soon after the last key, and at the latest `longestDelayMs` after the first one. */
  const schedule = (): void => {
    const now = performance.now();
    if (timer === undefined) dueAt = now + longestDelayMs;
    clearTimeout(timer);
    timer = setTimeout(() => void send().catch(() => {}), Math.max(0, Math.min(saveDelayMs, dueAt - now)));
  };

  const send = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (sending !== null) await sending.catch(() => {});
    if (!isUnsaved()) return;
    const { content, prompt: known, conflict } = store.getState();
    if (conflict !== null) throw new AppError('conflict', 'This draft was changed in another window; decide first.');
    sending = client.prompts
      .saveDraft({ id, revision: known.draft.revision, content })
      .then(
        (draft) => stored(draft, content),
        (error: unknown) => failed(error, content),
      )
      .finally(() => {
        sending = null;
      });
    await sending;
  };

  const stored = (draft: Draft, sent: PromptContent): void => {
    const { prompt: known, content } = store.getState();
    const unchanged = content === sent;
    store.setState({ prompt: withDraft(known, draft), save: { kind: unchanged ? 'saved' : 'saving' } });
    if (!unchanged) schedule();
  };

  const failed = async (error: unknown, sent: PromptContent): Promise<void> => {
    if (error instanceof AppError && error.code === 'conflict') return compareWithStored(sent);
    if (error instanceof AppError && (error.code === 'unavailable' || error.code === 'cancelled')) {
      store.setState({ save: { kind: 'waiting' } });
      clearTimeout(timer);
      timer = setTimeout(() => void send().catch(() => {}), retryDelayMs);
    } else {
      store.setState({ save: { kind: 'refused', message: messageOf(error) } });
    }
    throw error;
  };

  /** Someone saved before us; it may have been ourselves, when the answer was lost with the connection. */
  const compareWithStored = async (sent: PromptContent): Promise<void> => {
    const { draft: theirs } = await client.prompts.get({ id });
    const { prompt: known } = store.getState();
    if (theirs.hash === hashContent(sent)) return stored(theirs, sent);
    if (theirs.hash === known.draft.hash) {
      store.setState({ prompt: withDraft(known, theirs) });
      return schedule();
    }
    store.setState({ conflict: theirs });
    throw new AppError('conflict', 'This draft was changed in another window. Nothing was overwritten.');
  };

  const adopt: DraftHandle['adopt'] = ({ prompt: answer, draft = answer?.draft }) => {
    const before = store.getState();
    const known = before.prompt.draft;
    const prompt = { ...before.prompt, ...answer, draft: known };
    const isStale = draft === undefined || draft.revision < known.revision;
    if (isStale) return store.setState({ prompt });
    // A new base version or a renamed prompt moves the revision on, not the text.
    if (draft.hash === known.hash) return store.setState({ prompt: withDraft(prompt, draft) });
    // Our next save will be refused, and then a person decides.
    if (isUnsaved()) return store.setState({ prompt });
    const messageKeys = keysFor(draft.content, keyed(before));
    store.setState({ prompt: withDraft(prompt, draft), content: draft.content, messageKeys });
  };

  const resolve: DraftHandle['resolve'] = (choice) => {
    const { conflict, prompt: known, content } = store.getState();
    if (conflict === null) return;
    const state = { prompt: withDraft(known, conflict), conflict: null } as const;
    if (choice === 'mine') {
      store.setState({ ...state, content: { ...content }, save: { kind: 'saving' } });
      schedule();
    } else {
      const messageKeys = keysFor(conflict.content, keyed(store.getState()));
      store.setState({ ...state, content: conflict.content, messageKeys, save: { kind: 'saved' } });
    }
  };

  const refresh = async (): Promise<void> => {
    if (sending !== null) await sending.catch(() => {});
    adopt({ prompt: await client.prompts.get({ id }) });
  };
  const dispose = keepInStep(id, {
    refresh,
    send: () => void send().catch(() => {}),
    unsaved: () => {
      const { content, prompt: known, conflict } = store.getState();
      return isUnsaved() ? { backup: { revision: known.draft.revision, content }, mayBeSent: conflict === null } : null;
    },
  });

  const backup = takeBackup(id);
  if (backup !== null && hashContent(backup.content) !== prompt.draft.hash) {
    // Saved against the revision it was typed on, so that a change made elsewhere meanwhile is noticed.
    store.setState({
      prompt: withDraft(prompt, { ...prompt.draft, revision: backup.revision }),
      content: backup.content,
      messageKeys: keysFor(backup.content, keyed(store.getState())),
      save: { kind: 'saving' },
    });
    schedule();
  }
  return {
    store,
    edit,
    refresh,
    adopt,
    resolve,
    flush: send,
    dispose: () => {
      clearTimeout(timer);
      dispose();
    },
  };
}

const withDraft = (prompt: Prompt, draft: Draft): Prompt => ({ ...prompt, draft });

const keyed = ({ content, messageKeys }: DraftState): readonly KeyedMessage[] =>
  content.messages.map((message, index) => ({ ...message, key: messageKeys[index] ?? '' }));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Steps {
  /** Reads again what is stored. */
  readonly refresh: () => Promise<void>;
  /** Saves what is not saved yet. */
  readonly send: () => void;
  readonly unsaved: () => { readonly backup: Backup; readonly mayBeSent: boolean } | null;
}

/** Follows other windows, a host that comes back, and a page that is left; until the returned function is called. */
function keepInStep(id: string, { refresh, send, unsaved }: Steps): () => void {
  const stop = new AbortController();
  const unsubscribe = [
    onChange(({ topic, ids, origin }) => {
      if (origin === clientId || (topic !== 'prompts' && topic !== 'versions')) return;
      if (ids.length === 0 || ids.includes(id)) void refresh().catch(() => {});
    }),
    useConnection.subscribe(({ state }) => {
      if (state.kind === 'open' && unsaved()?.mayBeSent === true) send();
    }),
  ];
  window.addEventListener('blur', send, { signal: stop.signal });
  const leave = () => {
    keepBackup(id, unsaved()?.backup ?? null);
    send();
  };
  window.addEventListener('pagehide', leave, { signal: stop.signal });
  return () => {
    stop.abort();
    for (const end of unsubscribe) end();
  };
}
