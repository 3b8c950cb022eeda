import type { Change } from '../../../src-core/contract/workspace.ts';
import { useConnection } from '../api.ts';
import { keepPrompt } from '../cache/kept-prompts.ts';
import { onChange } from '../changes.ts';
import { clientId } from '../ports.ts';

interface Steps {
  /** The revision that this window knows. */
  readonly revision: () => number;
  /** Reads again what is stored. */
  readonly refresh: () => Promise<void>;
  /** Saves what is not saved yet. */
  readonly send: () => void;
  readonly mayBeSent: () => boolean;
  /** Backs up what a closing page could not save. */
  readonly leave: () => void;
}

/** One save may come as changes of several topics, which are read in one, milliseconds. */
const gatherMs = 20;

/** Follows other windows, a host that comes back, and a page that is left; until the returned function is called. */
export function keepInStep(id: string, { revision, refresh, send, mayBeSent, leave }: Steps): () => void {
  const stop = new AbortController();
  const readAgain = inOne(refresh, stop.signal);
  const unsubscribe = [
    keepPrompt(id),
    onChange((change) => {
      if (concerns(change, id) && isNews(change, id, revision())) readAgain();
    }),
    useConnection.subscribe(({ state }) => {
      if (state.kind === 'open' && mayBeSent()) send();
    }),
  ];
  window.addEventListener('blur', send, { signal: stop.signal });
  window.addEventListener(
    'pagehide',
    () => {
      leave();
      send();
    },
    { signal: stop.signal },
  );
  return () => {
    stop.abort();
    for (const end of unsubscribe) end();
  };
}

/** What this window changed itself was answered with how the prompt is now. */
function concerns({ topic, ids, origin }: Change, id: string): boolean {
  if (origin === clientId) return false;
  if (topic !== 'prompts' && topic !== 'drafts' && topic !== 'versions') return false;
  return ids.length === 0 || ids.includes(id);
}

function isNews({ drafts = [] }: Change, id: string, known: number): boolean {
  return drafts.every(({ promptId, revision }) => promptId !== id || revision > known);
}

/** Works once for calls that come together, and once more for those that come while it works. */
function inOne(work: () => Promise<void>, signal: AbortSignal): () => void {
  let isWanted = false;
  let isBusy = false;
  const start = async () => {
    isBusy = true;
    while (isWanted && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, gatherMs));
      isWanted = false;
      if (!signal.aborted) await work().catch(() => {});
    }
    isBusy = false;
  };
  return () => {
    isWanted = true;
    if (!isBusy) void start();
  };
}
