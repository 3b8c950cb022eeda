import { type Topic, topics } from '../../src-core/contract/topics.ts';
import type { Change } from '../../src-core/contract/workspace.ts';
import { client, orpc, queryClient } from './api.ts';
import { follow } from './follow.ts';
import { clientId } from './ports.ts';

type Listener = (change: Change) => void;
const listeners = new Set<Listener>();
const throttleMs = 250;
/** Longer for this window's own changes: typing must not reload its lists all the time. */
const ownThrottleMs = 1_000;

/** Queries to reload when something of a topic changes. */
interface Family {
  readonly key: readonly unknown[];
  /** Fields of a query's input that hold ids of this topic; a query for another id is not reloaded. */
  readonly about: readonly string[];
  /** Not reloaded for changes of this window, which reloads it itself. */
  readonly onlyOthers?: boolean;
}

const ofPrompt = ['id', 'promptId'];
const families: Readonly<Record<Topic, readonly Family[]>> = {
  projects: [
    { key: orpc.library.key(), about: [] },
    { key: orpc.prompts.list.key(), about: [] },
  ],
  drafts: [{ key: orpc.prompts.key(), about: ofPrompt }],
  prompts: [
    { key: orpc.prompts.key(), about: ofPrompt },
    { key: orpc.library.key(), about: [], onlyOthers: true },
    { key: orpc.versions.previewMerge.key(), about: ofPrompt },
  ],
  // A version never changes, so those that are read by their own id stay.
  versions: [
    { key: orpc.versions.key(), about: ofPrompt },
    { key: orpc.prompts.key(), about: ofPrompt },
    { key: orpc.labels.key(), about: ofPrompt },
    { key: orpc.library.key(), about: [] },
  ],
  labels: [
    { key: orpc.labels.key(), about: ofPrompt },
    { key: orpc.versions.key(), about: ['promptId'] },
  ],
  models: [{ key: orpc.models.key(), about: [] }],
  runs: [{ key: orpc.runs.key(), about: ['id'] }],
  comparisons: [{ key: orpc.comparisons.key(), about: ['id'] }],
  settings: [{ key: orpc.settings.key(), about: [] }],
};

/** What is to be read again at the end of an interval. */
interface Wait {
  readonly timer: ReturnType<typeof setTimeout>;
  /** Null means any. */
  readonly ids: ReadonlySet<string> | null;
  readonly isOwn: boolean;
}

const waiting = new Map<Topic, Wait>();

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

/**
 * Gathers the changes of a topic and reloads once per interval, because a running comparison or a typist makes many.
 */
function refresh({ topic, ids, origin }: Change): void {
  const before = waiting.get(topic);
  const isOwn = origin === clientId && ids.length > 0 && (before?.isOwn ?? true);
  const all = ids.length === 0 || before?.ids === null ? null : new Set([...(before?.ids ?? []), ...ids]);
  if (before !== undefined && before.isOwn === isOwn) {
    waiting.set(topic, { ...before, ids: all });
    return;
  }
  clearTimeout(before?.timer);
  const timer = setTimeout(() => readAgain(topic), isOwn ? ownThrottleMs : throttleMs);
  waiting.set(topic, { timer, ids: all, isOwn });
}

function readAgain(topic: Topic): void {
  const wait = waiting.get(topic);
  waiting.delete(topic);
  for (const { key, about, onlyOthers = false } of families[topic]) {
    if (wait === undefined || (onlyOthers && wait.isOwn)) continue;
    void queryClient.invalidateQueries({
      queryKey: key,
      predicate: (query) => concerns(query.queryKey, about, wait.ids),
    });
  }
}

/** Whether a query asks for one of these ids, or for no id. */
function concerns(key: readonly unknown[], about: readonly string[], ids: ReadonlySet<string> | null): boolean {
  if (ids === null) return true;
  const input = (key[1] as { readonly input?: Readonly<Record<string, unknown>> } | undefined)?.input;
  const named = about.flatMap((field) => (typeof input?.[field] === 'string' ? [input[field]] : []));
  return named.length === 0 || named.some((id) => ids.has(id));
}
