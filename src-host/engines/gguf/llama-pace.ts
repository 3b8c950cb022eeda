import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';
import { chooseThreads, createCollapseWatch, threadCandidates } from './thread-choice.ts';

const threadBudgetMs = 1_200;
const burstMs = 120;
const burstTokens = 24;

/** Keeps one context's work in steps of bearable length. */
export interface Pace {
  /** Evaluates in pieces short enough that a cancelled run ends in time. */
  readPrompt(sequence: LlamaContextSequence, tokens: readonly Token[], signal: AbortSignal): Promise<void>;
  /** Told the milliseconds that each token took; halves the threads when they only wait for each other. */
  step(milliseconds: number): void;
}

const pieceMs = 80;
const smallestPiece = 16;

/** `onThreads` hears when the threads were lowered because the machine is busy. */
export function createPace(context: LlamaContext, threads: number, onThreads: (threads: number) => void): Pace {
  const watch = createCollapseWatch();
  let current = threads;
  let reading = 0;
  let piece = 64;
  return {
    async readPrompt(sequence, tokens, signal) {
      reading += 1;
      try {
        for (let from = 0; from < tokens.length; ) {
          signal.throwIfAborted();
          const part = tokens.slice(from, from + piece);
          const started = performance.now();
          await sequence.evaluateWithoutGeneratingNewTokens(part);
          const took = performance.now() - started;
          from += part.length;
          if (took < pieceMs / 2) piece = Math.min(context.batchSize, piece * 2);
          if (took > pieceMs) piece = Math.max(smallestPiece, Math.floor(piece / 2));
        }
      } finally {
        reading -= 1;
      }
      signal.throwIfAborted();
    },
    step(milliseconds) {
      // Other runs' prompts slow every step down; that says nothing about threads.
      if (current <= 1 || reading > 0 || !watch.step(milliseconds)) return;
      current = Math.floor(current / 2);
      setThreads(context, current);
      onThreads(current);
    },
  };
}

/** Generates a few tokens with different numbers of threads, `most` at most, and picks the best number. */
export async function measureThreads(context: LlamaContext, sequence: LlamaContextSequence, most: number) {
  const burst = async (threads: number, milliseconds: number): Promise<number> => {
    setThreads(context, threads);
    await sequence.clearHistory();
    const start = [context.model.tokens.bos ?? context.model.tokens.eos ?? (0 as Token)];
    const started = performance.now();
    let tokens = 0;
    for await (const _token of sequence.evaluate(start, { temperature: 0, yieldEogToken: true })) {
      tokens += 1;
      if (tokens >= Math.min(burstTokens, context.contextSize - 2) || performance.now() - started > milliseconds) break;
    }
    return (tokens * 1_000) / (performance.now() - started);
  };
  // The first token brings the weights into memory, whatever the threads.
  await burst(1, 0);
  return chooseThreads(threadCandidates(most), (threads) => burst(threads, burstMs), threadBudgetMs);
}

/**
 * node-llama-cpp fixes the threads when a context is made; these two members of its (pinned) version are read before every
 * decode, so that setting them spares a new context, which would lose every run's state.
 */
export function setThreads(context: LlamaContext, threads: number): void {
  const inner = context as unknown as { _idealThreads: number; _freeReservedThreads: () => void };
  inner._idealThreads = threads;
  inner._freeReservedThreads();
}
