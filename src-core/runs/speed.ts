/**
 * A shorter window than this says more about timers and networks than about a model: an endpoint that sends its whole answer
 * at once seems to make hundreds of thousands of tokens per second.
 */
const leastGenerationMs = 50;

/** How much of an answer came, in which time. */
export interface Window {
  /** Tokens that came within the window; those that a model keeps to itself did not. */
  readonly tokens: number | null;
  /** From the first token to the last, milliseconds. */
  readonly generationMs: number | null;
  /** Null where the engine itself took the time of every token. */
  readonly pieces: number | null;
}

/**
 * Tokens per second after the first, with which the window begins. Null for less than two tokens, less than two pieces, or
 * less than `leastGenerationMs`.
 *
 * Runs that share an engine take turns within the window, so theirs is the speed that each got while the others went on,
 * not what the model does alone.
 */
export function speedOf({ tokens, generationMs, pieces }: Window): number | null {
  if (tokens === null || tokens < 2 || generationMs === null || generationMs < leastGenerationMs) return null;
  return pieces === null || pieces >= 2 ? ((tokens - 1) * 1_000) / generationMs : null;
}

interface Measured {
  readonly tokensPerSecond: number | null;
  readonly generationMs: number | null;
}

/**
 * Tokens per second of many answers together: the tokens of those that can be measured ÷ the time in which they came. An
 * average of speeds would let the shortest answer, which is measured worst, count as much as the longest.
 */
export function speedOfAll(answers: readonly Measured[]): number | null {
  let tokens = 0;
  let milliseconds = 0;
  for (const { tokensPerSecond, generationMs } of answers) {
    if (tokensPerSecond === null || generationMs === null || generationMs < leastGenerationMs) continue;
    tokens += (tokensPerSecond * generationMs) / 1_000;
    milliseconds += generationMs;
  }
  return milliseconds === 0 ? null : (tokens * 1_000) / milliseconds;
}
