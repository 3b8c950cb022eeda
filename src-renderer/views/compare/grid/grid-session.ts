import { useEffect, useSyncExternalStore } from 'react';
import { client } from '../../../live/api.ts';
import { onChange } from '../../../live/changes.ts';
import { followToEnd } from '../../../live/follow.ts';
import { createGridStore, type GridStore, type GridSummary } from './grid-store.ts';

interface Session {
  readonly store: GridStore;
  /** Views that show it now. */
  viewers: number;
  stop: AbortController | null;
}

/** Grids by comparison; the last ones stay in memory, so that switching tabs shows them at once. */
const sessions = new Map<string, Session>();
const kept = 6;

/** The live grid of a comparison; watched for as long as it is shown. */
export function useGrid(id: string): GridStore {
  const session = sessionOf(id);
  useEffect(() => {
    session.viewers += 1;
    watchGrid(id);
    const stopChanges = onChange((change) => {
      if (change.topic === 'comparisons' && change.ids.includes(id)) watchGrid(id);
    });
    return () => {
      stopChanges();
      session.viewers -= 1;
      if (session.viewers > 0) return;
      session.stop?.abort();
      session.stop = null;
    };
  }, [id, session]);
  return session.store;
}

/** Counts and totals of a grid. */
export function useGridSummary(grid: GridStore): GridSummary {
  return useSyncExternalStore(grid.subscribeSummary, grid.summary);
}

/** Watches a shown grid again, as after some of its cells were run again. */
export function watchGrid(id: string): void {
  const session = sessions.get(id);
  if (session === undefined || session.viewers === 0 || session.stop !== null) return;
  session.stop = new AbortController();
  void watch(id, session, session.stop.signal);
}

/** Watches until all cells are done or no view shows the grid. */
async function watch(id: string, session: Session, signal: AbortSignal): Promise<void> {
  // A comparison that was deleted in another window is watched no longer.
  await followToEnd(() => client.comparisons.watch({ id }, { signal }), session.store.apply, signal).catch(() => {});
  if (session.stop?.signal === signal) session.stop = null;
}

function sessionOf(id: string): Session {
  const known = sessions.get(id);
  if (known !== undefined) return known;
  const session: Session = { store: createGridStore(), viewers: 0, stop: null };
  sessions.set(id, session);
  for (const [old, { viewers }] of sessions) {
    if (sessions.size <= kept) break;
    if (viewers === 0 && old !== id) sessions.delete(old);
  }
  return session;
}
