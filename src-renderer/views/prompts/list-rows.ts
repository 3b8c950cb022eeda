import type { PromptSummary } from '../../../src-core/contract/prompts.ts';

/** One line of the list. */
export type ListRow =
  | {
      readonly kind: 'folder';
      readonly path: string;
      readonly name: string;
      readonly depth: number;
      readonly open: boolean;
      readonly count: number;
    }
  | { readonly kind: 'prompt'; readonly prompt: PromptSummary; readonly depth: number };

interface Folder {
  readonly path: string;
  readonly name: string;
  readonly folders: Map<string, Folder>;
  readonly prompts: PromptSummary[];
}

const newFolder = (path: string, name: string): Folder => ({ path, name, folders: new Map(), prompts: [] });

/** Every prompt on a line of its own, without folders. */
export function flatRows(prompts: readonly PromptSummary[]): readonly ListRow[] {
  return prompts.map((prompt) => ({ kind: 'prompt', prompt, depth: 0 }));
}

/** Folders first, by name; prompts in the order they came; nothing below closed folders. */
export function folderRows(prompts: readonly PromptSummary[], closed: readonly string[]): readonly ListRow[] {
  const root = newFolder('', '');
  for (const prompt of prompts) folderOf(root, prompt.name).prompts.push(prompt);
  return rowsOf(root, 0, new Set(closed));
}

function folderOf(root: Folder, name: string): Folder {
  let folder = root;
  for (const part of name.split('/').slice(0, -1)) {
    const path = `${folder.path}${part}/`;
    const next = folder.folders.get(part) ?? newFolder(path, part);
    folder.folders.set(part, next);
    folder = next;
  }
  return folder;
}

function rowsOf(folder: Folder, depth: number, closed: ReadonlySet<string>): ListRow[] {
  const rows: ListRow[] = [];
  for (const child of [...folder.folders.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const open = !closed.has(child.path);
    rows.push({ kind: 'folder', path: child.path, name: child.name, depth, open, count: countOf(child) });
    if (open) rows.push(...rowsOf(child, depth + 1, closed));
  }
  for (const prompt of folder.prompts) rows.push({ kind: 'prompt', prompt, depth });
  return rows;
}

const countOf = (folder: Folder): number =>
  [...folder.folders.values()].reduce((sum, child) => sum + countOf(child), folder.prompts.length);
