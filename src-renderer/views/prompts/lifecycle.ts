import { loadMonaco } from '../../monaco/load.ts';
import { disposeModels } from '../../monaco/text-models.ts';
import { useTabs } from '../../workbench/tabs.ts';
import { restoreDiffLayout } from '../history/diff/diff-layout.ts';
import { openedDraft, releaseDraft } from './draft-store.ts';
import { restoreEditorLayout } from './editor-store.ts';
import { openSample } from './first-start.ts';
import { restoreList } from './list-store.ts';

/** What must be known before prompts show; called once at the start of the window. */
export async function startPrompts(isFirstStart: boolean): Promise<void> {
  await Promise.all([restoreEditorLayout(), restoreList(), restoreDiffLayout()]);
  if (isFirstStart && useTabs.getState().tabs.length === 0) await openSample();
  // Read while the window has nothing else to do, so that the first editor is there at once.
  setTimeout(() => void loadMonaco(), 300);
}

/** Saves and lets go of prompts whose tab is closed. */
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
