import type { RunStatus } from '../contract/runs.ts';
import { createRunText, type RunTexts } from './run-text.ts';

/** A run that this host is working on, as its watchers see it. */
export interface ActiveRun extends RunTexts {
  readonly id: string;
  readonly comparisonId: string | null;
  readonly controller: AbortController;
  status: RunStatus;
  /** Why nothing arrives just now, as in "Waiting 2 s after a rate limit". */
  note: string | null;
  /** The model is done; only the disk is not. */
  answered: boolean;
  /** Another host has taken it over: nothing more of it is written here. */
  isLeft: boolean;
}

/** `text`: output or reasoning grew or started anew; `status`: status or note changed; `finished`: the result is on disk. */
export type RunSignal = 'text' | 'status' | 'finished';
export type RunListener = (run: ActiveRun, signal: RunSignal) => void;

/** The runs under way; they belong to the host, whoever watches. */
export interface ActiveRuns {
  add(id: string, comparisonId: string | null): ActiveRun;
  get(id: string): ActiveRun | undefined;
  notify(run: ActiveRun, signal: RunSignal): void;
  /** Listens to one run. */
  follow(id: string, listener: RunListener): () => void;
  /** Listens to all runs. */
  followAll(listener: RunListener): () => void;
  all(): Iterable<ActiveRun>;
  count(): number;
}

export function createActiveRuns(): ActiveRuns {
  const runs = new Map<string, ActiveRun>();
  const listeners = new Map<string, Set<RunListener>>();
  const everywhere = new Set<RunListener>();
  return {
    add(id, comparisonId) {
      const run: ActiveRun = {
        id,
        comparisonId,
        controller: new AbortController(),
        status: 'queued',
        note: null,
        answered: false,
        isLeft: false,
        output: createRunText(),
        reasoning: createRunText(),
      };
      runs.set(id, run);
      return run;
    },
    get: (id) => runs.get(id),
    notify(run, signal) {
      // One that was left may be under way again by now.
      if (signal === 'finished' && runs.get(run.id) === run) runs.delete(run.id);
      for (const listener of listeners.get(run.id) ?? []) listener(run, signal);
      for (const listener of everywhere) listener(run, signal);
    },
    follow(id, listener) {
      const own = listeners.get(id) ?? new Set();
      listeners.set(id, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(id);
      };
    },
    followAll(listener) {
      everywhere.add(listener);
      return () => {
        everywhere.delete(listener);
      };
    },
    all: () => runs.values(),
    count: () => runs.size,
  };
}
