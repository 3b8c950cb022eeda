import type { Change, Topic } from '../../src-core/contract/workspace.ts';
import { client, orpc, queryClient } from '../api.ts';

type Listener = (change: Change) => void;
const listeners = new Set<Listener>();
const throttleMs = 250;
const waiting = new Map<Topic, ReturnType<typeof setTimeout>>();

const keys: Readonly<Record<Topic, readonly (readonly unknown[])[]>> = {
  prompts: [orpc.prompts.key(), orpc.library.key()],
  versions: [orpc.versions.key(), orpc.prompts.key(), orpc.labels.key(), orpc.library.key()],
  labels: [orpc.labels.key(), orpc.versions.key()],
  models: [orpc.models.key()],
  runs: [orpc.runs.key()],
  comparisons: [orpc.comparisons.key()],
  settings: [orpc.settings.key()],
};

/** Keeps everything the window has read current, for as long as the signal allows; carries on after a lost connection. */
export async function followChanges(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const change of await client.workspace.changes(undefined, { signal })) {
        refresh(change.topic);
        for (const listener of listeners) listener(change);
      }
    } catch {
      // Whatever changed while nobody listened is fetched again.
      if (!signal.aborted) await queryClient.invalidateQueries();
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500));
  }
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
