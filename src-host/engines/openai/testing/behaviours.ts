/** What a scripted model does with one chat request. */
export type Behaviour =
  | ({ readonly kind: 'answer' } & Answer)
  /** An HTTP error, `times` times in a row (default: always); after that the model answers. */
  | ({ readonly kind: 'status'; readonly status: number } & Refusal)
  /** Accepts the request and never sends a byte of the body; with `afterChunks` it falls silent after that many. */
  | { readonly kind: 'hang'; readonly afterChunks?: number }
  /** Resets the connection; with `afterChunks` after that many chunks, with `times` only so often. */
  | { readonly kind: 'reset'; readonly afterChunks?: number; readonly times?: number }
  /** Ends the stream politely but early: no finish reason, no `[DONE]`. */
  | { readonly kind: 'cut'; readonly afterChunks: number }
  /** Sends these bytes as they are, with status 200 unless another is given; a list one piece after the other. */
  | {
      readonly kind: 'raw';
      readonly body: string | readonly string[];
      readonly contentType: string;
      readonly status?: number;
    }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Streams chunks until the client goes away. */
  | { readonly kind: 'endless'; readonly chunkDelayMs: number; readonly field?: 'content' | 'reasoning' };

/** How a scripted model answers. */
export interface Answer {
  /** The whole text; absent repeats the last user message. */
  readonly text?: string;
  /** The reasoning before the answer, and the name of its field. */
  readonly reasoning?: { readonly field: 'reasoning_content' | 'reasoning'; readonly text: string };
  /** Wait before the first byte, milliseconds. */
  readonly delayMs?: number;
  /** Wait between chunks, milliseconds. */
  readonly chunkDelayMs?: number;
  /** False leaves usage out even when it is asked for. */
  readonly usage?: boolean;
  readonly finishReason?: string;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** Answers plain JSON even when a stream is asked for. */
  readonly plainJson?: boolean;
  /** Answers 400 to a request that has one of these fields, as strict servers do. */
  readonly rejectFields?: readonly string[];
  /** Answers 400 with this message to a request whose JSON contains this part. */
  readonly rejects?: { readonly part: string; readonly message: string };
}

interface Refusal {
  readonly times?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The `message` of the OpenAI error object. */
  readonly message?: string;
}

const sseLine = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
const chunkOf = (text: string) => ({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] });

/**
 * The models every scripted endpoint offers, each named after what it does.
 * `delay-<ms>` (answers after that long) and `fail-<status>` exist for every number.
 */
export const standardModels = {
  echo: { kind: 'answer' },
  slow: { kind: 'answer', chunkDelayMs: 100 },
  endless: { kind: 'endless', chunkDelayMs: 10 },
  'no-usage': { kind: 'answer', usage: false },
  'cut-by-length': { kind: 'answer', finishReason: 'length' },
  'non-stream': { kind: 'answer', plainJson: true },
  'no-stream-options': { kind: 'answer', rejectFields: ['stream_options'] },
  'no-max-completion-tokens': { kind: 'answer', rejectFields: ['max_completion_tokens'] },
  'no-max-tokens': { kind: 'answer', rejectFields: ['max_tokens'] },
  thinks: {
    kind: 'answer',
    chunkDelayMs: 15,
    reasoning: { field: 'reasoning_content', text: 'The question is short, so the answer may be short too.' },
    text: 'Forty-two.',
  },
  'thinks-in-tags': { kind: 'answer', text: '<think>\nThe question is short.\n</think>\n\nForty-two.' },
  'thinks-endlessly': { kind: 'endless', chunkDelayMs: 10, field: 'reasoning' },
  'no-strict': {
    kind: 'answer',
    rejects: { part: '"strict":true', message: "Invalid schema for response_format: 'strict' is not supported." },
  },
  'no-schema': {
    kind: 'answer',
    rejects: { part: '"json_schema"', message: 'This response_format type is unavailable now' },
  },
  tools: {
    kind: 'answer',
    text: '',
    finishReason: 'tool_calls',
    toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: '{"city":"Bergen"}' }],
  },
  hang: { kind: 'hang' },
  'hang-midstream': { kind: 'hang', afterChunks: 2 },
  refuse: { kind: 'reset' },
  'refuse-once': { kind: 'reset', times: 1 },
  'die-midstream': { kind: 'reset', afterChunks: 2 },
  'cut-midstream': { kind: 'cut', afterChunks: 2 },
  'rate-limited': { kind: 'status', status: 429, message: 'Rate limit reached.' },
  'rate-limited-once': { kind: 'status', status: 429, times: 1, message: 'Rate limit reached.' },
  'retry-after': { kind: 'status', status: 429, headers: { 'retry-after': '30' }, message: 'Rate limit reached.' },
  'retry-after-once': { kind: 'status', status: 429, times: 1, headers: { 'retry-after': '1' } },
  'retry-after-ms-once': { kind: 'status', status: 429, times: 1, headers: { 'retry-after-ms': '50' } },
  'fail-500-once': { kind: 'status', status: 500, times: 1, message: 'The server had an error.' },
  html: {
    kind: 'raw',
    contentType: 'text/html; charset=utf-8',
    body: '<!doctype html><title>Sign in to the Wi-Fi</title>',
  },
  'malformed-sse': {
    kind: 'raw',
    contentType: 'text/event-stream',
    body: `${sseLine(chunkOf('Hello'))}data: {"choices":[{"delta":{"conte\n\n`,
  },
  'error-midstream': {
    kind: 'raw',
    contentType: 'text/event-stream',
    body: `${sseLine(chunkOf('Hello'))}${sseLine({ error: { message: 'The model ran out of memory.' } })}`,
  },
  'malformed-json': { kind: 'raw', contentType: 'application/json', body: '{"choices":[{"mess' },
  empty: { kind: 'raw', contentType: 'text/event-stream', body: 'data: [DONE]\n\n' },
  redirect: { kind: 'redirect', location: 'http://127.0.0.1:9/v1/chat/completions' },
} as const satisfies Readonly<Record<string, Behaviour>>;

/** The behaviour a model name stands for, or null when there is no such model. */
export function behaviourOf(model: string, extra: Readonly<Record<string, Behaviour>>): Behaviour | null {
  if (Object.hasOwn(extra, model)) return extra[model]!;
  if (Object.hasOwn(standardModels, model)) return standardModels[model as keyof typeof standardModels];
  const delay = /^delay-(\d+)$/.exec(model);
  if (delay) return { kind: 'answer', delayMs: Number(delay[1]) };
  const failure = /^fail-(\d{3})$/.exec(model);
  if (failure) return { kind: 'status', status: Number(failure[1]), message: `Scripted failure ${failure[1]}.` };
  return null;
}
