import { z } from 'zod';
import { create } from 'zustand';
import { recall, remember } from '../../live/window-state.ts';

const sideTabs = ['inputs', 'preview', 'settings', 'history', 'runs'] as const;
export type SideTab = (typeof sideTabs)[number];

const layoutSchema = z.object({
  sideTab: z.enum(sideTabs),
  side: z.boolean(),
  runPanel: z.boolean(),
  runPlace: z.enum(['below', 'beside']),
});
export type EditorLayout = z.infer<typeof layoutSchema>;

/** Key under which the layout of prompt editors is remembered. */
export const editorLayoutKey = 'prompts.layout';
const initial: EditorLayout = { sideTab: 'inputs', side: true, runPanel: true, runPlace: 'beside' };

/** Which panels prompt editors show; the same for all of them. */
export const useEditorLayout = create<EditorLayout>(() => initial);

/** Restores the layout of the last session. */
export function restoreEditorLayout(): void {
  useEditorLayout.setState(recall(editorLayoutKey, layoutSchema, initial));
  useEditorLayout.subscribe((layout) => remember(editorLayoutKey, { ...layout }));
}
