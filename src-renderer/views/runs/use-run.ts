import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Run } from '../../../src-core/contract/runs.ts';
import { client, orpc, queryClient } from '../../live/api.ts';
import { isLive } from './live.ts';

/** A run as it is now; while it is live its output grows and `note` says why nothing arrives. */
export interface LiveRun {
  readonly run: Run;
  readonly note: string | null;
}

/** Reads a run and follows it while it is live, also after a lost connection; an Error when it cannot be read. */
export function useRun(id: string): LiveRun | Error | null {
  const { data: stored, error } = useQuery(orpc.runs.get.queryOptions({ input: { id } }));
  const live = useLiveOutput(id, stored !== undefined && isLive(stored.status));
  if (stored === undefined) return error ?? null;
  if (live === null || !isLive(stored.status)) return { run: stored, note: null };
  const { output, reasoning, note } = live;
  return { run: { ...stored, status: live.status ?? stored.status, output, reasoning }, note };
}

interface LiveOutput {
  readonly output: string;
  readonly reasoning: string;
  readonly status: Run['status'] | null;
  readonly note: string | null;
}

function useLiveOutput(id: string, enabled: boolean): LiveOutput | null {
  const [live, setLive] = useState<LiveOutput | null>(null);
  useEffect(() => {
    if (!enabled) return;
    const stop = new AbortController();
    void followRun(id, stop.signal, setLive);
    return () => {
      stop.abort();
      setLive(null);
    };
  }, [id, enabled]);
  return live;
}

/** Follows from where the text stands; tries again while the host is away. */
async function followRun(id: string, signal: AbortSignal, show: (live: LiveOutput) => void): Promise<void> {
  let state: LiveOutput = { output: '', reasoning: '', status: null, note: null };
  while (!signal.aborted) {
    try {
      for await (const event of await client.runs.watch(seenOf(id, state), { signal })) {
        if (event.kind === 'finished') {
          queryClient.setQueryData(orpc.runs.get.queryKey({ input: { id } }), event.run);
          return;
        }
        if (event.kind === 'delta')
          state = { ...state, output: state.output.slice(0, event.offset) + event.text, note: null };
        else if (event.kind === 'reasoning')
          state = { ...state, reasoning: state.reasoning.slice(0, event.offset) + event.text, note: null };
        else state = { ...state, status: event.status, note: event.note };
        if (!signal.aborted) show(state);
      }
      return await queryClient.invalidateQueries({ queryKey: orpc.runs.get.queryKey({ input: { id } }) });
    } catch {
      // The banner says that the host is away; the text that came stays on the screen.
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
  }
}

/** What a watch asks for when so much of the texts is there already. */
export function seenOf(id: string, { output, reasoning }: Pick<LiveOutput, 'output' | 'reasoning'>) {
  return {
    id,
    after: output.length,
    afterReasoning: reasoning.length,
  };
}
