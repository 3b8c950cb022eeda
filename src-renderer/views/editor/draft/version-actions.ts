import { shownNumber } from '../../../../src-core/content/version-name.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';

/** Saves the draft as a version; an empty note is written from the changes. Rejects when it was not saved. */
export async function saveVersion(handle: DraftHandle, note = ''): Promise<void> {
  await handle.flush();
  const { prompt } = handle.store.getState();
  const result = await client.versions.save({ promptId: prompt.id, note, revision: prompt.draft.revision });
  handle.adopt({ prompt: result.prompt });
  const number = shownNumber(result.version);
  if (result.created) toast(`Saved version ${number}`, { description: result.version.note });
  else toast(`No change since version ${number}`, { description: 'There was nothing new to save.' });
}

/** Steps the draft through its journal, or returns it to the version that it started from. */
export async function stepDraft(handle: DraftHandle, step: 'undoDraft' | 'redoDraft' | 'discardDraft'): Promise<void> {
  const draft = await attempt('The draft stays as it is', async () => {
    await handle.flush();
    return client.prompts[step]({ id: handle.store.getState().prompt.id });
  });
  if (draft === null) return;
  handle.adopt({ draft });
  if (step === 'discardDraft')
    toast('The draft is as it was saved', { undo: () => void stepDraft(handle, 'undoDraft') });
}
