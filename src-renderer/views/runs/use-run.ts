import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Run, RunEvent } from '../../../src-core/contract/runs.ts';
import { client, orpc, queryClient } from '../../live/api.ts';
import { followToEnd } from '../../live/follow.ts';
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

/** Follows a run; after a lost connection from where the text ends. */
async function followRun(id: string, signal: AbortSignal, show: (live: LiveOutput) => void): Promise<void> {
  const queryKey = orpc.runs.get.queryKey({ input: { id } });
  let state: LiveOutput = { output: '', reasoning: '', status: null, note: null };
  let isFinished = false;
  const take = (event: RunEvent) => {
    if (event.kind === 'finished') {
      isFinished = true;
      queryClient.setQueryData(queryKey, event.run);
      return;
    }
    state = next(state, event);
    if (!signal.aborted) show(state);
  };
  // The query below reports a run that was deleted.
  await followToEnd(() => client.runs.watch(seenOf(id, state), { signal }), take, signal).catch(() => {});
  if (!isFinished && !signal.aborted) await queryClient.invalidateQueries({ queryKey });
}

function next(before: LiveOutput, event: Exclude<RunEvent, { kind: 'finished' }>): LiveOutput {
  switch (event.kind) {
    case 'delta':
      return { ...before, output: before.output.slice(0, event.offset) + event.text, note: null };
    case 'reasoning':
      return { ...before, reasoning: before.reasoning.slice(0, event.offset) + event.text, note: null };
    case 'status':
      return { ...before, status: event.status, note: event.note };
  }
}

/** The input of a watch that continues where the texts end. */
export function seenOf(id: string, { output, reasoning }: Pick<LiveOutput, 'output' | 'reasoning'>) {
  return {
    id,
    after: output.length,
    afterReasoning: reasoning.length,
  };
}
