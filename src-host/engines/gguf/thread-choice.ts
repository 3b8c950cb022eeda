/** How many threads to try, most first, then one, then between: the two ends tell most when time is short. */
export function threadCandidates(most: number): readonly number[] {
  const between: number[] = [];
  for (let threads = 2; threads < most; threads *= 2) between.unshift(threads);
  return most <= 1 ? [1] : [most, 1, ...between];
}

export interface ThreadChoice {
  readonly threads: number;
  readonly tokensPerSecond: number;
}

/**
 * Tries the candidates in two rounds and judges each by its slower burst, because what is lucky once collapses under load.
 * `burst` generates briefly with so many threads and returns tokens per second. Stops starting bursts after `budgetMs`.
 */
export async function chooseThreads(
  candidates: readonly number[],
  burst: (threads: number) => Promise<number>,
  budgetMs: number,
): Promise<ThreadChoice> {
  const deadline = performance.now() + budgetMs;
  const speeds = new Map<number, number>();
  const fastest = (): number => Math.max(0, ...speeds.values());
  for (let round = 0; round < 2; round++) {
    for (const threads of candidates) {
      if (performance.now() > deadline) break;
      const before = speeds.get(threads) ?? Number.POSITIVE_INFINITY;
      if (before < fastest() / 2) continue;
      speeds.set(threads, Math.min(before, await burst(threads)));
    }
  }
  return thriftiest(speeds);
}

/** The fewest threads that come close to the fastest: a core that gains nothing is better left to others. */
function thriftiest(speeds: ReadonlyMap<number, number>): ThreadChoice {
  const good = Math.max(...speeds.values()) * 0.9;
  const [threads, tokensPerSecond] = [...speeds].sort(([a], [b]) => a - b).find(([, speed]) => speed >= good) ?? [1, 0];
  return { threads, tokensPerSecond };
}

/** Watches the time between tokens and says when the threads wait for each other more than they work. */
export interface CollapseWatch {
  /** Feeds the milliseconds of one step; true means: use fewer threads. */
  step(milliseconds: number): boolean;
}

/** Collapse: for `windowMs` the steps take on average `factor` times as long as the fastest steps seen. */
export function createCollapseWatch(windowMs = 750, factor = 5): CollapseWatch {
  let fastest = Number.POSITIVE_INFINITY;
  let total = 0;
  let steps = 0;
  return {
    step(milliseconds) {
      fastest = Math.min(fastest, milliseconds);
      total += milliseconds;
      steps += 1;
      if (total < windowMs) return false;
      const collapsed = steps >= 3 && total / steps > fastest * factor;
      total = 0;
      steps = 0;
      // Fewer threads make the fastest step slower: start afresh.
      if (collapsed) fastest = Number.POSITIVE_INFINITY;
      return collapsed;
    },
  };
}
