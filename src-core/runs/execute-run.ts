import type { Sampling, Tool } from '../contract/content.ts';
import type { Price } from '../contract/models.ts';
import type { JsonObject } from '../contract/shared.ts';
import { AppError, type ErrorData, toAppError } from '../errors.ts';
import { costOf } from '../models/prices.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { ChatMessage, Clock, EngineEvent, Timing } from '../ports.ts';
import { createTurns } from '../turns.ts';
import { createAnswerLimit, isTooLong } from './answer-limit.ts';
import { checkAnswer, longestChecked } from './check-answer.ts';
import type { RunTexts } from './run-text.ts';

/** What is asked, of which models: the first that answers wins. */
export interface Execution {
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
  readonly tools: readonly Tool[];
  readonly responseSchema: JsonObject | null;
  readonly models: readonly string[];
}

/** Hears of progress as it happens. */
export interface ExecutionListener {
  /** Output or reasoning grew, or began anew because another model took over. */
  text(): void;
  note(text: string | null): void;
}

export interface ExecutionResult extends RunTexts {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly model: string;
  readonly identity: JsonObject;
  readonly toolCalls: readonly { id: string; name: string; arguments: string }[];
  readonly finishReason: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly cachedTokens: number | null;
  readonly cost: number | null;
  readonly ttftMs: number | null;
  readonly latencyMs: number;
  readonly tokensPerSecond: number | null;
  readonly generationMs: number | null;
  /** What a reader should know of how it was asked, a sentence each. */
  readonly notes: readonly string[];
  readonly error: ErrorData | null;
  /** Where the answer breaks the response schema; null when that was not checked. */
  readonly schemaProblems: readonly string[] | null;
  readonly attempts: readonly { model: string; error: ErrorData }[];
}

interface Ports {
  readonly clock: Clock;
  resolve(model: string): Promise<ResolvedModel>;
  /** For errors that nobody expected; clients see only that something went wrong. */
  log(message: string, cause: unknown): void;
}

/** Asks the models in turn until one answers, and puts what it says into `texts`. Never throws: a failure is a result. */
export async function execute(
  ports: Ports,
  execution: Execution,
  texts: RunTexts,
  listener: ExecutionListener,
  signal: AbortSignal,
): Promise<ExecutionResult> {
  const attempts: { model: string; error: ErrorData }[] = [];
  for (const [index, model] of execution.models.entries()) {
    const result = await attempt(ports, execution, model, texts, listener, signal);
    const isLast = index === execution.models.length - 1;
    if (result.status !== 'failed' || isLast || result.error === null || isTooLong(result.error))
      return { ...result, attempts };
    attempts.push({ model, error: result.error });
    texts.output.restart();
    texts.reasoning.restart();
    listener.text();
    listener.note(`${model} failed; asking ${execution.models[index + 1]}.`);
  }
  throw new AppError('invalid', 'No model was chosen.');
}

async function attempt(
  ports: Ports,
  execution: Execution,
  modelId: string,
  texts: RunTexts,
  listener: ExecutionListener,
  signal: AbortSignal,
): Promise<Omit<ExecutionResult, 'attempts'>> {
  const answer = startAnswer(ports.clock, texts);
  let resolved: ResolvedModel | null = null;
  try {
    signal.throwIfAborted();
    resolved = await ports.resolve(modelId);
    const turns = createTurns();
    for await (const event of resolved.generate(execution, signal)) {
      answer.take(event, listener);
      // What pours in faster than it is read would otherwise be all that this thread does.
      const turn = turns();
      if (turn !== undefined) await turn;
    }
    return finish('succeeded', null);
  } catch (thrown) {
    if (signal.aborted) return finish('cancelled', null);
    const error = toAppError(thrown);
    if (error.code === 'internal') ports.log(`The run on ${modelId} failed unexpectedly.`, error.cause);
    return finish(error.code === 'cancelled' ? 'cancelled' : 'failed', error.toData());
  }

  function finish(status: ExecutionResult['status'], error: ErrorData | null) {
    const figures = answer.figures(resolved?.price ?? null);
    // A call of a tool is no answer yet.
    const checked = status === 'succeeded' && execution.responseSchema !== null && figures.toolCalls.length === 0;
    return {
      status,
      error,
      model: modelId,
      identity: resolved?.identity ?? {},
      schemaProblems: checked ? checkAnswer(execution.responseSchema, texts.output.slice(0, longestChecked + 1)) : null,
      ...figures,
    };
  }
}

/** Tokens per second, the first one left out; an answer that came in one piece has no speed that could be measured. */
function speedOf(outputTokens: number | null, pieces: number, generationMs: number): number | null {
  if (outputTokens === null || outputTokens < 2 || pieces < 2 || generationMs <= 0) return null;
  return ((outputTokens - 1) * 1_000) / generationMs;
}

/** Folds the events of an engine into an answer and its figures. */
function startAnswer(clock: Clock, { output, reasoning }: RunTexts) {
  let startedAt = clock.monotonic();
  const toolCalls: { id: string; name: string; arguments: string }[] = [];
  const limit = createAnswerLimit();
  let pieces = 0;
  let firstAt: number | null = null;
  let finishReason: string | null = null;
  const notes: string[] = [];
  let timing: Timing | null = null;
  let usage: Extract<EngineEvent, { kind: 'usage' }> | null = null;

  return {
    take(event: EngineEvent, listener: ExecutionListener): void {
      switch (event.kind) {
        case 'started':
          // Loading a model and waiting for a turn say nothing about how fast it answers.
          startedAt = clock.monotonic();
          return;
        case 'delta':
        case 'reasoning':
          if (firstAt === null) listener.note(null);
          firstAt ??= clock.monotonic();
          pieces += 1;
          (event.kind === 'delta' ? output : reasoning).append(limit.take(event.text));
          listener.text();
          limit.check();
          return;
        case 'tool_call': {
          firstAt ??= clock.monotonic();
          const call = toolCalls[event.index] ?? { id: event.id, name: event.name, arguments: '' };
          toolCalls[event.index] = { ...call, arguments: call.arguments + limit.takeCall(event.argumentsDelta) };
          limit.check();
          return;
        }
        case 'retry':
          listener.note(`${event.reason} Trying again in ${Math.max(0.1, event.delayMs / 1_000).toFixed(1)} s.`);
          return;
        case 'usage':
          usage = event;
          return;
        case 'note':
          if (!notes.includes(event.text)) notes.push(event.text);
          return;
        case 'finish':
          finishReason = event.reason;
          timing = event.timing ?? null;
          return;
      }
    },
    figures(price: Price | null) {
      const endedAt = clock.monotonic();
      const generationMs = timing?.generationMs ?? (firstAt === null ? 0 : endedAt - firstAt);
      const outputTokens = usage?.outputTokens ?? null;
      return {
        output,
        reasoning,
        toolCalls,
        finishReason,
        inputTokens: usage?.inputTokens ?? null,
        outputTokens,
        reasoningTokens: usage?.reasoningTokens ?? null,
        cachedTokens: usage?.cachedTokens ?? null,
        notes,
        cost: usage?.cost ?? (usage && price && costOf(usage, price)),
        ttftMs: timing?.ttftMs ?? (firstAt === null ? null : firstAt - startedAt),
        latencyMs: endedAt - startedAt,
        tokensPerSecond: speedOf(outputTokens, pieces, generationMs),
        generationMs: generationMs > 0 ? generationMs : null,
      };
    },
  };
}
