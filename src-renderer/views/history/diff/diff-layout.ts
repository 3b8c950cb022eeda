import { z } from 'zod';
import { create } from 'zustand';
import { loadState, recall, remember } from '../../../live/window-state.ts';

const layoutSchema = z.object({
  /** One column instead of two. */
  inline: z.boolean(),
  shows: z.enum(['source', 'rendered']),
});
type DiffLayout = z.infer<typeof layoutSchema>;

const layoutKey = 'diff.layout';

/** How differences show; the same everywhere. */
export const useDiffLayout = create<DiffLayout>(() => ({ inline: false, shows: 'source' }));

/** Restores the layout of the last session. */
export async function restoreDiffLayout(): Promise<void> {
  await loadState(layoutKey);
  useDiffLayout.setState(recall(layoutKey, layoutSchema, useDiffLayout.getState()));
  useDiffLayout.subscribe((layout) => remember(layoutKey, { ...layout }));
}
