import { AppError, type ErrorData } from '../../../src-core/errors.ts';
import { createThinkingStream } from '../../../src-core/models/thinking.ts';
import type { ChatMessage, EngineEvent, GenerateRequest, Log, TokenCount } from '../../../src-core/ports.ts';
import type { EngineChannel, EngineExit } from './engine-channel.ts';
import { createEventQueue } from './event-queue.ts';
import {
  type EngineCommand,
  type EngineReady,
  type EngineReport,
  engineReportSchema,
  type LoadCommand,
  protocolVersion,
} from './protocol.ts';

/** The host's side of one engine process. */
export interface EngineClient {
  /** Called once, before anything else; rejects when the file cannot be loaded or the process dies. */
  load(command: Omit<LoadCommand, 'kind' | 'version'>, onProgress: (fraction: number) => void): Promise<EngineReady>;
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<EngineEvent>;
  count(messages: readonly ChatMessage[]): Promise<TokenCount>;
  onThreads(listener: (threads: number) => void): void;
  /** Called once when the process has ended, with a sentence; `crashed` unless `end` was called. */
  onEnd(listener: (why: string, crashed: boolean) => void): void;
  /** Ends the process and everything in it; `why` is what its runs are told. */
  end(why: string): Promise<void>;
}

export interface EngineClientOptions {
  /** Name of the model, for sentences. */
  readonly name: string;
  readonly heartbeatMs: number;
  readonly log: Log;
}

/** Longest wait until a cancelled run has really left; its process answers heartbeats even when llama.cpp is stuck. */
const leaveMs = 60_000;
/** Silent heartbeats before a process counts as hung; GPU drivers may block it for a while when it starts. */
const patience = { starting: 12, running: 3 };

/** Where the answers to one request go. */
interface Receiver {
  take(report: Extract<EngineReport, { kind: 'started' | 'delta' | 'done' | 'counted' }>): void;
  fail(error: AppError): void;
}

/** Speaks the protocol over `channel`; owns the process behind it. */
export function createEngineClient(channel: EngineChannel, options: EngineClientOptions): EngineClient {
  const requests = createRequests({
    send: (command) => channel.send(command),
    onStuck: () => endFor(`A cancelled run of ${options.name} did not end, so its engine process was ended.`),
    log: options.log,
  });
  const opening = createOpening(options.log);
  const ended = Promise.withResolvers<void>();
  let onThreads: (threads: number) => void = () => undefined;
  let onEnd: (why: string, crashed: boolean) => void = () => undefined;
  /** Why this side ended the process. */
  let reason: string | null = null;
  let wanted = false;

  const endFor = (why: string): void => {
    reason ??= why;
    channel.kill();
  };

  const pulse = createPulse(options.heartbeatMs, {
    beat: () => channel.send({ kind: 'ping' } satisfies EngineCommand),
    patience: () => (opening.isReady() ? patience.running : patience.starting),
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
    requests.failAll(error);
    opening.fail(error);
    onEnd(why, !wanted);
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

/** Hello, progress and ready: what happens once, before the first request. */
function createOpening(log: Log) {
  const greeting = Promise.withResolvers<void>();
  const loading = Promise.withResolvers<EngineReady>();
  let onProgress: (fraction: number) => void = () => undefined;
  let ready = false;
  // Nobody may be waiting when the process ends; that is no unhandled rejection.
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
    clearTimeout(leaving.get(id));
    leaving.delete(id);
  };

  return {
    receive(report: Extract<EngineReport, { id: number }>) {
      const receiver = receivers.get(report.id);
      if (report.kind !== 'delta' && report.kind !== 'started') left(report.id);
      if (report.kind === 'failed') receiver?.fail(revive(report.error, log));
      else receiver?.take(report);
    },
    failAll(error: AppError) {
      over = error;
      for (const receiver of receivers.values()) receiver.fail(error);
      receivers.clear();
      for (const id of [...leaving.keys()]) left(id);
    },
    async *generate({ messages, sampling, responseSchema }: GenerateRequest, signal: AbortSignal) {
      const queue = createEventQueue<EngineEvent>();
      let thinking = createThinkingStream(false);
      const id = open({
        fail: queue.fail,
        take(report) {
          if (report.kind === 'started') {
            thinking = createThinkingStream(report.thinking);
            queue.push({ kind: 'started' });
          }
          if (report.kind === 'delta') for (const spoken of thinking.push(report.text)) queue.push(spoken);
          if (report.kind !== 'done') return;
          const { inputTokens, outputTokens, reason } = report;
          for (const spoken of thinking.end(reason === 'stop')) queue.push(spoken);
          queue.push({ kind: 'usage', inputTokens, outputTokens });
          queue.push({ kind: 'finish', reason });
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
        // Whoever stopped listening before the answer was complete wants no more of it.
        if (receivers.delete(id)) leave(id);
      }
    },
    count(messages: readonly ChatMessage[]): Promise<TokenCount> {
      return new Promise((resolve, reject) => {
        const id = open({
          fail: reject,
          take: (report) => report.kind === 'counted' && resolve({ counts: report.counts, total: report.total }),
        });
        send({ kind: 'count', id, messages });
      });
    },
  };
}

interface PulseListeners {
  beat(): void;
  patience(): number;
  onSilence(): void;
}

/** Beats counted in intervals rather than time: after the machine slept, everyone gets a new chance. */
function createPulse(everyMs: number, { beat, patience, onSilence }: PulseListeners) {
  let missed = 0;
  const timer = setInterval(() => {
    missed += 1;
    if (missed > patience()) onSilence();
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
