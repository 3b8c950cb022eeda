import { z } from 'zod';
import { create } from 'zustand';
import { recall, remember } from '../live/window-state.ts';

const layoutSchema = z.object({ view: z.string(), sidebar: z.boolean() });
type Layout = z.infer<typeof layoutSchema>;

/** Key under which the chosen view is remembered. */
export const layoutKey = 'window.layout';

/** Which view the side bar shows, and whether it shows. */
export const useLayout = create<Layout>(() => ({ view: 'prompts', sidebar: true }));

/** Restores the layout of the last session. */
export function restoreLayout(): void {
  useLayout.setState(recall(layoutKey, layoutSchema, useLayout.getState()));
  useLayout.subscribe((layout) => remember(layoutKey, { ...layout }));
}

/** Shows a view's side list. */
export function showView(view: string): void {
  useLayout.setState({ view, sidebar: true });
}

/** Shows or hides the side bar. */
export function toggleSidebar(): void {
  useLayout.setState(({ sidebar }) => ({ sidebar: !sidebar }));
}
