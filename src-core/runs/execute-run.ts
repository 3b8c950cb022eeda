import type { Sampling, Tool } from '../contract/content.ts';
import type { Price } from '../contract/models.ts';
import type { JsonObject } from '../contract/shared.ts';
import { countOf, dollarsOf, measureOf } from '../models/counts.ts';
import { costOf } from '../models/prices.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { ChatMessage, Clock, EngineEvent, StoredBlob, Timing } from '../ports.ts';
import { AppError, type ErrorData, toAppError } from '../scope/errors.ts';
import { createTurns } from '../turns.ts';
import { createAnswerLimit, isTooLong } from './answer-limit.ts';
import { checkAnswer, longestChecked } from './check-answer.ts';
import type { RunText, RunTexts } from './run-text.ts';
import { speedOf } from './speed.ts';

/** What is asked, of which models: the first that answers wins. */
export interface Execution {
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
  readonly tools: readonly Tool[];
  readonly responseSchema: JsonObject | null;
  readonly extra?: JsonObject | undefined;
  readonly blobs?: ReadonlyMap<string, StoredBlob>;
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
      turns.waited();
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
    const empty = status === 'succeeded' ? whyEmpty(figures) : null;
    // What came before a failure is kept, and is not the whole.
    const brokeOff = status === 'failed' && figures.finishReason === null && texts.output.length > 0;
    // A call of a tool is no answer yet.
    const checked = status === 'succeeded' && execution.responseSchema !== null && figures.toolCalls.length === 0;
    return {
      status,
      error,
      model: modelId,
      identity: resolved?.identity ?? {},
      schemaProblems: checked ? checkAnswer(execution.responseSchema, texts.output.slice(0, longestChecked + 1)) : null,
      ...figures,
      finishReason: brokeOff ? 'incomplete' : figures.finishReason,
      notes: empty === null ? figures.notes : [...figures.notes, empty],
    };
  }
}

type Answered = Pick<ExecutionResult, 'output' | 'reasoning' | 'toolCalls' | 'finishReason'>;

/** Whether a text has anything but white space; most show it at once. */
function hasWords(text: RunText): boolean {
  return text.slice(0, 1_000).trim() !== '' || text.toString().trim() !== '';
}

/** Why an answer has neither text nor calls, or null when it has; nobody should take it for a good one. */
function whyEmpty({ output, reasoning, toolCalls, finishReason }: Answered): string | null {
  if (hasWords(output) || toolCalls.length > 0) return null;
  const thought = hasWords(reasoning);
  switch (finishReason) {
    case 'content_filter':
      return 'The answer is empty: the content filter of the endpoint held it back.';
    case 'length':
      return thought
        ? 'The answer is empty: thinking took all the tokens that were allowed. Raise the largest number of tokens.'
        : 'The answer is empty: the largest number of tokens was reached before any text. Raise it.';
    case 'stop':
    case null:
      return thought
        ? 'The answer is empty: the model only thought, and then stopped.'
        : 'The answer is empty: the model stopped without any text.';
    default:
      return `The answer is empty; the endpoint ended it with "${finishReason}".`;
  }
}

/** Counts that the tables and the contract accept, whatever an engine says. */
function countsOf(usage: Extract<EngineEvent, { kind: 'usage' }> | null) {
  const inputTokens = countOf(usage?.inputTokens);
  const cached = countOf(usage?.cachedTokens);
  return {
    inputTokens,
    outputTokens: countOf(usage?.outputTokens),
    reasoningTokens: countOf(usage?.reasoningTokens),
    cachedTokens: cached !== null && inputTokens !== null ? Math.min(cached, inputTokens) : cached,
  };
}

/** Databases end a text at NUL or refuse it, so it is shown by its symbol. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u2400') : text;
}

/** Folds the events of an engine into an answer and its figures. */
function startAnswer(clock: Clock, { output, reasoning }: RunTexts) {
  let startedAt = clock.monotonic();
  // By the engine's index, which may be any number; in the order in which they began.
  const toolCalls = new Map<number, { id: string; name: string; arguments: string }>();
  const limit = createAnswerLimit();
  let pieces = 0;
  let firstAt: number | null = null;
  let lastAt = startedAt;
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
          lastAt = clock.monotonic();
          firstAt ??= lastAt;
          pieces += 1;
          (event.kind === 'delta' ? output : reasoning).append(limit.take(storable(event.text)));
          listener.text();
          limit.check();
          return;
        case 'replace':
          output.restart();
          output.append(storable(event.output));
          reasoning.restart();
          reasoning.append(storable(event.reasoning));
          listener.text();
          return;
        case 'tool_call': {
          lastAt = clock.monotonic();
          firstAt ??= lastAt;
          pieces += 1;
          const call = toolCalls.get(event.index) ?? { id: '', name: '', arguments: '' };
          toolCalls.set(event.index, {
            id: event.id || call.id,
            name: event.name || call.name,
            arguments: call.arguments + limit.takeCall(storable(event.argumentsDelta)),
          });
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
      const read = clock.monotonic() - startedAt;
      const counts = countsOf(usage);
      const ttftMs = measureOf(timing?.ttftMs) ?? (firstAt === null ? null : firstAt - startedAt);
      const generationMs = measureOf(timing?.generationMs) ?? (firstAt === null ? null : lastAt - firstAt);
      // What it thought and did not show was made before its first token came.
      const hidden = reasoning.length === 0 ? (counts.reasoningTokens ?? 0) : 0;
      const tokens = counts.outputTokens === null ? null : counts.outputTokens - hidden;
      const tokensPerSecond = speedOf({ tokens, generationMs, pieces: timing === null ? pieces : null });
      return {
        output,
        reasoning,
        toolCalls: [...toolCalls.values()],
        finishReason,
        ...counts,
        notes,
        cost: dollarsOf(usage?.cost) ?? costOf(counts, price),
        ttftMs,
        // One clock for both: by that of this process, which is told later, a first token could come after the last.
        latencyMs: Math.max(measureOf(timing?.totalMs) ?? read, (ttftMs ?? 0) + (generationMs ?? 0)),
        tokensPerSecond,
        generationMs: tokensPerSecond === null ? null : generationMs,
      };
    },
  };
}
