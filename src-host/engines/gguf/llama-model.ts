import {
  getLlama,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from 'node-llama-cpp';
import type { Sampling } from '../../../src-core/contract/content.ts';
import type { JsonObject } from '../../../src-core/contract/shared.ts';
import { AppError } from '../../../src-core/errors.ts';
import type { GpuChoice } from '../../../src-core/ports.ts';
import { type ChatTokenizer, createChatFormat } from './chat-format.ts';
import type { EngineReady, GenerateCommand, LoadCommand } from './protocol.ts';
import { createPool } from './sequence-pool.ts';
import { createTextStream } from './text-stream.ts';
import { chooseThreads, createCollapseWatch, threadCandidates } from './thread-choice.ts';

/** A model in this process, ready to generate. */
export interface LoadedModel {
  readonly ready: Omit<EngineReady, 'kind'>;
  generate(command: GenerateCommand, signal: AbortSignal, onText: (text: string) => void): Promise<Generated>;
  count(text: string): number;
}

export interface Generated {
  readonly reason: 'stop' | 'length';
  readonly inputTokens: number;
  readonly outputTokens: number;
}

interface LoadListeners {
  onProgress(fraction: number): void;
  onThreads(threads: number): void;
}

const threadBudgetMs = 1_200;
const burstMs = 120;
const burstTokens = 24;

/** Loads the file with llama.cpp; throws an AppError that says what is wrong with it. */
export async function loadModel(command: LoadCommand, { onProgress, onThreads }: LoadListeners): Promise<LoadedModel> {
  let complaint = '';
  const llama = await startLlama(command.gpu, (message) => {
    complaint = message.trim();
  });
  const { model, context } = await openContext(llama, command, onProgress).catch((error: unknown) => {
    throw new AppError(
      'invalid',
      `llama.cpp cannot load ${command.path}: ${complaint || describe(error)}`,
      undefined,
      error,
    );
  });
  const sequences = Array.from({ length: context.totalSequences }, () => context.getSequence());
  const choice =
    command.threads === null
      ? await measureThreads(context, sequences[0] as LlamaContextSequence, command.maxThreads)
      : { threads: command.threads, tokensPerSecond: null };
  setThreads(context, choice.threads);

  const pool = createPool(sequences);
  const format = createChatFormat(chatTemplateOf(model), tokenizerOf(model));
  const pace = createPace(context, choice.threads, onThreads);

  return {
    ready: {
      contextSize: context.contextSize,
      sequences: context.totalSequences,
      threads: choice.threads,
      tokensPerSecond: choice.tokensPerSecond,
      gpu: llama.gpu === false ? 'cpu' : llama.gpu,
      memoryBytes: process.memoryUsage.rss() + model.memoryUsage.vram + context.memoryUsage.vram,
    },
    count: (text) => model.tokenize(text, false).length,
    async generate({ messages, sampling, responseSchema }, signal, onText) {
      const prompt = format(messages) as readonly Token[];
      const room = roomFor(prompt.length, context.contextSize);
      const options = { ...samplerOptions(sampling, model), ...(await grammarOptions(llama, model, responseSchema)) };
      const sequence = await pool.acquire(signal);
      try {
        await sequence.clearHistory();
        await pace.readPrompt(sequence, prompt.slice(0, -1), signal);
        const limit = Math.min(room, sampling.maxTokens ?? room);
        const text = createTextStream(
          (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
          prompt,
          sampling.stop ?? [],
        );
        return await speak({ sequence, prompt, options, limit, text, pace, signal, onText });
      } finally {
        pool.release(sequence);
      }
    },
  };
}

async function startLlama(gpu: GpuChoice, onComplaint: (message: string) => void): Promise<Llama> {
  try {
    return await getLlama({
      gpu: gpu === 'cpu' ? false : gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      // No limit of its own: the number of threads is measured here.
      maxThreads: 0,
      logLevel: LlamaLogLevel.error,
      logger: (_level, message) => onComplaint(message),
    });
  } catch (error) {
    throw new AppError(
      'unavailable',
      `llama.cpp does not start with "${gpu}" on this machine: ${describe(error)}`,
      undefined,
      error,
    );
  }
}

async function openContext(llama: Llama, command: LoadCommand, onProgress: (fraction: number) => void) {
  const model = await llama.loadModel({ modelPath: command.path, onLoadProgress: onProgress });
  const context = await model.createContext({
    contextSize: command.contextSize,
    sequences: command.sequences,
    threads: command.threads ?? command.maxThreads,
  });
  return { model, context };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How many tokens can follow the prompt. */
function roomFor(promptTokens: number, contextSize: number): number {
  if (promptTokens === 0) throw new AppError('invalid', 'The prompt is empty: write at least one character.');
  const room = contextSize - promptTokens;
  if (room >= 1) return room;
  throw new AppError(
    'invalid',
    `The prompt has ${promptTokens} tokens, but the context of this model holds ${contextSize} including the answer: shorten the prompt or load the model with a larger context.`,
    { promptTokens, contextSize },
  );
}

function chatTemplateOf(model: LlamaModel): string | null {
  const template: unknown = model.fileInfo.metadata.tokenizer?.chat_template;
  return typeof template === 'string' && template !== '' ? template : null;
}

function tokenizerOf(model: LlamaModel): ChatTokenizer {
  const { bos, bosString, eosString, shouldPrependBosToken } = model.tokens;
  const special = new Map<number, boolean>();
  return {
    tokenize: (text, parseSpecial, inside) =>
      model.tokenize(text, parseSpecial, inside ? 'trimLeadingSpace' : undefined),
    isSpecial(token) {
      const known = special.get(token) ?? model.isSpecialToken(token as Token);
      special.set(token, known);
      return known;
    },
    bos: bos === null || bosString === null ? null : { token: bos, text: bosString },
    eosText: eosString,
    prependBos: shouldPrependBosToken,
  };
}

/**
 * What a person sets is all that applies. What they leave open is the file's own recommendation, else the defaults of
 * llama.cpp; its cuts of unlikely tokens (top-k, min-p) apply only while `topP` is left open too.
 */
function samplerOptions(sampling: Sampling, model: LlamaModel): SequenceEvaluateOptions {
  const own: Readonly<Record<string, unknown>> = Object(Object(model.fileInfo.metadata.general).sampling);
  const recommended = (name: string, otherwise: number): number => {
    const value = own[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const open = sampling.topP === undefined;
  return {
    temperature: sampling.temperature ?? recommended('temp', 0.8),
    topP: sampling.topP ?? recommended('top_p', 0.95),
    topK: open ? recommended('top_k', 40) : 0,
    minP: open ? recommended('min_p', 0.05) : 0,
    seed: sampling.seed ?? Math.floor(Math.random() * 2 ** 32),
  };
}

async function grammarOptions(
  llama: Llama,
  model: LlamaModel,
  schema: JsonObject | null,
): Promise<SequenceEvaluateOptions> {
  if (schema === null) return {};
  try {
    const grammar = await llama.createGrammarForJsonSchema(
      schema as Parameters<Llama['createGrammarForJsonSchema']>[0],
    );
    return { grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }) };
  } catch (error) {
    throw new AppError(
      'invalid',
      `The response schema cannot be turned into a grammar: ${describe(error)}`,
      undefined,
      error,
    );
  }
}

interface Speech {
  readonly sequence: LlamaContextSequence;
  readonly prompt: readonly Token[];
  readonly options: SequenceEvaluateOptions;
  readonly limit: number;
  readonly text: ReturnType<typeof createTextStream>;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}

/** Generates token by token until the model ends its turn, a stop string appears or the limit is reached. */
async function speak({ sequence, prompt, options, limit, text, pace, signal, onText }: Speech): Promise<Generated> {
  let outputTokens = 0;
  let reason: Generated['reason'] = 'stop';
  let last = performance.now();
  for await (const token of sequence.evaluate(prompt.slice(-1), options)) {
    signal.throwIfAborted();
    const now = performance.now();
    pace.step(now - last);
    last = now;
    outputTokens += 1;
    const visible = text.push(token);
    if (visible !== '') onText(visible);
    if (text.stopped) break;
    if (outputTokens >= limit) {
      reason = 'length';
      break;
    }
  }
  signal.throwIfAborted();
  const rest = text.end();
  if (rest !== '') onText(rest);
  return { reason: text.stopped ? 'stop' : reason, inputTokens: prompt.length, outputTokens };
}

interface Pace {
  /** Evaluates in pieces short enough that a cancelled run ends in time. */
  readPrompt(sequence: LlamaContextSequence, tokens: readonly Token[], signal: AbortSignal): Promise<void>;
  /** Told the milliseconds that each token took; halves the threads when they only wait for each other. */
  step(milliseconds: number): void;
}

const pieceMs = 80;
const smallestPiece = 16;

function createPace(context: LlamaContext, threads: number, onThreads: (threads: number) => void): Pace {
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

async function measureThreads(context: LlamaContext, sequence: LlamaContextSequence, most: number) {
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
function setThreads(context: LlamaContext, threads: number): void {
  const inner = context as unknown as { _idealThreads: number; _freeReservedThreads: () => void };
  inner._idealThreads = threads;
  inner._freeReservedThreads();
}
