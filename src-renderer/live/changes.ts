import { topics } from '../../src-core/contract/topics.ts';
import type { Change } from '../../src-core/contract/workspace.ts';
import { client } from './api.ts';
import { refresh } from './cache/refresh.ts';
import { follow } from './follow.ts';

type Listener = (change: Change) => void;
const listeners = new Set<Listener>();

/** Keeps everything the window has read current, for as long as the signal allows; carries on after a lost connection. */
export function followChanges(signal: AbortSignal): Promise<void> {
  let isFirst = true;
  const open = async () => {
    const isAgain = !isFirst;
    isFirst = false;
    const changes = await client.workspace.changes(undefined, { signal });
    // Nobody listened since the connection was lost, so anything may have changed.
    if (isAgain) for (const topic of topics) announce({ topic, ids: [], kind: 'changed', origin: null });
    return changes;
  };
  return follow(open, announce, signal);
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
