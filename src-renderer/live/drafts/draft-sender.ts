import type { StoreApi } from 'zustand';
import { hashContent } from '../../../src-core/content/hash-content.ts';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { Draft } from '../../../src-core/contract/prompts.ts';
import { mergeTyped, sameTyped } from '../../../src-core/library/drafts/typed-texts.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { client } from '../api.ts';
import { readPrompt } from '../cache/kept-prompts.ts';
import { type Backup, keepBackup } from './draft-backup.ts';
import { type DraftState, withDraft } from './draft-state.ts';
import { fieldTexts, type ShownDraft, sameDraft, sameExceptFields, toStored } from './draft-wire.ts';

const saveDelayMs = 200;
const longestDelayMs = 600;
const retryDelayMs = 2_000;
const longestRetryMs = 30_000;

/** Saves what a window shows of a draft on the host. */
export interface DraftSender {
  /** Sends soon. */
  schedule(): void;
  /** Sends now what is not stored yet; rejects when that cannot be. */
  send(): Promise<void>;
  /** Resolves when no save is running. */
  settled(): Promise<void>;
  /** What would be lost if the window went now; null when everything is stored. */
  backupNow(): Backup | null;
  /** Stops all timers. */
  stop(): void;
}

/** Saves the changes of a draft's store, and tries again until the host has taken them. */
export function createDraftSender(id: string, store: StoreApi<DraftState>): DraftSender {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let dueAt = 0;
  let sending: Promise<void> | null = null;
  let inFlight: PromptContent | null = null;
  let failures = 0;
  const isUnsaved = () => store.getState().save.kind !== 'saved';

  /** Soon after the last key, and at the latest `longestDelayMs` after the first one. */
  const schedule = (): void => {
    const now = performance.now();
    if (timer === undefined) dueAt = now + longestDelayMs;
    clearTimeout(timer);
    timer = setTimeout(sendLater, Math.max(0, Math.min(saveDelayMs, dueAt - now)));
  };

  const sendLater = (): void => {
    // After a failure the next save may fail too, and during a conflict nothing is saved.
    if (failures > 0 || store.getState().conflict !== null) keepBackup(id, backupNow());
    void send().catch(() => {});
  };

  const send = async (): Promise<void> => {
    clearTimeout(timer);
    clearTimeout(retry);
    timer = undefined;
    if (sending !== null) await sending.catch(() => {});
    if (!isUnsaved()) return;
    const { content, typed, prompt: known, conflict } = store.getState();
    if (conflict !== null) throw new AppError('conflict', 'This draft was changed in another window; decide first.');
    const { draft } = known;
    const next = toStored({ content, typed }, draft.content);
    inFlight = next.content;
    sending = client.prompts
      .saveDraft({
        id,
        revision: draft.revision,
        baseVersionId: draft.baseVersion?.id ?? null,
        ...(next.content !== draft.content && { content: next.content }),
        ...(!sameTyped(next.typed, draft.typed) && { typed: next.typed }),
      })
      .then(
        // A save answers where the draft is now; what it says is what was sent.
        (answer) => stored({ ...draft, ...answer, typed: next.typed }, { content, typed }, next),
        (error: unknown) => failed(error, { content, typed }, next),
      )
      .finally(() => {
        sending = null;
        inFlight = null;
      });
    await sending;
  };

  const stored = (draft: Draft, shown: ShownDraft, sent: ShownDraft): void => {
    const { prompt: known, content, typed } = store.getState();
    const unchanged = content === shown.content && typed === shown.typed;
    keepBackup(id, null);
    failures = 0;
    // Keeps the same object for equal content, so that nothing is sent, compared or drawn again.
    const kept = { ...draft, content: sent.content };
    store.setState({ prompt: withDraft(known, kept), save: { kind: unchanged ? 'saved' : 'saving' } });
    if (!unchanged) schedule();
  };

  const failed = async (error: unknown, shown: ShownDraft, sent: ShownDraft): Promise<void> => {
    if (error instanceof AppError && error.code === 'conflict') return compareWithStored(shown, sent);
    failures += 1;
    const isAway = error instanceof AppError && (error.code === 'unavailable' || error.code === 'cancelled');
    store.setState({ save: isAway ? { kind: 'waiting' } : { kind: 'refused', message: messageOf(error) } });
    keepBackup(id, backupNow());
    const delay = isAway ? retryDelayMs : Math.min(longestRetryMs, retryDelayMs * 2 ** (failures - 1));
    // Trying again cannot help when the prompt was deleted.
    const isGone = error instanceof AppError && error.code === 'not_found';
    if (!isGone) retry = setTimeout(() => void send().catch(() => {}), delay);
    throw error;
  };

  /** Another save came first; it may be our own, whose answer was lost with the connection. */
  const compareWithStored = async (shown: ShownDraft, sent: ShownDraft): Promise<void> => {
    const { draft: theirs } = await readPrompt(id);
    if (sameDraft(theirs, { hash: hashContent(sent.content), typed: sent.typed })) return stored(theirs, shown, sent);
    const { prompt: known, typed } = store.getState();
    if (sameExceptFields(theirs, known.draft)) {
      // The other save changed only the base version or texts that are not in effect, so both can be kept.
      const merged = mergeTyped(fieldTexts(known.draft), typed, fieldTexts(theirs));
      store.setState({ prompt: withDraft(known, { ...theirs, content: known.draft.content }), typed: merged });
      return schedule();
    }
    store.setState({ conflict: theirs });
    keepBackup(id, backupNow());
    throw new AppError('conflict', 'This draft was changed in another window. Nothing was overwritten.');
  };

  const backupNow = (): Backup | null => {
    const { content, typed, prompt: known } = store.getState();
    if (!isUnsaved()) return null;
    const { hash, content: before, typed: texts } = known.draft;
    const sent = inFlight === null ? null : hashContent(inFlight);
    return { base: { hash, content: before, typed: { ...texts } }, sent, content, typed: { ...typed }, at: Date.now() };
  };

  return {
    schedule,
    send,
    settled: async () => {
      if (sending !== null) await sending.catch(() => {});
    },
    backupNow,
    stop: () => {
      clearTimeout(timer);
      clearTimeout(retry);
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
