import { availableParallelism, freemem, totalmem } from 'node:os';
import type { GgufInfo, MemoryEstimate } from '../../../src-core/ports.ts';

const mebibyte = 1024 * 1024;
/** Memory of a process with llama.cpp before any weights. */
const processBytes = 120 * mebibyte;
const batchTokens = 512;
const smallestContext = 256;
/** Longer contexts than this are reserved only when asked for: most prompts are short, and memory is better spent on parallel runs. */
const usualContext = 16_384;

/** Bytes that can be used now without swapping. */
export function freeMemory(): number {
  // macOS does not count caches as free, though it frees them at once.
  const system = process.platform === 'darwin' ? Math.max(freemem(), totalmem() / 2) : freemem();
  // A container may have less than its machine.
  return Math.min(system, process.availableMemory());
}

/** Threads for one model; with more than two cores one is left to the interface. */
export function mostThreads(): number {
  const cores = availableParallelism();
  return cores > 2 ? cores - 1 : cores;
}

type Shape = Pick<
  GgufInfo,
  | 'sizeBytes'
  | 'contextLength'
  | 'blockCount'
  | 'embeddingLength'
  | 'headCount'
  | 'headCountKv'
  | 'headLength'
  | 'vocabularySize'
>;

/** What loading takes, for the given context size or, when that is null, for the best one that fits. */
export function estimateMemory(shape: Shape, contextSize: number | null, freeBytes: number): MemoryEstimate {
  const perToken = keyValueBytes(shape);
  const left = freeBytes - fixedBytes(shape) - reserve(freeBytes);
  const largest = Math.min(shape.contextLength, roundDown(left / perToken));
  const tokens = contextSize ?? Math.min(largest, usualContext);
  const chosen = Math.max(tokens, Math.min(smallestContext, shape.contextLength));
  return {
    weightsBytes: shape.sizeBytes,
    contextBytes: computeBytes(shape) + chosen * perToken,
    freeBytes,
    fits: chosen * perToken <= left,
    contextSize: Math.max(0, largest),
  };
}

export interface ContextPlan {
  /** Tokens of each run. */
  readonly contextSize: number;
  /** Runs at the same time. */
  readonly sequences: number;
}

/** A context size and how many runs may share the model at once, or null when the model does not fit. */
export function planContext(
  shape: Shape,
  contextSize: number | null,
  freeBytes: number,
  mostSequences: number,
): ContextPlan | null {
  const estimate = estimateMemory(shape, contextSize, freeBytes);
  if (!estimate.fits) return null;
  const tokens = contextSize ?? Math.min(estimate.contextSize, usualContext);
  const perSequence = tokens * keyValueBytes(shape);
  const left = freeBytes - fixedBytes(shape) - reserve(freeBytes);
  // The first run gets its context in any case, more runs only from half of what is left.
  const sequences = Math.max(1, Math.min(mostSequences, Math.floor(left / 2 / perSequence)));
  return { contextSize: tokens, sequences };
}

/** Bytes of keys and values (16 bits each) that one token of context takes over all layers. */
function keyValueBytes({ blockCount, embeddingLength, headCount, headCountKv, headLength }: Shape): number {
  // Models without attention keep a state of fixed size; counting it per token errs on the safe side.
  const width = headCount === 0 ? embeddingLength : headCountKv * (headLength ?? embeddingLength / headCount);
  return Math.ceil(blockCount * width * 2 * 2);
}

/** Scratch space for one batch: logits and about a dozen activations. */
function computeBytes({ embeddingLength, vocabularySize }: Shape): number {
  return batchTokens * 4 * (vocabularySize + 16 * embeddingLength);
}

function fixedBytes(shape: Shape): number {
  return shape.sizeBytes + computeBytes(shape) + processBytes;
}

/** Bytes reserved for other programs. */
function reserve(freeBytes: number): number {
  return Math.min(512 * mebibyte, freeBytes / 10);
}

function roundDown(tokens: number): number {
  return Math.floor(tokens / smallestContext) * smallestContext;
}
