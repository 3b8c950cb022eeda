import { z } from 'zod';
import { create } from 'zustand';
import { recall, remember } from '../live/window-state.ts';

const tabSchema = z.object({
  /** `kind:id`, unique among tabs. */
  key: z.string(),
  /** Names the editor that shows it, as in `prompt` or `comparison`. */
  kind: z.string(),
  id: z.string(),
  title: z.string(),
  /** A preview tab; the next preview replaces it. */
  preview: z.boolean(),
});
export type Tab = z.infer<typeof tabSchema>;

const stateSchema = z.object({
  tabs: z.array(tabSchema),
  active: z.string().nullable(),
  closed: z.array(tabSchema),
});

interface TabsState extends z.infer<typeof stateSchema> {
  /** Keys of tabs that hold something not saved as a version. */
  readonly dirty: ReadonlySet<string>;
}

/** Key under which the open tabs are remembered. */
export const tabsKey = 'window.tabs';
const closedKept = 20;

/** The open tabs, which of them shows, and those closed before. */
export const useTabs = create<TabsState>(() => ({ tabs: [], active: null, closed: [], dirty: new Set() }));

/** Restores the tabs of the last session. */
export function restoreTabs(): void {
  useTabs.setState(recall(tabsKey, stateSchema, { tabs: [], active: null, closed: [] }));
  useTabs.subscribe(({ tabs, active, closed }, before) => {
    if (tabs === before.tabs && active === before.active && closed === before.closed) return;
    remember(tabsKey, { tabs, active, closed });
  });
}

export interface TabTarget {
  readonly kind: string;
  readonly id: string;
  readonly title: string;
}

/** Shows a tab, opening it when it is not open. */
export function openTab(target: TabTarget, options: { readonly preview?: boolean } = {}): void {
  const key = tabKey(target);
  const preview = options.preview ?? false;
  useTabs.setState(({ tabs, active }) => {
    const open = tabs.find((tab) => tab.key === key);
    if (open !== undefined) {
      const pinned = preview ? tabs : tabs.map((tab) => (tab.key === key ? { ...tab, preview: false } : tab));
      return { tabs: pinned, active: key };
    }
    const tab: Tab = { ...target, key, preview };
    const replaced = preview ? tabs.findIndex((other) => other.preview) : -1;
    if (replaced >= 0) return { tabs: tabs.with(replaced, tab), active: key };
    const after = tabs.findIndex((other) => other.key === active);
    return { tabs: tabs.toSpliced(after < 0 ? tabs.length : after + 1, 0, tab), active: key };
  });
}

/** Key of the tab for an object. */
export function tabKey(target: { readonly kind: string; readonly id: string }): string {
  return `${target.kind}:${target.id}`;
}

/** Shows a tab that is open. */
export function activateTab(key: string): void {
  useTabs.setState({ active: key });
}

/** Closes a tab; the one beside it shows next. */
export function closeTab(key: string): void {
  useTabs.setState(({ tabs, active, closed }) => {
    const index = tabs.findIndex((tab) => tab.key === key);
    const tab = tabs[index];
    if (tab === undefined) return {};
    const left = tabs.toSpliced(index, 1);
    const next = active === key ? (left[Math.min(index, left.length - 1)]?.key ?? null) : active;
    return {
      tabs: left,
      active: next,
      closed: [tab, ...closed.filter((other) => other.key !== key)].slice(0, closedKept),
    };
  });
}

/** Closes every tab but one. */
export function closeOtherTabs(key: string): void {
  for (const tab of useTabs.getState().tabs) if (tab.key !== key) closeTab(tab.key);
  activateTab(key);
}

/** Opens the tab that was closed last. */
export function reopenTab(): void {
  const [tab, ...closed] = useTabs.getState().closed;
  if (tab === undefined) return;
  useTabs.setState({ closed });
  openTab(tab);
}

/** Closes tabs whose object was deleted, and forgets that they were open. */
export function dropTabs(keys: readonly string[]): void {
  for (const key of keys) closeTab(key);
  useTabs.setState(({ closed }) => ({ closed: closed.filter((tab) => !keys.includes(tab.key)) }));
}

/** Shows the tab `step` places to the right, wrapping around. */
export function stepTab(step: number): void {
  const { tabs, active } = useTabs.getState();
  const index = tabs.findIndex((tab) => tab.key === active);
  const next = tabs[(index + step + tabs.length) % tabs.length];
  if (next !== undefined) activateTab(next.key);
}

/** Puts a tab at the place of another one. */
export function moveTab(key: string, to: number): void {
  useTabs.setState(({ tabs }) => {
    const from = tabs.findIndex((tab) => tab.key === key);
    const tab = tabs[from];
    if (tab === undefined || from === to) return {};
    return { tabs: tabs.toSpliced(from, 1).toSpliced(to, 0, tab) };
  });
}

/** Sets the title of a tab and whether it holds unsaved changes; a changed preview tab becomes a lasting one. */
export function describeTab(key: string, description: { readonly title?: string; readonly dirty?: boolean }): void {
  useTabs.setState(({ tabs, dirty }) => {
    const tab = tabs.find((other) => other.key === key);
    if (tab === undefined) return {};
    const title = description.title ?? tab.title;
    const preview = tab.preview && description.dirty !== true;
    const changed = title !== tab.title || preview !== tab.preview;
    const isDirty = description.dirty ?? dirty.has(key);
    return {
      ...(changed && { tabs: tabs.map((other) => (other.key === key ? { ...other, title, preview } : other)) }),
      ...(isDirty !== dirty.has(key) && { dirty: toggled(dirty, key, isDirty) }),
    };
  });
}

function toggled(set: ReadonlySet<string>, key: string, present: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (present) next.add(key);
  else next.delete(key);
  return next;
}
