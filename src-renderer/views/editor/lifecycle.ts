import { openedDraft, releaseDraft } from '../../live/drafts/draft-store.ts';
import { loadMonaco } from '../../monaco/load.ts';
import { disposeModels } from '../../monaco/text/text-models.ts';
import { editorLayoutKey, restoreEditorLayout } from '../../workbench/navigation/prompt-layout.ts';
import { useTabs } from '../../workbench/tabs.ts';
import { restoreDiffLayout } from '../history/diff/diff-layout.ts';
import { listKey, restoreList } from '../library/list-store.ts';
import { openSample } from './first-start.ts';

/** Keys of what must be known before prompts show. */
export const promptStateKeys = [editorLayoutKey, listKey];

/** Restores the last session, and shows a sample at the first start; called once, when the state has been loaded. */
export async function startPrompts(isFirstStart: boolean): Promise<void> {
  restoreEditorLayout();
  restoreList();
  // The window must open even when the host goes away now.
  await restoreDiffLayout().catch(() => {});
  if (isFirstStart && useTabs.getState().tabs.length === 0) await openSample().catch(() => {});
  // Loaded while the window is idle, so that the first editor opens at once.
  setTimeout(() => void loadMonaco(), 300);
}

/** Saves and drops prompts whose tab is closed. */
export function followClosedTabs(): () => void {
  return useTabs.subscribe(({ tabs }, before) => {
    for (const tab of before.tabs) {
      if (tab.kind !== 'prompt' || tabs.some((other) => other.key === tab.key)) continue;
      const isShown = () => useTabs.getState().tabs.some((other) => other.key === tab.key);
      void releaseDraft(tab.id, isShown).then(() => {
        if (openedDraft(tab.id) === undefined) disposeModels(`prompt:///${tab.id}/`);
      });
    }
  });
}
