import { useConnection } from '../api.ts';
import { onChange } from '../changes.ts';
import { clientId } from '../ports.ts';

interface Steps {
  /** Reads again what is stored. */
  readonly refresh: () => Promise<void>;
  /** Saves what is not saved yet. */
  readonly send: () => void;
  readonly mayBeSent: () => boolean;
  /** Backs up what a closing page could not save. */
  readonly leave: () => void;
}

/**
 * Reacts to changes of other windows, a host that is back and a closing page, until the returned function is called.
 */
export function keepInStep(id: string, { refresh, send, mayBeSent, leave }: Steps): () => void {
  const stop = new AbortController();
  const unsubscribe = [
    onChange(({ topic, ids, origin }) => {
      if (origin === clientId || (topic !== 'prompts' && topic !== 'versions')) return;
      if (ids.length === 0 || ids.includes(id)) void refresh().catch(() => {});
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
