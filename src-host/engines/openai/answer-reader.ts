import { createThinkingStream } from '../../../src-core/models/thinking.ts';
import type { EngineEvent, FinishReason } from '../../../src-core/ports.ts';
import {
  EndpointFailure,
  type Failure,
  failureOfAnswer,
  failureOfDrop,
  failureOfStatus,
  messageIn,
  type Place,
  quote,
} from './failures.ts';
import { createSseParser, type SseParser } from './sse.ts';

/**
 * Turns the text of one answer, as it arrives, into engine events. Throws `EndpointFailure`, but only after the events that
 * came before the fault.
 */
export interface AnswerReader {
  push(text: string): Iterable<EngineEvent>;
  /** The answer ended: what is left, then usage (when known) and the finish. */
  end(): Iterable<EngineEvent>;
  /** True once the stream said that it is done, even if the connection stays open. */
  readonly done: boolean;
}

const maxEventChars = 4_000_000;

/** Endpoints send any subset of this, so every field is doubted. */
interface Chunk {
  readonly choices?: readonly Choice[];
  readonly usage?: Usage | null;
  readonly x_groq?: { readonly usage?: Usage | null };
  readonly error?: unknown;
}

interface Choice {
  readonly delta?: Delta | null;
  /** In place of `delta` when the answer is not a stream. */
  readonly message?: Delta | null;
  readonly finish_reason?: string | null;
}

interface Delta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  /** What the model thinks, as DeepSeek, vLLM and SGLang name it; OpenRouter, Ollama and Groq say `reasoning`. */
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly tool_calls?: readonly ToolCallDelta[] | null;
}

interface ToolCallDelta {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown };
}

interface Usage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: unknown } | null;
}

type Format = 'unknown' | 'sse' | 'json';

/** A reader for one answer: a stream, or plain JSON from an endpoint that does not stream. */
export function createAnswerReader(place: Place): AnswerReader {
  let format: Format = 'unknown';
  let text = '';
  let done = false;
  let sawOutput = false;
  let sawToolCall = false;
  let sawData = false;
  let finish: string | null = null;
  let usage: Extract<EngineEvent, { kind: 'usage' }> | null = null;
  const thinking = createThinkingStream(false);
  const sse = createSseParser(maxEventChars, () => new EndpointFailure(tooLarge(place)));

  function readChunk(chunk: Chunk): readonly EngineEvent[] {
    if (chunk.error) throw new EndpointFailure(failureInStream(place, chunk.error));
    usage = usageOf(chunk.usage ?? chunk.x_groq?.usage) ?? usage;
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!choice) return [];
    finish = choice.finish_reason ?? finish;
    const delta = choice.delta ?? choice.message;
    if (!delta) return [];
    const events = [
      ...thoughtEvents(delta),
      ...thinking.push(textOf(delta.content) || textOf(delta.refusal)),
      ...toolCallEvents(delta),
    ];
    sawOutput ||= events.length > 0;
    sawToolCall ||= events.some((event) => event.kind === 'tool_call');
    return events;
  }

  function readData(data: string): readonly EngineEvent[] {
    if (done) return [];
    sawData = true;
    if (data.trim() === '[DONE]') {
      done = true;
      return [];
    }
    return readChunk(parseChunk(place, data));
  }

  function* readSse(read: (parser: SseParser) => readonly string[]): Generator<EngineEvent> {
    for (const data of read(sse)) yield* readData(data);
  }

  function closing(): readonly EngineEvent[] {
    if (finish === null && !(done && sawOutput))
      throw new EndpointFailure(unfinished(place, { sawOutput, sawData, sawText: text !== '' }));
    if (finish === 'error')
      throw new EndpointFailure(
        failureOfAnswer('broken_stream', `${place.endpoint} ended its answer with an error that it does not explain.`),
      );
    const reason = sawToolCall && finish === 'stop' ? 'tool_calls' : finishReasonOf(finish);
    return [...(usage ? [usage] : []), { kind: 'finish', reason }];
  }

  return {
    *push(more) {
      if (format === 'sse') return yield* readSse((parser) => parser.push(more));
      // White space before an answer says nothing, and looking through all of it with each piece takes for ever.
      text = format === 'unknown' ? (text + more).trimStart() : text + more;
      if (format === 'unknown') format = formatOf(place, text);
      if (format === 'sse') yield* readSse((parser) => parser.push(text));
    },
    *end() {
      if (format === 'sse') yield* readSse((parser) => parser.end());
      if (format === 'json') yield* readChunk(parseChunk(place, text));
      yield* thinking.end();
      yield* closing();
    },
    get done() {
      return done;
    },
  };
}

/** Content types lie; the first character does not. */
function formatOf(place: Place, text: string): Format {
  const start = text.trimStart();
  if (start === '') return 'unknown';
  if (start.startsWith('<')) throw new EndpointFailure(webPage(place));
  return start.startsWith('{') ? 'json' : 'sse';
}

function parseChunk(place: Place, data: string): Chunk {
  const value = parseJson(data);
  if (typeof value === 'object' && value !== null) return value;
  const message = `${place.endpoint} sent something that is not part of a chat completion${quote(place, data.slice(0, 10_000))}.`;
  throw new EndpointFailure(failureOfAnswer('broken_stream', message));
}

/** Undefined when it is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function thoughtEvents({ reasoning_content, reasoning, content }: Delta): EngineEvent[] {
  const text = textOf(reasoning_content) || textOf(reasoning) || thoughtsIn(content);
  return text === '' ? [] : [{ kind: 'reasoning', text }];
}

/** Mistral sends thoughts as a part of the content with parts of its own. */
function thoughtsIn(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content.map((part: { readonly thinking?: unknown } | null) => textOf(part?.thinking)).join('');
}

/** Text, or text among the parts of a structured content. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { readonly text?: unknown } | null) => (typeof part?.text === 'string' ? part.text : ''))
    .join('');
}

function toolCallEvents(delta: Delta): EngineEvent[] {
  return (Array.isArray(delta.tool_calls) ? (delta.tool_calls as readonly ToolCallDelta[]) : []).map(
    (call, position) => {
      const args = call.function?.arguments ?? '';
      return {
        kind: 'tool_call',
        index: call.index ?? position,
        id: call.id ?? '',
        name: call.function?.name ?? '',
        argumentsDelta: typeof args === 'string' ? args : JSON.stringify(args),
      };
    },
  );
}

function usageOf(usage: Usage | null | undefined): Extract<EngineEvent, { kind: 'usage' }> | null {
  if (typeof usage?.prompt_tokens !== 'number' || typeof usage.completion_tokens !== 'number') return null;
  const thought = usage.completion_tokens_details?.reasoning_tokens;
  return {
    kind: 'usage',
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    ...(typeof thought === 'number' && { reasoningTokens: thought }),
  };
}

function finishReasonOf(reason: string | null): FinishReason {
  switch (reason) {
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length';
    case 'tool_calls':
    case 'function_call':
      return 'tool_calls';
    case 'content_filter':
      return 'content_filter';
    default:
      return 'stop';
  }
}

/** Some endpoints answer 200 and put the true status into the stream. */
function failureInStream(place: Place, error: unknown): Failure {
  const code = typeof error === 'object' && error !== null ? (error as { readonly code?: unknown }).code : undefined;
  const status = typeof code === 'number' && code >= 400 && code < 600 ? code : 500;
  if (status !== 500) return failureOfStatus(place, { status, headers: new Headers(), body: { error }, now: 0 });
  const said = quote(place, messageIn({ error }));
  return {
    ...failureOfAnswer('server_error', `${place.endpoint} failed while it answered${said}.`),
    retryable: true,
  };
}

function tooLarge(place: Place): Failure {
  return failureOfAnswer(
    'broken_stream',
    `${place.endpoint} sent one event of more than 4 MB, which PromptDev does not read.`,
  );
}

function unfinished(
  place: Place,
  seen: { readonly sawOutput: boolean; readonly sawData: boolean; readonly sawText: boolean },
): Failure {
  if (seen.sawOutput) return failureOfDrop(place);
  if (seen.sawData || !seen.sawText)
    return failureOfAnswer('broken_stream', `${place.endpoint} sent an empty answer: no text, no finish reason.`);
  return failureOfAnswer(
    'not_openai',
    `${place.endpoint} answered with something that is not a chat completion; check that ${place.baseUrl} is an OpenAI-compatible API.`,
  );
}

/** An HTML page where JSON was expected: a proxy, a sign-in page, or an address without the API path. */
export function webPage(place: Place): Failure {
  return failureOfAnswer(
    'not_openai',
    `${place.endpoint} answered with a web page instead of JSON; check that ${place.baseUrl} is the API address, which usually ends in "/v1".`,
  );
}
