import type { PromptSummary } from '../../../../src-core/contract/prompts.ts';

/** One line of the list. */
export type ListRow =
  | {
      readonly kind: 'folder';
      /** With "/" at the end. */
      readonly path: string;
      readonly name: string;
      readonly depth: number;
      readonly open: boolean;
      /** Prompts in it and below. */
      readonly count: number;
    }
  | { readonly kind: 'prompt'; readonly prompt: PromptSummary; readonly depth: number }
  /** Stands for a prompt that is not read yet; `index` is its place directly in its folder. */
  | { readonly kind: 'gap'; readonly folder: string; readonly index: number; readonly depth: number };

/** A folder as the host counts it; '' is the top level. */
export interface FolderCount {
  readonly folder: string;
  readonly prompts: number;
  readonly direct: number;
}

/** The prompt at a place directly in a folder, in the order of names; undefined while it is not read. */
export type PromptAt = (folder: string, index: number) => PromptSummary | undefined;

/** Every prompt on a line of its own, without folders. */
export function flatRows(prompts: readonly PromptSummary[]): readonly ListRow[] {
  return prompts.map((prompt) => ({ kind: 'prompt', prompt, depth: 0 }));
}

/** Folders first, by name, then the prompts beside them, read or not; nothing below closed folders. */
export function folderRows(
  folders: readonly FolderCount[],
  closed: readonly string[],
  promptAt: PromptAt,
): readonly ListRow[] {
  const closedPaths = new Set(closed);
  const inside = Map.groupBy(
    folders.filter(({ folder }) => folder !== ''),
    ({ folder }) => folder.slice(0, Math.max(0, folder.lastIndexOf('/'))),
  );
  const rows: ListRow[] = [];
  const add = ({ folder, direct }: FolderCount, depth: number): void => {
    for (const child of inside.get(folder) ?? []) {
      const path = `${child.folder}/`;
      const open = !closedPaths.has(path);
      const name = child.folder.slice(child.folder.lastIndexOf('/') + 1);
      rows.push({ kind: 'folder', path, name, depth, open, count: child.prompts });
      if (open) add(child, depth + 1);
    }
    for (let index = 0; index < direct; index += 1) {
      const prompt = promptAt(folder, index);
      rows.push(prompt ? { kind: 'prompt', prompt, depth } : { kind: 'gap', folder, index, depth });
    }
  };
  const top = folders.find(({ folder }) => folder === '');
  if (top !== undefined) add(top, 0);
  return rows;
}
