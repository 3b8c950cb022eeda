import { z } from 'zod';
import { create } from 'zustand';
import type { PromptSummary } from '../../../src-core/contract/prompts.ts';
import { recall, remember } from '../../live/window-state.ts';

export const arrangements = ['folders', 'updated', 'name'] as const;
export type Arrangement = (typeof arrangements)[number];

const shapeSchema = z.object({
  /** Folders by `/` in names, or one flat list in an order. */
  arrangement: z.enum(arrangements),
  closedFolders: z.array(z.string()),
  /** Null shows the prompts of all projects. */
  project: z.string().nullable(),
});

interface ListState extends z.infer<typeof shapeSchema> {
  readonly search: string;
  readonly tags: readonly string[];
  readonly status: PromptSummary['status'];
  /** Ids that a bulk action works on. */
  readonly selected: ReadonlySet<string>;
}

/** Key under which the shape of the list is remembered. */
export const listKey = 'prompts.list';
const initial = { arrangement: 'folders' as const, closedFolders: [], project: null };

/** What the list of prompts shows; it outlives a switch to another view. */
export const useList = create<ListState>(() => ({
  ...initial,
  search: '',
  tags: [],
  status: 'active',
  selected: new Set(),
}));

/** Restores the list of the last session. */
export function restoreList(): void {
  useList.setState(recall(listKey, shapeSchema, initial));
  useList.subscribe((shape, before) => {
    const keys = ['arrangement', 'closedFolders', 'project'] as const;
    if (keys.every((key) => shape[key] === before[key])) return;
    const { arrangement, closedFolders, project } = shape;
    remember(listKey, { arrangement, closedFolders: [...closedFolders], project });
  });
}

/** Opens or closes a folder. */
export function toggleFolder(folder: string): void {
  useList.setState(({ closedFolders }) => ({
    closedFolders: closedFolders.includes(folder)
      ? closedFolders.filter((other) => other !== folder)
      : [...closedFolders, folder],
  }));
}

/** Takes a prompt into the selection, or out of it. */
export function toggleSelected(id: string): void {
  useList.setState(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    return { selected: next };
  });
}

/** Ends the selection. */
export function clearSelection(): void {
  useList.setState({ selected: new Set() });
}
