import { create } from 'zustand';
import type { Usage } from '../../../../src-core/contract/library.ts';
import { useList } from '../../prompts/list-store.ts';

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
      /** Whether includes are rewritten; null keeps the name. */
      readonly answer: (rewrite: boolean | null) => void;
    }
  /** `folder` is without "/" at the end; null asks for that of every project. */
  | { readonly kind: 'folder'; readonly folder: string; readonly project: string | null }
  | { readonly kind: 'newProject'; readonly answer: (name: string | null) => void }
  | { readonly kind: 'renameProject'; readonly from: string; readonly answer: (name: string | null) => void };

/** Which dialog about the library is open. */
export const useOrganiseDialog = create<{ readonly dialog: OrganiseDialog | null }>(() => ({ dialog: null }));

/** Shows which prompts include a prompt. */
export const showUsages = (prompt: NamedPrompt): void =>
  useOrganiseDialog.setState({ dialog: { kind: 'usages', prompt } });

/** Asks whether the includes of a prompt are renamed with it. */
export const askToRewrite = (prompt: NamedPrompt, name: string, usages: readonly Usage[]): Promise<boolean | null> =>
  new Promise((answer) => useOrganiseDialog.setState({ dialog: { kind: 'rename', prompt, name, usages, answer } }));

/** Asks for another path of a folder, in the project that the list shows. */
export const askToMoveFolder = (path: string): void =>
  useOrganiseDialog.setState({
    dialog: { kind: 'folder', folder: path.replace(/\/$/, ''), project: useList.getState().project },
  });

/** Asks for the name of a new project. */
export const askForProject = (): Promise<string | null> =>
  new Promise((answer) => useOrganiseDialog.setState({ dialog: { kind: 'newProject', answer } }));

/** Asks for another name of a project. */
export const askForProjectName = (from: string): Promise<string | null> =>
  new Promise((answer) => useOrganiseDialog.setState({ dialog: { kind: 'renameProject', from, answer } }));

/** Closes whichever is open; what was asked stays as it is. */
export function closeOrganiseDialog(): void {
  const { dialog } = useOrganiseDialog.getState();
  useOrganiseDialog.setState({ dialog: null });
  if (dialog !== null && 'answer' in dialog) dialog.answer(null);
}
