import { useEffect, useRef, useState } from 'react';
import type { GivenFile } from '../../../../src-core/contract/packs.ts';
import { client } from '../../../live/api.ts';
import { flushDrafts } from '../../../live/drafts/draft-store.ts';
import type { Plan } from './plan-rows.ts';

/** Where prompts go, and what their files are read as. */
export interface ImportOptions {
  readonly project: string;
  readonly folder: string;
  /** By path. */
  readonly formats: Readonly<Record<string, string>>;
}

export interface PlanState {
  /** The last one that was made; null before the first. */
  readonly plan: Plan | null;
  readonly problem: string | null;
  /** It is not that of the files and options as they are now. */
  readonly isStale: boolean;
  /** Makes it again, as after the library has changed. */
  readonly again: () => void;
}

const typingMs = 300;

/** Keeps the plan of files current with the options; null options ask for none, as while a field is not valid. */
export function usePlan(files: readonly GivenFile[], options: ImportOptions | null): PlanState {
  const [round, setRound] = useState(0);
  const [made, setMade] = useState<{
    readonly of: string;
    readonly plan: Plan | null;
    readonly problem: string | null;
  }>({ of: '', plan: null, problem: null });
  const wanted = options === null ? null : JSON.stringify([round, options]);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` says all that the options say
  useEffect(() => {
    if (options === null || wanted === null) return;
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        isFirst.current = false;
        makePlan(files, options, stop.signal).then(
          (plan) => !stop.signal.aborted && setMade({ of: wanted, plan, problem: null }),
          (error: unknown) => {
            if (stop.signal.aborted) return;
            const problem = error instanceof Error ? error.message : String(error);
            setMade(({ plan }) => ({ of: wanted, plan, problem }));
          },
        );
      },
      isFirst.current ? 0 : typingMs,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [files, wanted]);
  return {
    plan: made.plan,
    problem: made.problem,
    isStale: made.of !== wanted,
    again: () => setRound((before) => before + 1),
  };
}

async function makePlan(files: readonly GivenFile[], options: ImportOptions, signal: AbortSignal): Promise<Plan> {
  // What is typed in an open prompt counts as what is here.
  await flushDrafts().catch(() => {});
  return client.packs.plan(inputOf(files, options), { signal });
}

/** What both planning and importing are asked with. */
export function inputOf(files: readonly GivenFile[], { project, folder, formats }: ImportOptions) {
  return { files: [...files], project, folder, formats: { ...formats } };
}
