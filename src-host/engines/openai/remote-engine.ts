import type { EngineEvent, GenerateRequest, RemoteEngine, RemoteTarget, Timing } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { createTurns } from '../../../src-core/turns.ts';
import { createAnswerReader } from './answers/answer-reader.ts';
import { type Client, createClient } from './client.ts';
import { checkEndpoint } from './endpoint/check-endpoint.ts';
import { failureOfConnection, failureOfDrop, failureOfTimeout } from './failures/connection-failures.ts';
import { EndpointFailure, type Failure, failureOfAnswer, redact, toEndpointError } from './failures/failures.ts';
import { defaultRetryPolicy, pause, type RetryPolicy, retryDelay } from './failures/retry.ts';
import { createBodyText } from './http/body-text.ts';
import { ConnectionError } from './http/exchange.ts';
import { type Body, createTransport } from './http/http-transport.ts';
import { createWatchdog, type Watchdog } from './http/watchdog.ts';
import { createLimiter } from './limiter.ts';
import { failureOfMedia } from './refused-media.ts';
import { type ChatRequest, chatRequest, isHarmless, noteOf, type Refusal } from './request/chat-request.ts';
import { fieldOf, type Remedy, refusesSchema, remediesFor } from './request/refusals.ts';

export interface RemoteEngineOptions {
  readonly retry?: Partial<RetryPolicy>;
  /** Longest answer that is read, bytes on the wire; default 64 MB. */
  readonly maxResponseBytes?: number;
  /** Where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are read from; the environment of this process unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

export interface OwnedRemoteEngine extends RemoteEngine {
  /** Loads what the first request of a process would wait for. */
  prepare(): Promise<void>;
  /** Closes the kept connections. */
  dispose(): void;
}

/** The engine for OpenAI-compatible endpoints. */
export function createRemoteEngine(options: RemoteEngineOptions = {}): OwnedRemoteEngine {
  const policy: RetryPolicy = { ...defaultRetryPolicy, ...options.retry };
  const random = options.random ?? Math.random;
  const maxBytes = options.maxResponseBytes ?? 64 * 1024 * 1024;
  const transport = createTransport(options.env ?? process.env);
  const client = createClient(transport, Date.now);
  const limiter = createLimiter();
  /** What the endpoint refused since the target was read; earlier refusals are part of the target. */
  const learned = new WeakMap<RemoteTarget, readonly Refusal[]>();

  async function* generate(
    target: RemoteTarget,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent> {
    const release = await limiter.acquire(target.endpoint, target.maxConcurrency, signal).catch(() => {
      throw cancelled();
    });
    try {
      yield* withRetries(target, request, signal);
    } finally {
      release();
    }
  }

  async function* withRetries(
    target: RemoteTarget,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent> {
    for (let attempt = 1; ; attempt += 1) {
      let begun = false;
      try {
        for await (const event of adapted(target, request, signal)) {
          begun ||= isContent(event);
          yield event;
        }
        return;
      } catch (error) {
        if (!(error instanceof EndpointFailure)) throw error;
        const { failure } = error;
        const delayMs = begun || attempt > target.maxRetries ? null : retryDelay(failure, attempt, policy, random);
        if (delayMs === null) throw toEndpointError(target, failure, attempt);
        yield { kind: 'retry', attempt, delayMs, reason: redact(failure.message, target.apiKey) };
        await pause(delayMs, signal).catch(() => {
          throw cancelled();
        });
      }
    }
  }

  /** One attempt; a request that is refused for a field that can be omitted or replaced is sent again without it. */
  async function* adapted(
    target: RemoteTarget,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent> {
    const found: Remedy[] = [];
    for (;;) {
      const known = withoutDoubles([
        ...(target.refused ?? []),
        ...(learned.get(target) ?? []),
        ...found.map(({ refusal }) => refusal),
      ]);
      const chat = chatRequest(target.model, request, { neverSend: target.neverSend, refused: known });
      let begun = false;
      try {
        for await (const event of attemptOnce(client, target, chat.body, signal, maxBytes)) {
          if (!begun && event.kind !== 'started') {
            begun = true;
            yield* notes(target, chat, found);
            learn(target, found);
          }
          yield event;
        }
        return;
      } catch (error) {
        if (!(error instanceof EndpointFailure)) throw error;
        const remedies =
          begun || found.length >= maxRemedies ? [] : remediesFor(error.failure, chat.body, chat.changes);
        const fresh = remedies.filter(({ refusal }) => !known.includes(refusal));
        if (fresh.length === 0) {
          const media = failureOfMedia(target, error.failure, request.messages);
          if (media !== null) throw new EndpointFailure(media);
          throw request.responseSchema ? aboutSchema(error) : error;
        }
        found.push(...fresh);
      }
    }
  }

  /** Remembers refusals only once the changed request was accepted. */
  function learn(target: RemoteTarget, found: readonly Remedy[]): void {
    const lasting = found.filter((remedy) => remedy.lasting).map(({ refusal }) => refusal);
    if (lasting.length === 0) return;
    const all = withoutDoubles([...(target.refused ?? []), ...(learned.get(target) ?? []), ...lasting]);
    learned.set(target, all);
    target.onRefused?.(all);
  }

  return {
    generate,
    check: (endpoint) => checkEndpoint(client, endpoint),
    prepare: client.prepare,
    dispose: () => transport.close(),
  };
}

/** Most changes of one request; it has fewer fields. */
const maxRemedies = 16;

/** The last refusal of a field counts. */
function withoutDoubles(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.filter(
    (refusal, index) => !refusals.slice(index + 1).some((later) => fieldOf(later) === fieldOf(refusal)),
  );
}

function* notes(target: RemoteTarget, { changes }: ChatRequest, found: readonly Remedy[]): Generator<EngineEvent> {
  const isNew = (refusal: Refusal) => found.some((remedy) => remedy.refusal === refusal);
  for (const change of changes) {
    if (isHarmless(change) && !isNew(change.refusal)) continue;
    yield { kind: 'note', text: noteOf(`${target.endpoint}/${target.model}`, change) };
  }
}

async function* attemptOnce(
  client: Client,
  target: RemoteTarget,
  body: object,
  signal: AbortSignal,
  maxBytes: number,
): AsyncGenerator<EngineEvent> {
  const watchdog = createWatchdog(signal, target);
  const timer = createTimer();
  let answer: Body | null = null;
  let complete = false;
  try {
    const written = Promise.withResolvers<void>();
    const answering = client.send(target, '/chat/completions', body, {
      signal: watchdog.signal,
      received() {
        watchdog.touch();
        timer.touch();
      },
      sent() {
        timer.start();
        watchdog.sent();
        written.resolve();
      },
    });
    // A reader that stops early leaves this promise unhandled.
    answering.catch(() => {});
    await Promise.race([written.promise, answering]);
    yield { kind: 'started' };
    answer = await answering;
    const { destroy } = answer;
    if (watchdog.signal.aborted) destroy();
    watchdog.signal.addEventListener('abort', destroy, { once: true });
    for await (const event of eventsOf(answer, target, watchdog, maxBytes)) {
      if (isContent(event)) timer.lap();
      yield event.kind === 'finish' ? { ...event, ...timer.timing() } : event;
    }
    complete = true;
  } catch (error) {
    const stopped = watchdog.reason();
    if (stopped === 'cancelled') throw cancelled();
    if (stopped !== null)
      throw new EndpointFailure(failureOfTimeout(target, stopped === 'ended' ? 'silence' : stopped));
    throw error instanceof ConnectionError ? new EndpointFailure(brokenOff(target, error)) : error;
  } finally {
    endAttempt(watchdog, answer, complete);
  }
}

/** Stops the attempt, and returns the connection to the pool when everything was read. */
function endAttempt(watchdog: Watchdog, answer: Body | null, complete: boolean): void {
  watchdog.dispose();
  if (answer === null) watchdog.stop();
  else if (complete) answer.finish();
  else answer.destroy();
}

function isContent({ kind }: EngineEvent): boolean {
  return kind === 'delta' || kind === 'reasoning' || kind === 'tool_call';
}

/** Measures from when the request left. */
function createTimer() {
  let startedAt = performance.now();
  let firstAt: number | null = null;
  let lastAt = 0;
  let receivedAt = startedAt;
  return {
    touch() {
      receivedAt = performance.now();
    },
    start() {
      startedAt = performance.now();
    },
    lap() {
      lastAt = performance.now();
      firstAt ??= lastAt;
    },
    timing(): { readonly timing?: Timing } {
      if (firstAt === null) return {};
      return {
        timing: {
          ttftMs: firstAt - startedAt,
          generationMs: lastAt - firstAt,
          totalMs: Math.max(receivedAt, lastAt) - startedAt,
        },
      };
    },
  };
}

async function* eventsOf(
  answer: Body,
  target: RemoteTarget,
  watchdog: Watchdog,
  maxBytes: number,
): AsyncGenerator<EngineEvent> {
  const reader = createAnswerReader(target);
  const decoder = createBodyText(answer.contentType);
  const turns = createTurns();
  let size = 0;
  let ended = false;
  let trusted = true;
  try {
    for await (const bytes of answer.chunks) {
      turns.waited();
      size += bytes.length;
      if (size > maxBytes) throw new EndpointFailure(tooLong(target, maxBytes));
      for (const event of reader.push(decoder.push(bytes))) {
        if (ended && isContent(event)) trusted = false;
        yield event;
        const turn = turns();
        if (turn !== undefined) await turn;
      }
      // Keep-alives give no events, but reading many of them must not block the event loop.
      const turn = turns();
      if (turn !== undefined) await turn;
      if (reader.done) break;
      ended = reader.finished;
      // Some endpoints send a finish reason with every piece.
      if (ended && trusted) watchdog.ending();
      else watchdog.goesOn();
    }
    yield* reader.push(decoder.end());
  } catch (error) {
    // After a finish reason it does not matter whether the connection broke or stayed open.
    const isLate = reader.finished && (error instanceof ConnectionError || watchdog.reason() !== null);
    if (!isLate || watchdog.reason() === 'cancelled') {
      // Text that was held back is given too.
      if (error instanceof ConnectionError) yield* reader.rest();
      throw error;
    }
  }
  yield* reader.end(decoder.notes());
}

/** The full message of the endpoint, which decisions are based on. */
function wordsOf({ said, message }: Failure): string {
  return said ?? message;
}

/** Adds advice to a rejection of the response schema. */
function aboutSchema(error: EndpointFailure): EndpointFailure {
  const { failure } = error;
  if (failure.problem !== 'rejected' || !refusesSchema(wordsOf(failure))) return error;
  const said = failure.message.replace(/\.$/, '');
  const message = `${said}; take the response schema out of the prompt, or ask a model that supports it.`;
  return new EndpointFailure({ ...failure, message });
}

/** A socket that broke while the body was read. */
function brokenOff(target: RemoteTarget, error: unknown): Failure {
  const failure = failureOfConnection(target, error);
  return failure.problem === 'refused' ? failureOfDrop(target) : failure;
}

function tooLong(target: RemoteTarget, maxBytes: number): Failure {
  return failureOfAnswer(
    'broken_stream',
    `${target.endpoint} sent more than ${Math.round(maxBytes / 1024 / 1024)} MB for one answer, so PromptDev stopped reading.`,
  );
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The run was cancelled.');
}
