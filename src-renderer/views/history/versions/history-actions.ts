import { type NumberedVersion, shownNumber } from '../../../../src-core/content/version-name.ts';
import type { Draft } from '../../../../src-core/contract/prompts.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { client, orpc, queryClient } from '../../../live/api.ts';
import { openedDraft } from '../../../live/drafts/draft-store.ts';
import { loadValues, useForms } from '../../../live/drafts/input-values.ts';
import { useEditorLayout } from '../../../workbench/navigation/prompt-layout.ts';
import { openTab, type TabTarget } from '../../../workbench/tabs.ts';
import { startRun } from '../../runs/run-store.ts';

/** A version, and the prompt that it belongs to. */
export interface VersionOf extends NumberedVersion {
  readonly id: string;
  readonly promptId: string;
}

/** Puts a version into the draft: on top of what it started from, or so that saving makes a branch. */
export async function restoreVersion(version: VersionOf, mode: 'onTop' | 'editFrom'): Promise<void> {
  const { promptId, id } = version;
  const number = shownNumber(version);
  const draft = await attempt('The draft stays as it is', async () => {
    await openedDraft(promptId)?.flush();
    return client.versions.restore({ id, mode });
  });
  if (draft === null) return;
  adopt(promptId, draft);
  await showPrompt(promptId);
  const description =
    mode === 'onTop'
      ? 'Save it to make it the latest version.'
      : `What you save next is a branch from version ${number}.`;
  toast(mode === 'onTop' ? `Version ${number} is in the draft` : `Editing from version ${number}`, {
    description,
    undo: () => void undoDraft(promptId),
  });
}

/** Runs a version with the values of its prompt's form, and shows the answer there. */
export async function runVersion(version: VersionOf): Promise<void> {
  const { promptId } = version;
  const done = await attempt('The version was not run', async () => {
    const { content } = await client.versions.get({ id: version.id });
    await loadValues(promptId, content.samples);
    await showPrompt(promptId);
    useEditorLayout.setState({ runPanel: true });
    const inputs = useForms.getState().values[promptId] ?? {};
    await startRun(promptId, { promptId, versionId: version.id, inputs });
    return true;
  });
  // A change of runs does not say whose they are; the timeline counts them.
  if (done !== null) void queryClient.invalidateQueries({ queryKey: orpc.versions.list.key({ input: { promptId } }) });
}

/** Takes the last step of the draft back. */
export async function undoDraft(promptId: string): Promise<void> {
  const draft = await attempt('Nothing was undone', () => client.prompts.undoDraft({ id: promptId }));
  if (draft !== null) adopt(promptId, draft);
}

/** Gives the open editor the draft that the host answered with. */
export function adopt(promptId: string, draft: Draft): void {
  openedDraft(promptId)?.adopt({ draft });
  // Whoever looks at the steps wants to see this one now, not when typing rests.
  void queryClient.invalidateQueries({ queryKey: orpc.prompts.draftSteps.key({ input: { id: promptId } }) });
}

/** Shows the editor of a prompt. */
export async function showPrompt(promptId: string): Promise<void> {
  const prompt = openedDraft(promptId)?.store.getState().prompt ?? (await client.prompts.get({ id: promptId }));
  const target: TabTarget = { kind: 'prompt', id: promptId, title: prompt.title || prompt.name };
  openTab(target);
}
