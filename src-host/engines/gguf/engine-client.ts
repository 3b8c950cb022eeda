import { createThinkingStream } from '../../../src-core/models/thinking.ts';
import type { EngineEvent, GenerateRequest, Log, TokenCount } from '../../../src-core/ports.ts';
import { AppError, type ErrorData } from '../../../src-core/scope/errors.ts';
import type { EngineChannel, EngineExit } from './engine-channel.ts';
import { createEventQueue } from './event-queue.ts';
import {
  type EngineCommand,
  type EngineReady,
  type EngineReport,
  engineReportSchema,
  type LoadCommand,
  protocolVersion,
} from './process/protocol.ts';
import type { TextMessage } from './text-messages.ts';

/** What a process is asked: everything is text by then. */
export interface TextRequest extends Pick<GenerateRequest, 'sampling' | 'responseSchema'> {
  readonly messages: readonly TextMessage[];
}

/** The host's side of one engine process. */
export interface EngineClient {
  /** Called once, before anything else; rejects when the file cannot be loaded or the process dies. */
  load(command: Omit<LoadCommand, 'kind' | 'version'>, onProgress: (fraction: number) => void): Promise<EngineReady>;
  generate(request: TextRequest, signal: AbortSignal): AsyncIterable<EngineEvent>;
  count(messages: readonly TextMessage[]): Promise<TokenCount>;
  onThreads(listener: (threads: number) => void): void;
  /** Called once when the process has ended, with a sentence. */
  onEnd(listener: (why: string, cause: EndCause) => void): void;
  /** Ends the process and everything in it; `why` is what its runs are told. */
  end(why: string): Promise<void>;
}

/** What ended a process: a call of `end`, the request of a run, or the model's file. */
export type EndCause = 'wanted' | 'request' | 'file';

export interface EngineClientOptions {
  /** Name of the model, for sentences. */
  readonly name: string;
  readonly heartbeatMs: number;
  readonly log: Log;
}

/** Longest wait for a cancelled run to end; its process answers heartbeats even when llama.cpp is stuck. */
const leaveMs = 60_000;
/** Silent heartbeats before a process counts as hung; GPU drivers may block it for a while when it starts. */
const missedBeats = { starting: 12, preparing: 12, running: 3 };

/** Where the answers to one request go. */
interface Receiver {
  take(report: Extract<EngineReport, { kind: 'started' | 'delta' | 'done' | 'counted' }>): void;
  /** Its answers are constrained by a response schema. */
  readonly held: boolean;
  fail(error: AppError): void;
}

/** Speaks the protocol over `channel`; owns the process behind it. */
export function createEngineClient(channel: EngineChannel, options: EngineClientOptions): EngineClient {
  const requests = createRequests({
    send: (command) => channel.send(command),
    onStuck() {
      stuck = true;
      endFor(`A cancelled run of ${options.name} did not end, so its engine process was ended.`);
    },
    log: options.log,
  });
  const opening = createOpening(options.log);
  const ended = Promise.withResolvers<void>();
  let onThreads: (threads: number) => void = () => undefined;
  let onEnd: (why: string, cause: EndCause) => void = () => undefined;
  /** Why this side ended the process. */
  let reason: string | null = null;
  let wanted = false;
  let stuck = false;

  const endFor = (why: string): void => {
    reason ??= why;
    channel.kill();
  };

  const pulse = createHeartbeats(options.heartbeatMs, {
    beat: () => channel.send({ kind: 'ping' } satisfies EngineCommand),
    missedBeats() {
      if (!opening.isReady()) return missedBeats.starting;
      return requests.isPreparing() ? missedBeats.preparing : missedBeats.running;
    },
    onSilence: () => endFor(`The engine process of ${options.name} stopped responding and was ended.`),
  });

  channel.onMessage((message) => {
    pulse.heard();
    const { success, data: report } = engineReportSchema.safeParse(message);
    if (!success) endFor(`The engine process of ${options.name} sent something that is no report and was ended.`);
    else if (report.kind === 'threads') onThreads(report.threads);
    else if ('id' in report) requests.receive(report);
    else opening.receive(report);
  });

  channel.onExit((exit) => {
    pulse.stop();
    const why = reason ?? describeCrash(options.name, exit);
    if (!wanted) options.log.error(why, exit.stderr);
    const error = new AppError('unavailable', why);
    const cause = wanted ? 'wanted' : stuck || requests.mayHaveEndedIt() ? 'request' : 'file';
    requests.failAll(error);
    opening.fail(error);
    onEnd(why, cause);
    ended.resolve();
  });

  return {
    async load(command, onProgress) {
      await opening.greeted;
      opening.onProgress(onProgress);
      channel.send({ kind: 'load', version: protocolVersion, ...command } satisfies EngineCommand);
      return opening.ready;
    },
    generate: requests.generate,
    count: requests.count,
    onThreads(listener) {
      onThreads = listener;
    },
    onEnd(listener) {
      onEnd = listener;
    },
    end(why) {
      wanted ||= reason === null;
      endFor(why);
      return ended.promise;
    },
  };
}

/** Handles hello, progress and ready, which come once, before the first request. */
function createOpening(log: Log) {
  const greeting = Promise.withResolvers<void>();
  const loading = Promise.withResolvers<EngineReady>();
  let onProgress: (fraction: number) => void = () => undefined;
  let ready = false;
  // Nobody may be waiting when the process ends, which must not become an unhandled rejection.
  greeting.promise.catch(() => undefined);
  loading.promise.catch(() => undefined);

  return {
    greeted: greeting.promise,
    ready: loading.promise,
    isReady: () => ready,
    onProgress(listener: (fraction: number) => void) {
      onProgress = listener;
    },
    fail(error: AppError) {
      greeting.reject(error);
      loading.reject(error);
    },
    receive(report: Extract<EngineReport, { kind: 'hello' | 'progress' | 'ready' | 'load-failed' | 'pong' }>) {
      switch (report.kind) {
        case 'hello':
          if (report.version === protocolVersion) greeting.resolve();
          else greeting.reject(new AppError('internal', 'The engine process is of another version than the host.'));
          break;
        case 'progress':
          onProgress(report.fraction);
          break;
        case 'ready':
          ready = true;
          if (report.notice !== null) log.info(report.notice);
          loading.resolve(report);
          break;
        case 'load-failed':
          loading.reject(revive(report.error, log));
          break;
        case 'pong':
          break;
      }
    },
  };
}

interface RequestParts {
  send(command: EngineCommand): void;
  onStuck(): void;
  readonly log: Log;
}

/** The requests in flight and their answers. */
function createRequests({ send, onStuck, log }: RequestParts) {
  const receivers = new Map<number, Receiver>();
  /** Requests whose texts and schema are being prepared, which cannot be interrupted. */
  const preparing = new Set<number>();
  /** Cancelled runs that the process has not yet given up. */
  const leaving = new Map<number, NodeJS.Timeout>();
  let nextId = 1;
  let over: AppError | null = null;

  const open = (receiver: Receiver): number => {
    if (over !== null) throw over;
    const id = nextId++;
    receivers.set(id, receiver);
    return id;
  };

  const leave = (id: number): void => {
    send({ kind: 'cancel', id });
    leaving.set(id, setTimeout(onStuck, leaveMs).unref());
  };

  const left = (id: number): void => {
    receivers.delete(id);
    preparing.delete(id);
    clearTimeout(leaving.get(id));
    leaving.delete(id);
  };

  return {
    isPreparing: () => preparing.size > 0,
    /** Whether the cause of an end may be a request and not the model's file. */
    mayHaveEndedIt: () => preparing.size > 0 || [...receivers.values()].some(({ held }) => held),
    receive(report: Extract<EngineReport, { id: number }>) {
      if (report.kind === 'preparing') return void preparing.add(report.id);
      if (report.kind === 'prepared') return void preparing.delete(report.id);
      const receiver = receivers.get(report.id);
      if (report.kind !== 'delta' && report.kind !== 'started') left(report.id);
      if (report.kind === 'failed') receiver?.fail(revive(report.error, log));
      else receiver?.take(report);
    },
    failAll(error: AppError) {
      over = error;
      for (const [id, receiver] of receivers) receiver.fail(preparing.has(id) ? tooMuch(error) : error);
      receivers.clear();
      for (const id of [...leaving.keys()]) left(id);
    },
    async *generate({ messages, sampling, responseSchema }: TextRequest, signal: AbortSignal) {
      const queue = createEventQueue<EngineEvent>();
      let thinking = createThinkingStream(false);
      const id = open({
        fail: queue.fail,
        held: responseSchema != null,
        take(report) {
          if (report.kind === 'started') {
            thinking = createThinkingStream(report.thinking);
            queue.push({ kind: 'started' });
          }
          if (report.kind === 'delta') for (const spoken of thinking.push(report.text)) queue.push(spoken);
          if (report.kind !== 'done') return;
          const { inputTokens, outputTokens, reason, timing } = report;
          for (const spoken of thinking.end(reason === 'stop')) queue.push(spoken);
          queue.push({ kind: 'usage', inputTokens, outputTokens });
          queue.push({ kind: 'finish', reason, ...(timing !== null && { timing }) });
          queue.end();
        },
      });
      const cancel = (): void => queue.abort(new AppError('cancelled', 'The run was cancelled.'));
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        send({ kind: 'generate', id, messages, sampling, responseSchema: responseSchema ?? null });
        yield* queue;
      } finally {
        signal.removeEventListener('abort', cancel);
        // A reader that stops before the answer is complete cancels the request.
        if (receivers.delete(id)) leave(id);
      }
    },
    count(messages: readonly TextMessage[]): Promise<TokenCount> {
      return new Promise((resolve, reject) => {
        const id = open({
          fail: reject,
          held: false,
          take: (report) => report.kind === 'counted' && resolve({ counts: report.counts, total: report.total }),
        });
        send({ kind: 'count', id, messages });
      });
    },
  };
}

/** The error of the run whose texts were being prepared when the process ended. */
function tooMuch({ message }: AppError): AppError {
  return new AppError(
    'invalid',
    `${message} It was reading the prompt and the response schema of this run, which are too much for it: make them shorter.`,
  );
}

interface HeartbeatListeners {
  beat(): void;
  missedBeats(): number;
  onSilence(): void;
}

/** Counts missed intervals and not time, so that sleep of the machine does not count as silence. */
function createHeartbeats(everyMs: number, { beat, missedBeats, onSilence }: HeartbeatListeners) {
  let missed = 0;
  const timer = setInterval(() => {
    missed += 1;
    if (missed > missedBeats()) onSilence();
    else beat();
  }, everyMs);
  timer.unref();
  return {
    heard() {
      missed = 0;
    },
    stop: () => clearInterval(timer),
  };
}

function revive({ code, message, details }: ErrorData, log: Log): AppError {
  if (code === 'internal') log.error(message, details?.cause);
  return new AppError(code, message, details);
}

function describeCrash(name: string, { code, signal }: EngineExit): string {
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  return `The engine process of ${name} ${how}, so its runs stopped. Other models and your work are not affected.`;
}
