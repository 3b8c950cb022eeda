import type { InferClientInputs } from '@orpc/client';
import type { Prompt, PromptSummary } from '../../../../src-core/contract/prompts.ts';
import { promptNamePath } from '../../../../src-core/library/drafts/draft-fields.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { confirm } from '../../../components/overlays/confirm.tsx';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { shortcutOf } from '../../../components/shortcut-of.ts';
import { client } from '../../../live/api.ts';
import { type DraftHandle, flushDrafts, openedDraft, refreshDrafts } from '../../../live/drafts/draft-store.ts';
import { currentSettings } from '../../../live/settings.ts';
import { openHistory } from '../../../workbench/navigation/open-history.ts';
import { openPrompt, titleOf } from '../../../workbench/navigation/open-prompt.ts';
import { dropTabs, tabKey } from '../../../workbench/tabs.ts';
import { useList } from '../list-store.ts';
import { askToRewrite, showUsages } from './organise-dialogs.ts';
import { usagesOf, usedByOf } from './usages.ts';

type Status = PromptSummary['status'];
type Changes = InferClientInputs<typeof client>['prompts']['update']['changes'];

/** Makes a prompt with a free name and shows it. */
export async function createPrompt(folder = ''): Promise<void> {
  const { project } = useList.getState();
  const created = await attempt('The prompt was not created', () =>
    withFreeName(`${folder}untitled`, (name) =>
      client.prompts.create({
        ...(project !== null && { project }),
        name,
        content: {
          messages: [
            { role: 'system', content: 'You are a helpful assistant.' },
            { role: 'user', content: '' },
          ],
          settings: { model: currentSettings().defaultModel || null },
        },
      }),
    ),
  );
  if (created === null) return;
  wantedTitle = created.id;
  openPrompt(created);
}

/** A copy beside the original, shown in a tab. */
export async function duplicatePrompt(id: string): Promise<void> {
  const copy = await attempt('The prompt was not duplicated', async () => {
    await openedDraft(id)?.flush();
    return client.prompts.duplicate({ id });
  });
  if (copy === null) return;
  openPrompt(copy);
}

/** Changes metadata of an open prompt; rejects when it was refused. */
export async function updatePrompt(handle: DraftHandle, changes: Changes): Promise<void> {
  const answer = await client.prompts.update({ id: handle.store.getState().prompt.id, changes });
  handle.adopt({ prompt: answer });
}

/** A prompt that was never named takes its name from its title. */
export async function nameAfterTitle(handle: DraftHandle): Promise<void> {
  const { prompt, typed } = handle.store.getState();
  const { name, title } = prompt;
  // A name is being typed.
  if (typed[promptNamePath] !== undefined) return;
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const slug = slugOf(title);
  if (!/^untitled(-\d+)?$/.test(name.slice(folder.length)) || slug === '') return;
  const answer = await attempt('The prompt keeps its name', () =>
    withFreeName(`${folder}${slug}`, (free) =>
      client.prompts.update({ id: handle.store.getState().prompt.id, changes: { name: free } }),
    ),
  );
  if (answer !== null) handle.adopt({ prompt: answer });
}

const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);

/** Gives a prompt another name, asking first when others include it; rejects when the name was refused. */
export async function renamePrompt(prompt: Pick<PromptSummary, 'id' | 'name'>, name: string): Promise<void> {
  if (name === prompt.name) return;
  const { id } = prompt;
  const usages = await usagesOf(id);
  const rename = async (to: string, rewriteIncludes: boolean) => {
    await flushDrafts();
    const answer = await client.library.rename({ id, name: to, rewriteIncludes });
    await refreshDrafts([id, ...answer.rewritten.map(({ promptId }) => promptId)]).catch(() => {});
    return answer;
  };
  const carryOut = async (rewrite: boolean) => {
    const { length } = (await rename(name, rewrite)).rewritten;
    toast(`Renamed to ${name}`, {
      ...(length > 0 && {
        description: `Includes were rewritten in ${length === 1 ? 'one draft' : `${length} drafts`}.`,
      }),
      undo: () => void attempt(`It keeps the name ${name}`, () => rename(prompt.name, rewrite)),
    });
  };
  if (usages.length === 0) await carryOut(false);
  else await askToRewrite(prompt, name, usages, carryOut);
}

const movedTo: Readonly<Record<Status, string>> = {
  active: 'Restored',
  archived: 'Archived',
  trashed: 'Moved to trash:',
};

/** Archives, trashes or restores prompts; the toast takes it back. */
export async function movePrompts(
  prompts: readonly Pick<PromptSummary, 'id' | 'title' | 'name' | 'status'>[],
  status: Status,
): Promise<void> {
  const ids = prompts.map((prompt) => prompt.id);
  const before = prompts[0]?.status;
  if (before === undefined) return;
  const done = await attempt('Nothing was moved', async () => {
    await Promise.all(ids.map((id) => openedDraft(id)?.flush()));
    return setStatus(ids, status);
  });
  if (done === null) return;
  if (status !== 'active') dropTabs(ids.map((id) => tabKey({ kind: 'prompt', id })));
  void refreshDrafts(ids).catch(() => {});
  const what = prompts.length === 1 && prompts[0] ? titleOf(prompts[0]) : `${prompts.length} prompts`;
  toast(`${movedTo[status]} ${what}`, {
    undo: () =>
      void attempt('Nothing was moved back', () => client.prompts.setStatus({ ids, status: before })).then((back) =>
        back === null ? undefined : refreshDrafts(ids).catch(() => {}),
      ),
  });
}

/** Null when other prompts include them and the person cancels. */
async function setStatus(ids: string[], status: Status): Promise<{ readonly ok: true } | null> {
  try {
    return await client.prompts.setStatus({ ids, status });
  } catch (error) {
    const usedBy = usedByOf(error);
    if (usedBy === null) throw error;
    const sure = await confirm({
      title: 'Others include this',
      description: `${usedBy.join(', ')} would no longer render.`,
      action: 'Move to trash anyway',
      danger: true,
    });
    return sure ? client.prompts.setStatus({ ids, status, force: true }) : null;
  }
}

/** Deletes trashed prompts for good, after asking. */
export async function purgePrompts(prompts: readonly PromptSummary[]): Promise<void> {
  const what = prompts.length === 1 && prompts[0] ? `“${titleOf(prompts[0])}”` : `${prompts.length} prompts`;
  const sure = await confirm({
    title: `Delete ${what} for good?`,
    description: 'The draft, all versions and the history go with it; runs stay. This cannot be undone.',
    action: 'Delete for good',
    danger: true,
  });
  if (!sure) return;
  await attempt('Nothing was deleted', () => client.prompts.purge({ ids: prompts.map((prompt) => prompt.id) }));
}

/** What can be done with a prompt wherever it is shown. */
export function promptMenu(prompt: Pick<Prompt, 'id' | 'title' | 'name' | 'status'>): readonly MenuEntry[] {
  return [
    {
      label: 'Duplicate',
      shortcut: shortcutOf('prompt.duplicate'),
      onSelect: () => void duplicatePrompt(prompt.id),
    },
    { label: 'Show history', onSelect: () => openHistory(prompt) },
    { label: 'Where used…', onSelect: () => showUsages(prompt) },
    { label: 'Copy name', onSelect: () => void navigator.clipboard.writeText(prompt.name) },
    { kind: 'separator' },
    { label: 'Archive', onSelect: () => void movePrompts([prompt], 'archived') },
    { label: 'Move to trash', danger: true, onSelect: () => void movePrompts([prompt], 'trashed') },
  ];
}

/** Does something with the first of `base`, `base-2`, `base-3`, … that is not taken. */
async function withFreeName<Result>(base: string, action: (name: string) => Promise<Result>): Promise<Result> {
  for (let number = 1; ; number += 1) {
    try {
      return await action(number === 1 ? base : `${base}-${number}`);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'conflict')) throw error;
    }
  }
}

/** The new prompt whose title field takes the focus as soon as it is drawn. */
let wantedTitle: string | null = null;

/** True once for a prompt that was just made. */
export function takeWantedTitle(id: string): boolean {
  if (wantedTitle !== id) return false;
  wantedTitle = null;
  return true;
}
