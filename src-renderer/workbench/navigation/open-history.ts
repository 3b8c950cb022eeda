import { type NumberedVersion, versionName } from '../../../src-core/content/version-name.ts';
import type { DraftHandle } from '../../live/drafts/draft-store.ts';
import { openTab } from '../tabs.ts';
import { draftRef, pairText, type RefPair, versionRef } from './content-ref.ts';
import { type HistoryPart, useHistoryPart } from './history-part.ts';
import { openPrompt } from './open-prompt.ts';
import { useEditorLayout } from './prompt-layout.ts';

/** A version as its tab needs it. */
export interface VersionPlace extends NumberedVersion {
  readonly id: string;
}

/** Shows a comparison in a tab. */
export function openDiff(pair: RefPair, title: string): void {
  openTab({ kind: 'diff', id: pairText(pair), title }, { preview: true });
}

/** Shows how a draft differs from the version it started from; saves what is typed first. */
export async function openDraftDiff(handle: DraftHandle): Promise<void> {
  await handle.flush().catch(() => {});
  const { id, name, draft } = handle.store.getState().prompt;
  if (draft.baseVersion === null) return;
  const pair = { before: versionRef(draft.baseVersion.id), after: draftRef(id) };
  openDiff(pair, `${name}: ${versionName(draft.baseVersion)} → draft`);
}

/** Shows a version, read-only, in a tab. */
export function openVersion(promptName: string, version: VersionPlace): void {
  openTab({ kind: 'version', id: version.id, title: `${promptName} ${versionName(version)}` }, { preview: true });
}

/** Shows the merge of a version into a prompt's draft. */
export function openMerge(promptName: string, promptId: string, theirs: VersionPlace): void {
  openTab({ kind: 'merge', id: `${promptId}~${theirs.id}`, title: `Merge ${versionName(theirs)} into ${promptName}` });
}

/** Shows a prompt with its history. */
export function openHistory(prompt: Parameters<typeof openPrompt>[0]): void {
  showHistory('versions');
  openPrompt(prompt);
}

/** Shows a part of the history beside the prompt that is open. */
export function showHistory(part: HistoryPart): void {
  useHistoryPart.setState({ part });
  useEditorLayout.setState({ side: true, sideTab: 'history' });
}
