import { useStore } from 'zustand';
import { readPrompt } from '../cache/kept-prompts.ts';
import { readBackup } from './draft-backup.ts';
import { createDraftHandle, type DraftHandle } from './draft-handle.ts';
import type { DraftState } from './draft-state.ts';

export type { DraftHandle };

const handles = new Map<string, Promise<DraftHandle>>();
const opened = new Map<string, DraftHandle>();

/** The draft of a prompt; fetched when it is not open in this window. */
export function openDraft(id: string): Promise<DraftHandle> {
  let handle = handles.get(id);
  if (handle === undefined) {
    handle = readPrompt(id).then(async (prompt) => {
      const created = createDraftHandle(prompt, await readBackup(id));
      opened.set(id, created);
      return created;
    });
    handle.catch(() => handles.delete(id));
    handles.set(id, handle);
  }
  return handle;
}

/** The draft of a prompt when it is open in this window. */
export function openedDraft(id: string): DraftHandle | undefined {
  return opened.get(id);
}

/** Saves what is typed in any of the drafts that are open in this window, before something else changes them. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...opened.values()].map((handle) => handle.flush()));
}

/** Reads those of these prompts again that are open in this window. */
export async function refreshDrafts(ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => opened.get(id)?.refresh()));
}

/** Saves a draft whose tab was closed and drops it, unless it is shown again by then. */
export async function releaseDraft(id: string, isShown: () => boolean): Promise<void> {
  const handle = opened.get(id);
  if (handle === undefined) return;
  await handle.flush().catch(() => {});
  const { save, conflict } = handle.store.getState();
  // What is not saved stays here, and shows again when the prompt is opened.
  if (save.kind !== 'saved' || conflict !== null || isShown()) return;
  handle.dispose();
  opened.delete(id);
  handles.delete(id);
}

/** A part of a draft's state. */
export function useDraft<Part>(handle: DraftHandle, select: (state: DraftState) => Part): Part {
  return useStore(handle.store, select);
}
