/**
 * Numbers of threads to try, in order. A `light` model tries one thread first, which answers at once and is the
 * fallback when more collapse; a heavy model tries it last, because one token would take seconds.
 */
export function threadCandidates(most: number, light: boolean): readonly number[] {
  const fewer: number[] = [];
  for (let threads = 1; threads < most; threads *= 2) fewer.unshift(threads);
  const descending = [most, ...fewer];
  return light ? [1, ...descending.filter((threads) => threads !== 1)] : descending;
}

export interface ThreadChoice {
  readonly threads: number;
  readonly tokensPerSecond: number;
}

/**
 * Tries the candidates in two rounds and takes the slower burst of each, because a single fast burst may be luck.
 * `burst` generates briefly with so many threads and returns tokens per second. Starts no burst after `budgetMs`.
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
  return fewestThreads(speeds);
}

/** The fewest threads that come close to the fastest, to leave cores to other programs. */
function fewestThreads(speeds: ReadonlyMap<number, number>): ThreadChoice {
  const good = Math.max(...speeds.values()) * 0.9;
  const [threads, tokensPerSecond] = [...speeds].sort(([a], [b]) => a - b).find(([, speed]) => speed >= good) ?? [1, 0];
  return { threads, tokensPerSecond };
}

/** Watches the time between tokens and says when the threads wait for each other more than they work. */
export interface CollapseWatch {
  /** Takes the milliseconds of one step; true means that fewer threads should be used. */
  step(milliseconds: number): boolean;
}

/** Fewer slow steps may be chance. */
const fewestSteps = 3;

/**
 * Collapse means that for `windowMs` the average step takes `factor` times as long as the fastest step, or as
 * `expectedMs`, because threads that wait for each other from the start never show a fast step.
 */
export function createCollapseWatch(expectedMs: number, windowMs = 750, factor = 5): CollapseWatch {
  let fastest = expectedMs;
  let total = 0;
  let steps = 0;
  return {
    step(milliseconds) {
      fastest = Math.min(fastest, milliseconds);
      total += milliseconds;
      steps += 1;
      if (total < windowMs || steps < fewestSteps) return false;
      const collapsed = total / steps > fastest * factor;
      total = 0;
      steps = 0;
      // With fewer threads the fastest step is slower, so it is measured anew.
      if (collapsed) fastest = expectedMs;
      return collapsed;
    },
  };
}
