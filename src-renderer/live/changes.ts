import { topics } from '../../src-core/contract/topics.ts';
import type { Change } from '../../src-core/contract/workspace.ts';
import { client } from './api.ts';
import { refresh } from './cache/refresh.ts';

type Listener = (change: Change) => void;
const listeners = new Set<Listener>();

/** Keeps everything the window has read current, for as long as the signal allows; carries on after a lost connection. */
export async function followChanges(signal: AbortSignal): Promise<void> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      const changes = await client.workspace.changes(undefined, { signal });
      // Nobody listened since the connection was lost, so anything may have changed.
      if (!isFirst) for (const topic of topics) announce({ topic, ids: [], kind: 'changed', origin: null });
      for await (const change of changes) announce(change);
    } catch {
      // The host is away; the banner says so.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function announce(change: Change): void {
  refresh(change);
  for (const listener of listeners) listener(change);
}

/** Calls back with every change that another window or the host made; returns the unsubscriber. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
