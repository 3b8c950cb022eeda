import { useEffect, useState } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { useForms, valuesOf } from '../../../live/drafts/input-values.ts';
import type { Preview } from '../../../live/preview/preview.ts';
import { onIncludesChange, requestPreview } from '../../../live/preview/preview-queue.ts';

/** A preview while its prompt is being edited. */
export interface LivePreview {
  /** The last ones that could be rendered; null when there were none yet. */
  readonly messages: Preview['messages'];
  /** Whether the messages are from before the errors. */
  readonly isStale: boolean;
  readonly problems: Preview['problems'];
}

export type PreviewStore = StoreApi<LivePreview>;

/**
 * Renders while one types. It subscribes to the draft store instead of rendering with the view, so that the worker
 * starts at once and only what shows the preview renders again.
 */
export function useLivePreview(handle: DraftHandle): PreviewStore {
  const [store] = useState<PreviewStore>(() => createStore(() => ({ messages: null, isStale: false, problems: [] })));
  useEffect(() => follow(handle, store), [handle, store]);
  return store;
}

/** A part of a preview. */
export function usePreview<Part>(store: PreviewStore, select: (preview: LivePreview) => Part): Part {
  return useStore(store, select);
}

function follow(handle: DraftHandle, store: PreviewStore): () => void {
  const { id } = handle.store.getState().prompt;
  let isCurrent = true;
  const show = (next: Preview) => {
    if (isCurrent) store.setState((shown) => merged(shown, next));
  };
  const ask = () => {
    const { content } = handle.store.getState();
    requestPreview({ content, values: valuesOf(useForms.getState(), id), done: show });
  };
  const stops = [
    handle.store.subscribe((now, before) => now.content !== before.content && ask()),
    useForms.subscribe((now, before) => valuesOf(now, id) !== valuesOf(before, id) && ask()),
    onIncludesChange(ask),
  ];
  ask();
  return () => {
    isCurrent = false;
    for (const stop of stops) stop();
  };
}

/** Keeps equal parts as the same objects, so that they do not render again. */
function merged(shown: LivePreview, next: Preview): LivePreview {
  const sameProblems = JSON.stringify(shown.problems) === JSON.stringify(next.problems);
  return {
    messages: next.messages ?? shown.messages,
    isStale: next.messages === null,
    problems: sameProblems ? shown.problems : next.problems,
  };
}
