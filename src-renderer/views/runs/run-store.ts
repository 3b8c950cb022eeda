import { create } from 'zustand';
import type { Run, RunEvent, RunStatus } from '../../../src-core/contract/runs.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { client, useConnection } from '../../live/api.ts';
import { followToEnd } from '../../live/follow.ts';
import { seenOf } from './use-run.ts';

/** What the run panel of a prompt shows. */
export interface ShownRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly output: string;
  /** What the model thinks before it answers. */
  readonly reasoning: string;
  /** Why nothing arrives, as in "Loading the model". */
  readonly note: string | null;
  /** The whole run, when it is over. */
  readonly run: Run | null;
  readonly startedAt: number;
}

interface RunsState {
  /** By prompt id. */
  readonly shown: Readonly<Record<string, ShownRun>>;
  /** Why the last run of a prompt could not be started. */
  readonly refused: Readonly<Record<string, Refusal>>;
}

/** What has to change before a run can start: a field of the prompt, the connection to the host, or something else. */
type RefusalReason = 'field' | 'connection' | 'other';

interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

const useRuns = create<RunsState>(() => ({ shown: {}, refused: {} }));
const watches = new Map<string, AbortController>();

/** The run that a prompt's panel shows. */
export function useShownRun(promptId: string): ShownRun | null {
  return useRuns((state) => state.shown[promptId]) ?? null;
}

/** Why the last run of a prompt could not be started. */
export function useRefusal(promptId: string): string | null {
  return useRuns((state) => state.refused[promptId]?.message) ?? null;
}

export function isActive(status: RunStatus): boolean {
  return status === 'queued' || status === 'running';
}

/** Starts a run and shows it. The run belongs to the host: closing or reloading this window does not touch it. */
export async function startRun(promptId: string, input: Parameters<typeof client.runs.start>[0]): Promise<void> {
  forgetRefusal(promptId);
  try {
    const { id } = await client.runs.start(input);
    showRun(promptId, id);
  } catch (error) {
    const isAway = error instanceof AppError && error.code === 'unavailable';
    refuseRun(promptId, error instanceof Error ? error.message : String(error), isAway ? 'connection' : 'other');
  }
}

/** Says in the prompt's panel why a run does not start. */
export function refuseRun(promptId: string, message: string, reason: RefusalReason = 'field'): void {
  useRuns.setState(({ refused }) => ({ refused: { ...refused, [promptId]: { reason, message } } }));
}

/** Removes the refusal, or only one for that reason. */
export function forgetRefusal(promptId: string, reason?: RefusalReason): void {
  useRuns.setState(({ refused }) => {
    const { [promptId]: before, ...others } = refused;
    return before === undefined || (reason !== undefined && before.reason !== reason) ? {} : { refused: others };
  });
}

// A host that is back can be asked again.
useConnection.subscribe(({ state }) => {
  if (state.kind !== 'open') return;
  for (const promptId of Object.keys(useRuns.getState().refused)) forgetRefusal(promptId, 'connection');
});

/** Shows a run in its prompt's panel, from its beginning, and follows it. */
export function showRun(promptId: string, id: string): void {
  watches.get(promptId)?.abort();
  const stop = new AbortController();
  watches.set(promptId, stop);
  const texts = { output: '', reasoning: '' };
  const fresh: ShownRun = { id, status: 'queued', ...texts, note: null, run: null, startedAt: Date.now() };
  useRuns.setState(({ shown }) => ({ shown: { ...shown, [promptId]: fresh } }));
  void watch(promptId, id, stop.signal);
}

/** Shows the prompt's last run, when it shows none: after a reload an active one goes on streaming. */
export async function showLastRun(promptId: string): Promise<void> {
  if (useRuns.getState().shown[promptId] !== undefined) return;
  const { items } = await client.runs.list({ promptId, limit: 1, includeComparisons: false });
  const last = items[0];
  if (last !== undefined && useRuns.getState().shown[promptId] === undefined) showRun(promptId, last.id);
}

/** Stops the run that a prompt's panel shows. */
export async function cancelRun(promptId: string): Promise<void> {
  const shown = useRuns.getState().shown[promptId];
  if (shown !== undefined) await client.runs.cancel({ id: shown.id });
}

/** A run goes on while the host cannot be reached, so each new watch starts where the text ends. */
async function watch(promptId: string, id: string, signal: AbortSignal): Promise<void> {
  const open = () => {
    const seen = useRuns.getState().shown[promptId] ?? { output: '', reasoning: '' };
    return client.runs.watch(seenOf(id, seen), { signal });
  };
  await followToEnd(open, (event) => apply(promptId, id, event), signal).catch(() => forget(promptId, id));
}

function apply(promptId: string, id: string, event: RunEvent): void {
  useRuns.setState(({ shown }) => {
    const before = shown[promptId];
    if (before === undefined || before.id !== id) return {};
    return { shown: { ...shown, [promptId]: next(before, event) } };
  });
}

function next(before: ShownRun, event: RunEvent): ShownRun {
  switch (event.kind) {
    case 'delta':
      return { ...before, status: 'running', note: null, output: before.output.slice(0, event.offset) + event.text };
    case 'reasoning': {
      const reasoning = before.reasoning.slice(0, event.offset) + event.text;
      return { ...before, status: 'running', note: null, reasoning };
    }
    case 'status':
      return { ...before, status: event.status, note: event.note };
    case 'finished':
      return { ...before, ...textsOf(event.run), status: event.run.status, note: null, run: event.run };
  }
}

const textsOf = ({ output, reasoning }: Run) => ({ output, reasoning });

function forget(promptId: string, id: string): void {
  useRuns.setState(({ shown }) => {
    if (shown[promptId]?.id !== id) return {};
    const { [promptId]: _gone, ...others } = shown;
    return { shown: others };
  });
}
