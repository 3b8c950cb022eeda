import {
  getLlama,
  InsufficientMemoryError,
  type Llama,
  type LlamaContextSequence,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from 'node-llama-cpp';
import type { Sampling } from '../../../../src-core/contract/content.ts';
import type { GpuChoice } from '../../../../src-core/contract/models.ts';
import type { JsonObject } from '../../../../src-core/contract/shared.ts';
import type { Timing, TokenCount } from '../../../../src-core/ports.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import type { TextMessage } from '../text-messages.ts';
import { type ChatTokenizer, createChatFormat } from './chat-format.ts';
import type { EngineReady, GenerateCommand, LoadCommand } from './protocol.ts';
import { createPool } from './sequence-pool.ts';
import { createStepPacer, measureThreads, setThreads, type Turn } from './step-pacer.ts';
import { createTextStream } from './text-stream.ts';

export interface GenerationListener {
  /** Called when the preparation that cannot be interrupted is done. */
  onPrepared(): void;
  /** Called when the request gets its sequence; `thinking` when the prompt ends with an open `<think>`. */
  onStart(thinking: boolean): void;
  onText(text: string): void;
}

/** A model in this process, ready to generate. */
export interface LoadedModel {
  readonly ready: Omit<EngineReady, 'kind'>;
  generate(command: GenerateCommand, signal: AbortSignal, listener: GenerationListener): Promise<Generated>;
  count(messages: readonly TextMessage[]): TokenCount;
  dispose(): Promise<void>;
}

export interface Generated {
  readonly reason: 'stop' | 'length';
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null when no token came. */
  readonly timing: Timing | null;
}

interface LoadListeners {
  onProgress(fraction: number): void;
  onThreads(threads: number): void;
}

/** Loads the file with llama.cpp; throws an AppError that says what is wrong with it. */
export async function loadModel(command: LoadCommand, { onProgress, onThreads }: LoadListeners): Promise<LoadedModel> {
  let nativeMessage = '';
  const llama = await startLlama(command.gpu, (message) => {
    // The first message of llama.cpp names the cause, later ones only that loading failed.
    nativeMessage ||= message.trim().replace(/^\w+: (error loading model: )?/, '');
  });
  const { model, context } = await openContext(llama, command, onProgress).catch((error: unknown) => {
    const code = error instanceof InsufficientMemoryError ? 'unavailable' : 'invalid';
    throw new AppError(
      code,
      `llama.cpp cannot load ${command.path}: ${nativeMessage || describe(error)}`,
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
  const longestToken = longestTokenOf(model);
  const pace = createStepPacer(context, choice.threads, onThreads);

  return {
    ready: {
      notice: format.understood
        ? null
        : `The chat template of ${command.path} cannot be used; conversations are written plainly.`,
      contextSize: context.contextSize,
      sequences: context.totalSequences,
      threads: choice.threads,
      tokensPerSecond: choice.tokensPerSecond,
      gpu: llama.gpu === false ? 'cpu' : llama.gpu,
      memoryBytes: process.memoryUsage.rss() + model.memoryUsage.vram + context.memoryUsage.vram,
    },
    dispose: () => model.dispose(),
    count: (messages) => ({
      counts: messages.map(({ content }) => model.tokenize(content, false).length),
      total: format.tokens(messages).length,
    }),
    async generate({ messages, sampling, responseSchema }, signal, { onPrepared, onStart, onText }) {
      checkLength(messages, context.contextSize * longestToken);
      const prompt = format.tokens(messages) as readonly Token[];
      const room = roomFor(prompt.length, context.contextSize);
      const options = { ...samplerOptions(sampling, model), ...(await grammarOptions(llama, model, responseSchema)) };
      onPrepared();
      const sequence = await pool.acquire(signal, (each) => commonStart(each, prompt));
      onStart(leavesThinkingOpen(model, prompt));
      const startedAt = performance.now();
      const turn = pace.begin();
      try {
        const known = await keepCommonStart(sequence, prompt);
        const tail = await turn.readPrompt(sequence, prompt.slice(known), signal);
        const limit = Math.min(room, sampling.maxTokens ?? room);
        const text = createTextStream(
          (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
          prompt,
          sampling.stop ?? [],
        );
        const spoken = await speak({ sequence, tail, options, limit, text, turn, signal, startedAt, onText });
        return { ...spoken, inputTokens: prompt.length };
      } catch (error) {
        // After an error the state of the sequence is unknown; after a cancel it is valid.
        if (!signal.aborted) await sequence.clearHistory();
        throw error;
      } finally {
        turn.end();
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
      // No limit here, because the number of threads is measured below.
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
  const { path, contextSize, sequences, threads, maxThreads } = command;
  const model = await llama.loadModel({
    modelPath: path,
    onLoadProgress: onProgress,
    gpuLayers: { fitContext: { contextSize: contextSize * sequences } },
  });
  const context = await model.createContext({ contextSize, sequences, threads: threads ?? maxThreads });
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

/** Refuses a text that exceeds the context in any tokenization before it is tokenized, which may take minutes. */
function checkLength(messages: readonly TextMessage[], most: number): void {
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  if (characters <= most) return;
  throw new AppError(
    'invalid',
    `The prompt has ${characters.toLocaleString('en')} characters, which cannot fit into the context of this model: shorten it or load the model with a larger context.`,
    { characters },
  );
}

/** Characters of the longest token, to bound the length of a text of n tokens. */
function longestTokenOf(model: LlamaModel): number {
  const tokens: unknown = model.fileInfo.metadata.tokenizer?.ggml?.tokens;
  const lengths: readonly number[] = Array.isArray(tokens) ? tokens.map((token) => String(token).length) : [256];
  // Some tokenizers make one token of any number of unknown characters.
  return lengths.reduce((longest, length) => Math.max(longest, length), 64);
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
 * Settings of the person come first, then the file's recommendation, then the defaults of llama.cpp, whose top-k and
 * min-p apply only while `topP` is not set.
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
      `The response schema cannot be turned into a grammar (${describe(error).replace(/\.$/, '')}): simplify it, as with smaller numbers of minItems, maxItems, minLength and maxLength, or choose a remote model.`,
      undefined,
      error,
    );
  }
}

/**
 * How many tokens of the prompt the sequence has already evaluated; never all, because the last one must be evaluated
 * to get an answer.
 */
function commonStart(sequence: LlamaContextSequence, prompt: readonly Token[]): number {
  // A recurrent model has one state and cannot go back to an earlier one.
  if (sequence.model.fileInsights.isRecurrent) return 0;
  const { firstDifferentIndex } = sequence.compareContextTokens([...prompt]);
  return Math.min(firstDifferentIndex, prompt.length - 1);
}

/** Removes what does not belong to this prompt from the sequence; returns how many of its tokens are evaluated. */
async function keepCommonStart(sequence: LlamaContextSequence, prompt: readonly Token[]): Promise<number> {
  const common = commonStart(sequence, prompt);
  if (common === 0) await sequence.clearHistory();
  else await sequence.eraseContextTokenRanges([{ start: common, end: sequence.nextTokenIndex }]);
  // What could not be kept is removed from the sequence too.
  return sequence.nextTokenIndex;
}

/** Chat templates of models that always think write the opening tag themselves. */
function leavesThinkingOpen(model: LlamaModel, prompt: readonly Token[]): boolean {
  return model.detokenize(prompt.slice(-8), true).trimEnd().endsWith('<think>');
}

interface Speech {
  readonly sequence: LlamaContextSequence;
  /** The last tokens of the prompt, not yet evaluated. */
  readonly tail: readonly Token[];
  readonly options: SequenceEvaluateOptions;
  readonly limit: number;
  readonly text: ReturnType<typeof createTextStream>;
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** When the request's turn began, on the clock of `performance`. */
  readonly startedAt: number;
  readonly onText: (text: string) => void;
}

/** Generates token by token until the model ends its turn, a stop string appears or the limit is reached. */
async function speak({ sequence, tail, options, limit, text, turn, signal, startedAt, onText }: Speech) {
  let outputTokens = 0;
  let firstAt = 0;
  let lastAt = 0;
  let reason: Generated['reason'] = 'stop';
  for await (const token of sequence.evaluate([...tail], options)) {
    signal.throwIfAborted();
    turn.tick();
    outputTokens += 1;
    lastAt = performance.now();
    if (outputTokens === 1) firstAt = lastAt;
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
  const timing = outputTokens === 0 ? null : { ttftMs: firstAt - startedAt, generationMs: lastAt - firstAt };
  return { reason: text.stopped ? ('stop' as const) : reason, outputTokens, timing };
}
