import { AppError } from '../../../src-core/errors.ts';
import type { EngineEvent, GenerateRequest, RemoteEngine, RemoteTarget } from '../../../src-core/ports.ts';
import { createAnswerReader } from './answer-reader.ts';
import { type Adaptation, adaptationFor, chatBody, refusesSchema } from './chat-request.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { type Client, createClient } from './client.ts';
import {
  EndpointFailure,
  type Failure,
  failureOfAnswer,
  failureOfConnection,
  failureOfDrop,
  failureOfTimeout,
  redact,
  toEndpointError,
} from './failures.ts';
import { type Body, createTransport } from './http-transport.ts';
import { createLimiter } from './limiter.ts';
import { defaultRetryPolicy, pause, type RetryPolicy, retryDelay } from './retry.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

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
  /** Does beforehand what the first request of a process would wait for. */
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
  const adaptations = new Map<string, Set<Adaptation>>();

  async function* generate(
    target: RemoteTarget,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent> {
    const release = await limiter.acquire(target.endpoint, target.maxConcurrency, signal).catch(() => {
      throw cancelled();
    });
    try {
      yield { kind: 'started' };
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
          begun = true;
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

  /** One attempt; a request that is rejected for a field with a known substitute is sent once more with that. */
  async function* adapted(
    target: RemoteTarget,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent> {
    const key = `${target.baseUrl} ${target.model}`;
    for (;;) {
      const known = adaptations.get(key) ?? new Set();
      const body = chatBody(target.model, request, known);
      try {
        yield* attemptOnce(client, target, body, signal, maxBytes);
        return;
      } catch (error) {
        if (!(error instanceof EndpointFailure)) throw error;
        const adaptation = adaptationFor(error.failure.status ?? 0, wordsOf(error.failure), body);
        if (adaptation === null) throw request.responseSchema ? aboutSchema(error) : error;
        adaptations.set(key, new Set([...known, adaptation]));
      }
    }
  }

  return {
    generate,
    check: (endpoint) => checkEndpoint(client, endpoint),
    prepare: client.prepare,
    dispose: () => transport.close(),
  };
}

async function* attemptOnce(
  client: Client,
  target: RemoteTarget,
  body: object,
  signal: AbortSignal,
  maxBytes: number,
): AsyncGenerator<EngineEvent> {
  const watchdog = createWatchdog(signal, target.timeoutMs);
  let answer: Body | null = null;
  let complete = false;
  const state = { begun: false };
  try {
    answer = await client.send(target, '/chat/completions', body, watchdog.signal);
    const { destroy } = answer;
    if (watchdog.signal.aborted) destroy();
    watchdog.signal.addEventListener('abort', destroy, { once: true });
    for await (const event of eventsOf(answer, target, watchdog, maxBytes)) {
      state.begun = true;
      yield event;
    }
    complete = true;
  } catch (error) {
    if (watchdog.reason() === 'cancelled') throw cancelled();
    if (watchdog.reason() === 'timeout')
      throw new EndpointFailure(failureOfTimeout(target, target.timeoutMs, state.begun));
    if (error instanceof EndpointFailure || error instanceof AppError) throw error;
    throw new EndpointFailure(brokenOff(target, error));
  } finally {
    watchdog.dispose();
    if (complete) answer?.finish();
    else answer?.destroy();
  }
}

async function* eventsOf(
  answer: Body,
  target: RemoteTarget,
  watchdog: Watchdog,
  maxBytes: number,
): AsyncGenerator<EngineEvent> {
  const reader = createAnswerReader(target);
  const decoder = new TextDecoder();
  let size = 0;
  try {
    for await (const bytes of answer.chunks) {
      watchdog.touch();
      size += bytes.length;
      if (size > maxBytes) throw new EndpointFailure(tooLong(target, maxBytes));
      yield* reader.push(decoder.decode(bytes, { stream: true }));
      if (reader.done) break;
    }
    yield* reader.push(decoder.decode());
  } catch (error) {
    // The endpoint had said why the answer ends: that the connection broke or stayed open after it changes nothing.
    if (!reader.finished || error instanceof EndpointFailure || watchdog.reason() === 'cancelled') throw error;
  }
  yield* reader.end();
}

/** What is decided on: the whole of what the endpoint said, never its shortened form. */
function wordsOf({ said, message }: Failure): string {
  return said ?? message;
}

/** A rejection of the response schema says what to do about it. */
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
