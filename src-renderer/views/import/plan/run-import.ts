import type { GivenFile, PlannedItem } from '../../../../src-core/contract/packs.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import { flushDrafts, refreshDrafts } from '../../../live/drafts/draft-store.ts';
import { showView } from '../../../workbench/layout.ts';
import { openPrompt } from '../../../workbench/navigation/open-prompt.ts';
import { dropTabs, tabKey } from '../../../workbench/tabs.ts';
import { useList } from '../../library/list-store.ts';
import { type ChosenActions, toldActions } from './actions.ts';
import { counted, keptSentence } from './import-words.ts';
import { type ImportOptions, inputOf } from './use-plan.ts';

/** Imports what a plan says, shows it in the library and offers to take it back; rejects when nothing was imported. */
export async function runImport(
  files: readonly GivenFile[],
  options: ImportOptions,
  items: readonly PlannedItem[],
  chosen: ChosenActions,
): Promise<void> {
  await flushDrafts();
  const done = await client.packs.import({ ...inputOf(files, options), actions: toldActions(items, chosen) });
  const imported = done.items.filter(({ action }) => action !== 'skip');
  const { id } = done;
  if (id === null) return toast('Nothing was imported', { description: 'All of it is here already.' });
  const ids = imported.flatMap(({ promptId }) => promptId ?? []);
  void refreshDrafts(ids).catch(() => {});
  showInLibrary(options.project);
  const [only] = imported;
  if (imported.length === 1 && only !== undefined && only.promptId !== null) {
    const title = items.find(({ key }) => key === only.key)?.title ?? '';
    openPrompt({ id: only.promptId, name: only.name, title });
  }
  const created = imported.filter(({ action }) => action === 'create' || action === 'keep-both');
  toast(`${counted(imported.length, 'prompt')} imported`, {
    undo: () => void undoImport(id, { changed: ids, created }),
  });
}

/** Makes sure that the list is not of something else. */
function showInLibrary(project: string): void {
  showView('prompts');
  useList.setState(({ project: shown }) => ({
    status: 'active',
    search: '',
    tags: [],
    ...(shown !== null && shown !== project && { project }),
  }));
}

/** What an import did, where this window knows it. */
interface KnownImport {
  readonly changed: readonly string[];
  readonly created: readonly { readonly promptId: string | null; readonly name: string }[];
}

/** Takes an import back, and says what stays as it is. */
export async function undoImport(id: string, { changed, created }: KnownImport = { changed: [], created: [] }) {
  const result = await attempt('The import was not taken back', async () => {
    await flushDrafts();
    return client.packs.undo({ id });
  });
  if (result === null) return;
  const { undone, kept } = result;
  // Nobody can go on in a prompt that is in the trash.
  const gone = created.filter(({ name }) => !kept.some((other) => other.name === name));
  dropTabs(gone.flatMap(({ promptId }) => (promptId === null ? [] : tabKey({ kind: 'prompt', id: promptId }))));
  void refreshDrafts(changed).catch(() => {});
  toast(undone === 0 ? 'Nothing was taken back' : `${counted(undone, 'prompt')} taken back`, {
    ...(kept.length > 0 && { description: keptSentence(kept) }),
  });
}
