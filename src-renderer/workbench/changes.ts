import { type Change, type Topic, topics } from '../../src-core/contract/workspace.ts';
import { client, orpc, queryClient } from '../api.ts';

type Listener = (change: Change) => void;
const listeners = new Set<Listener>();
const throttleMs = 250;
const waiting = new Map<Topic, ReturnType<typeof setTimeout>>();

const keys: Readonly<Record<Topic, readonly (readonly unknown[])[]>> = {
  prompts: [orpc.prompts.key(), orpc.library.key(), orpc.versions.previewMerge.key()],
  versions: [orpc.versions.key(), orpc.prompts.key(), orpc.labels.key(), orpc.library.key()],
  labels: [orpc.labels.key(), orpc.versions.key()],
  models: [orpc.models.key()],
  runs: [orpc.runs.key()],
  comparisons: [orpc.comparisons.key()],
  settings: [orpc.settings.key()],
};

/** Keeps everything the window has read current, for as long as the signal allows; carries on after a lost connection. */
export async function followChanges(signal: AbortSignal): Promise<void> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      const changes = await client.workspace.changes(undefined, { signal });
      // Nobody listened since the connection was lost, so anything may have changed.
      if (!isFirst) for (const topic of topics) announce({ topic, ids: [], origin: null });
      for await (const change of changes) announce(change);
    } catch {
      // The host is away; the banner says so.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function announce(change: Change): void {
  refresh(change.topic);
  for (const listener of listeners) listener(change);
}

/** Calls back with every change that another window or the host made; returns the unsubscriber. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Many changes of a kind (a running comparison, someone typing) become one look per interval. */
function refresh(topic: Topic): void {
  if (waiting.has(topic)) return;
  waiting.set(
    topic,
    setTimeout(() => {
      waiting.delete(topic);
      for (const queryKey of keys[topic]) void queryClient.invalidateQueries({ queryKey });
    }, throttleMs),
  );
}
