import { create } from 'zustand';
import type { Usage } from '../../../../src-core/contract/library.ts';
import { useList } from '../list-store.ts';

/** The part of a prompt that these dialogs need. */
export interface NamedPrompt {
  readonly id: string;
  readonly name: string;
}

export type OrganiseDialog =
  | { readonly kind: 'usages'; readonly prompt: NamedPrompt }
  | {
      readonly kind: 'rename';
      readonly prompt: NamedPrompt;
      readonly name: string;
      readonly usages: readonly Usage[];
      /** Carries it out; `rewrite` says whether includes are rewritten. */
      readonly action: (rewrite: boolean) => Promise<void>;
      /** Called once the dialog is closed; false when the name was kept. */
      readonly done: (isRenamed: boolean) => void;
    }
  /** `folder` is without "/" at the end; null asks for that of every project. */
  | { readonly kind: 'folder'; readonly folder: string; readonly project: string | null }
  | ({ readonly kind: 'newProject' } & ProjectQuestion)
  | ({ readonly kind: 'renameProject'; readonly from: string } & ProjectQuestion);

interface ProjectQuestion {
  /** Carries it out with the name that was typed. */
  readonly action: (name: string) => Promise<unknown>;
  /** Called once the dialog is closed; null when it was left without a name. */
  readonly done: (name: string | null) => void;
}

/** Which dialog about the library is open. */
export const useOrganiseDialog = create<{ readonly dialog: OrganiseDialog | null }>(() => ({ dialog: null }));

/** Shows which prompts include a prompt. */
export function showUsages(prompt: NamedPrompt): void {
  useOrganiseDialog.setState({ dialog: { kind: 'usages', prompt } });
}

/** Asks whether the includes of a prompt are renamed with it, and renames; false when it keeps its name. */
export function askToRewrite(
  prompt: NamedPrompt,
  name: string,
  usages: readonly Usage[],
  action: (rewrite: boolean) => Promise<void>,
): Promise<boolean> {
  return new Promise((done) =>
    useOrganiseDialog.setState({ dialog: { kind: 'rename', prompt, name, usages, action, done } }),
  );
}

/** Asks for another path of a folder, in the project that the list shows. */
export function askToMoveFolder(path: string): void {
  useOrganiseDialog.setState({
    dialog: { kind: 'folder', folder: path.replace(/\/$/, ''), project: useList.getState().project },
  });
}

/** Asks for the name of a new project and makes it; null when the person cancels. */
export function askForProject(action: ProjectQuestion['action']): Promise<string | null> {
  return new Promise((done) => useOrganiseDialog.setState({ dialog: { kind: 'newProject', action, done } }));
}

/** Asks for another name of a project and renames it; null when it keeps its name. */
export function askForProjectName(from: string, action: ProjectQuestion['action']): Promise<string | null> {
  return new Promise((done) => useOrganiseDialog.setState({ dialog: { kind: 'renameProject', from, action, done } }));
}

/** Closes whichever is open; what was asked stays as it is. */
export function closeOrganiseDialog(): void {
  const { dialog } = useOrganiseDialog.getState();
  useOrganiseDialog.setState({ dialog: null });
  if (dialog?.kind === 'rename') dialog.done(false);
  else if (dialog !== null && 'done' in dialog) dialog.done(null);
}
