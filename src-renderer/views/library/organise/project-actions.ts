import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import { refreshDrafts } from '../../../live/drafts/draft-store.ts';
import { useList } from '../list-store.ts';
import { askForProject, askForProjectName } from './organise-dialogs.ts';

/** Makes a project and shows it. */
export async function createProject(): Promise<string | null> {
  return askForProject((given) => client.library.createProject({ name: given }));
}

/** Gives a project another name. */
export async function renameProject(from: string): Promise<void> {
  const to = await askForProjectName(from, (given) => client.library.renameProject({ from, to: given }));
  if (to === null) return;
  useList.setState({ project: to });
}

/** Deletes a project without prompts. */
export async function removeProject(name: string): Promise<void> {
  const done = await attempt(`“${name}” was not deleted`, () => client.library.removeProject({ name }));
  if (done === null) return;
  useList.setState({ project: null });
  toast(`Deleted the project “${name}”`, {
    undo: () => void attempt('Not restored', () => client.library.createProject({ name })),
  });
}

/** Moves prompts to a project, a new one when `project` is null. */
export async function moveToProject(ids: readonly string[], project: string | null): Promise<void> {
  const target = project ?? (await createProject());
  if (target === null) return;
  const done = await attempt('Nothing was moved', () =>
    client.library.moveToProject({ ids: [...ids], project: target }),
  );
  if (done === null) return;
  void refreshDrafts(ids).catch(() => {});
  toast(`Moved ${ids.length === 1 ? 'one prompt' : `${ids.length} prompts`} to “${target}”`);
}

/** Adds a tag to prompts or takes it off. */
export async function tagPrompts(ids: readonly string[], tag: string, kind: 'add' | 'remove'): Promise<void> {
  const done = await attempt('The tags stay as they are', () => client.library.tag({ ids: [...ids], [kind]: [tag] }));
  if (done === null) return;
  void refreshDrafts(done.changed).catch(() => {});
  const other = kind === 'add' ? 'remove' : 'add';
  toast(kind === 'add' ? `Tagged with “${tag}”` : `Took the tag “${tag}” off`, {
    // Undo changes only the prompts that this changed.
    ...(done.changed.length > 0 && { undo: () => void tagPrompts(done.changed, tag, other) }),
  });
}
