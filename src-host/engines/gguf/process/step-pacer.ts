import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';
import { chooseThreads, createCollapseWatch, threadCandidates } from './thread-choice.ts';

const threadBudgetMs = 1_200;
const burstMs = 120;
const burstTokens = 24;
const lightStepMs = 150;

/** Divides the work of one context into short steps. */
export interface StepPacer {
  begin(): Turn;
}

/** One run's share of the context. */
export interface Turn {
  /** Evaluates the prompt except its tail, in short pieces, so that a cancelled run ends soon; returns the tail. */
  readPrompt(sequence: LlamaContextSequence, prompt: readonly Token[], signal: AbortSignal): Promise<readonly Token[]>;
  /** To be called for every generated token. */
  tick(): void;
  end(): void;
}

const pieceMs = 80;
const smallestPiece = 16;

/** `onThreads` is called when the threads were halved because they mostly wait for each other. */
export function createStepPacer(
  context: LlamaContext,
  threads: number,
  onThreads: (threads: number) => void,
): StepPacer {
  const watch = createCollapseWatch(patientStepMs(context.model.size));
  let current = threads;
  let piece = smallestPiece;
  let turns = 0;
  let reading = 0;
  /** Changes whenever a prompt begins or ends, because steps across that say nothing about threads. */
  let readings = 0;

  const step = (milliseconds: number): void => {
    if (current <= 1 || !watch.step(milliseconds / turns)) return;
    current = Math.floor(current / 2);
    setThreads(context, current);
    onThreads(current);
  };

  return {
    begin() {
      let isReading = true;
      let last = 0;
      let lastReadings = -1;
      turns += 1;
      reading += 1;
      readings += 1;

      const stopReading = (): void => {
        if (!isReading) return;
        isReading = false;
        reading -= 1;
        readings += 1;
      };

      return {
        async readPrompt(sequence, prompt, signal) {
          let from = 0;
          while (prompt.length - from > piece) {
            signal.throwIfAborted();
            const part = prompt.slice(from, from + piece);
            const started = performance.now();
            await sequence.evaluateWithoutGeneratingNewTokens(part);
            from += part.length;
            const took = performance.now() - started;
            if (took < pieceMs / 2) piece = Math.min(context.batchSize, piece * 2);
            if (took > pieceMs) piece = Math.max(smallestPiece, Math.floor(piece / 2));
          }
          signal.throwIfAborted();
          return prompt.slice(from);
        },
        tick() {
          stopReading();
          const now = performance.now();
          if (reading === 0 && lastReadings === readings) step(now - last);
          last = now;
          lastReadings = readings;
        },
        end() {
          stopReading();
          turns -= 1;
        },
      };
    },
  };
}

/** Time for one thread of an old machine to read all weights once, as every token needs. */
function patientStepMs(weightBytes: number): number {
  return 2 + weightBytes / 2_000_000;
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
  const light = patientStepMs(context.model.size) < lightStepMs;
  // The first token loads the weights into memory, with any number of threads.
  await burst(light ? 1 : most, 0);
  return chooseThreads(threadCandidates(most, light), (threads) => burst(threads, burstMs), threadBudgetMs);
}

/**
 * Sets the threads of an existing context. node-llama-cpp fixes them when a context is made, but reads these two
 * private members of the pinned version before every decode; a new context would lose the state of all runs.
 */
export function setThreads(context: LlamaContext, threads: number): void {
  const inner = context as unknown as { _idealThreads: number; _freeReservedThreads: () => void };
  inner._idealThreads = threads;
  inner._freeReservedThreads();
}
