import { useEffect, useState } from 'react';
import { AppError } from '../../src-core/scope/errors.ts';
import { useConnection } from '../live/api.ts';

/** What a dialog does when it is confirmed, and why that failed. */
export interface Submit {
  /** Why it failed the last time, as one sentence; null after a change. */
  readonly problem: string | null;
  readonly isBusy: boolean;
  /** Does it; true when it worked. What was typed stays in the dialog, which says why when it did not. */
  readonly run: (action: () => Promise<unknown>) => Promise<boolean>;
  /** To call when the text changes, which may have solved the problem. */
  readonly forget: () => void;
}

/** Keeps a dialog open for as long as what it does fails. */
export function useSubmit(): Submit {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAway, setAway] = useState(false);
  // A host that is back can be asked again.
  useEffect(
    () =>
      useConnection.subscribe(({ state }, before) => {
        if (isAway && state.kind === 'open' && before.state.kind !== 'open') setProblem(null);
      }),
    [isAway],
  );
  return {
    problem,
    isBusy,
    run: async (action) => {
      setBusy(true);
      setProblem(null);
      try {
        await action();
        return true;
      } catch (error) {
        setAway(error instanceof AppError && error.code === 'unavailable');
        setProblem(error instanceof Error ? error.message : String(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
    forget: () => setProblem(null),
  };
}
