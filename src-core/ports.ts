import type { Kysely } from 'kysely';
import type { Sampling, Syntax, Tool } from './contract/content.ts';
import type { RenderedPart, Role } from './contract/messages.ts';
import type { GpuChoice } from './contract/models.ts';
import type { Json, JsonObject } from './contract/shared.ts';
import type { Change, Topic } from './contract/workspace.ts';
import type { RunStorage } from './runs/run-storage.ts';
import type { Session } from './scope/scope.ts';
import type { DeviceTables } from './tables/device.ts';

/**
 * What a host brings beside the store, for operations that do more than read or write: engines, keys, files, this device.
 * `host` is the host's own session, for what it does by itself.
 */
export interface Ports {
  readonly host: Session;
  readonly device: Device;
  readonly runStorage: RunStorage;
  readonly local: LocalEngine;
  readonly remote: RemoteEngine;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  readonly machine: Machine;
  readonly notices: Notices;
}

/** The tables of this computer, in a file of their own. */
export type Device = Kysely<DeviceTables>;

/** Tells the windows of this process to look again at what no feed has: states of engines, tables of the device. */
export interface Notices {
  /** Tells one person's windows alone where one is given. */
  publish(topic: Topic, ids: readonly string[], origin?: string | null, personId?: string | null): void;
  subscribe(personId: string, listener: (change: Change) => void): () => void;
}

/** What the host knows of the process and the computer it runs on. */
export interface Machine {
  /** Identifies this host process in the database. */
  readonly hostId: string;
  readonly pid: number;
  readonly appVersion: string;
  readonly dataDir: string;
  readonly databaseFile: string;
  readonly platform: string;
  readonly runtime: string;
  readonly cores: number;
  databaseBytes(): number;
  memoryBytes(): number;
  freeMemoryBytes(): number;
  /** One sentence while the database file is not the one that was opened, else null. */
  databaseProblem(): string | null;
  fileExists(path: string): boolean;
  /** Deletes a file that the product itself put into the data directory; others are left alone. */
  deleteManagedFile(path: string): Promise<void>;
  /** Whether a browser sent it to this host. */
  isUploadedFile(path: string): boolean;
  isSameFile(one: string, other: string): boolean;
  environment(name: string): string | undefined;
}

export interface Clock {
  /** ISO 8601, UTC, milliseconds. */
  now(): string;
  /** Monotonic milliseconds, for durations. */
  monotonic(): number;
}

export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, cause?: unknown): void;
}

/** A message after rendering: data, never a template again. */
export interface ChatMessage {
  readonly role: Role;
  readonly content: string | readonly RenderedPart[];
}

/** How many tokens a conversation has. */
export interface TokenCount {
  /** The text of each message alone. */
  readonly counts: readonly number[];
  /** Everything that the model reads, with what its chat template writes around the messages. */
  readonly total: number;
}

export interface GenerateRequest {
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
  readonly tools?: readonly Tool[];
  readonly responseSchema?: JsonObject | null;
  /** Fields for the request to a remote model, from the prompt's settings. */
  readonly extra?: JsonObject | undefined;
  /** What the hashes in the messages stand for. */
  readonly blobs?: ReadonlyMap<string, StoredBlob>;
}

/** Bytes of the workspace's blob store. */
export interface StoredBlob {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * Why an answer ended. `incomplete`: it broke off, or the endpoint never said. A reason that none of these means is kept in
 * the endpoint's own word.
 */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'incomplete' | (string & {});

/** What an engine streams: `started`, any number of deltas, then usage (when known), then exactly one finish; or it throws an AppError. */
export type EngineEvent =
  /** The model is loaded and it is this request's turn: times are measured from here. */
  | { readonly kind: 'started' }
  | { readonly kind: 'delta'; readonly text: string }
  /** What the model thinks before it answers. */
  | { readonly kind: 'reasoning'; readonly text: string }
  /** Both texts so far, told apart anew: a closing tag showed that what came were thoughts, or no closing tag that they were none. */
  | { readonly kind: 'replace'; readonly output: string; readonly reasoning: string }
  /** A wait before another attempt, so that the run can show why nothing arrives. */
  | { readonly kind: 'retry'; readonly attempt: number; readonly delayMs: number; readonly reason: string }
  | {
      readonly kind: 'tool_call';
      /** Which call this goes on with; any number. */
      readonly index: number;
      /** As far as they are known; empty leaves what an earlier event said. */
      readonly id: string;
      readonly name: string;
      readonly argumentsDelta: string;
    }
  | {
      readonly kind: 'usage';
      /** Null where the model says nothing of it. */
      readonly inputTokens: number | null;
      readonly outputTokens: number | null;
      /** The part of `outputTokens` that went into reasoning, where the model says. */
      readonly reasoningTokens?: number;
      /** The part of `inputTokens` that the endpoint had cached, where it says. */
      readonly cachedTokens?: number;
      /** US dollars, where the endpoint says itself what the answer cost. */
      readonly cost?: number;
    }
  /** Something that a reader of the run should know, one sentence: a parameter that the endpoint refused and was not sent. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'finish'; readonly reason: FinishReason; readonly timing?: Timing };

/** Milliseconds, measured where the tokens are made. */
export interface Timing {
  /** From when the model took the request up to its first token. */
  readonly ttftMs: number;
  /** From the first token to the last. */
  readonly generationMs: number;
  /** From when the model took the request up to the last that came of its answer, where that is not when it was read. */
  readonly totalMs?: number;
}

/**
 * The one port both kinds of engine implement. Aborting `signal` stops generation within 200 ms and makes the iterator
 * throw `AppError('cancelled')`. Every other failure is an AppError too: `unavailable` (refused, timed out, crashed,
 * 429/5xx after the last retry), `denied` (401/403), `not_found` (no such model), `invalid` (the request or file is bad).
 */
export interface Engine<Target> {
  generate(target: Target, request: GenerateRequest, signal: AbortSignal): AsyncIterable<EngineEvent>;
}

/** What a GGUF header says, plus its identity. Sizes are bytes. */
export interface GgufInfo {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hex SHA-256 of the whole file. */
  readonly sha256: string;
  readonly name: string | null;
  readonly architecture: string;
  /** Number of weights, from the tensor shapes. */
  readonly parameters: number;
  /** As in `Q8_0`, `F16`, `Q4_K_M`. */
  readonly quantisation: string;
  /** Context length it was trained for, in tokens. */
  readonly contextLength: number;
  readonly chatTemplate: string | null;
  readonly blockCount: number;
  readonly embeddingLength: number;
  readonly headCount: number;
  readonly headCountKv: number;
  /** Length of one head's key when the file gives it; else it is embeddingLength / headCount. */
  readonly headLength?: number;
  readonly vocabularySize: number;
  readonly license: string | null;
}

export interface MemoryEstimate {
  readonly weightsBytes: number;
  /** Key-value cache and compute buffers for the chosen context. */
  readonly contextBytes: number;
  readonly freeBytes: number;
  readonly fits: boolean;
  /** The largest context (tokens, at most what the model was trained for) that fits. */
  readonly contextSize: number;
}

export interface LocalTarget {
  /** Model id, as in `starter` or `local/mistral-7b`. */
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
  /** Tokens; null lets the engine choose what fits. */
  readonly contextSize: number | null;
  readonly gpu: GpuChoice;
  /** Threads that were measured best for this model here; null lets the engine measure on first load. */
  readonly threads: number | null;
}

export type LocalModelState =
  | { readonly kind: 'unloaded' }
  | { readonly kind: 'loading'; readonly progress: number }
  | {
      readonly kind: 'ready';
      readonly contextSize: number;
      readonly threads: number;
      /** Generation speed that the measurement of threads saw, tokens per second. */
      readonly tokensPerSecond: number | null;
      readonly gpu: string;
      readonly memoryBytes: number;
      readonly activeRuns: number;
    }
  /** The process died; it is started again no sooner than `retryAt` (ISO 8601). */
  | { readonly kind: 'crashed'; readonly message: string; readonly retryAt: string; readonly crashes: number }
  /** Crashed three times: not started again until a person says so. */
  | { readonly kind: 'quarantined'; readonly message: string };

/** GGUF models, each in a process of its own. */
export interface LocalEngine extends Engine<LocalTarget> {
  /** Reads and checks the header and hashes the file, without native code. Throws `invalid`, `not_found` or `denied` with a sentence. */
  inspect(path: string, onProgress?: (fraction: number) => void): Promise<GgufInfo>;
  estimate(info: GgufInfo, contextSize: number | null): MemoryEstimate;
  load(target: LocalTarget): Promise<void>;
  unload(id: string): Promise<void>;
  /** Counts with the model's tokenizer; loads the model when it is not loaded. */
  countTokens(target: LocalTarget, messages: readonly ChatMessage[]): Promise<TokenCount>;
  state(id: string): LocalModelState;
  /** Called on every change of any model's state; returns the unsubscriber. */
  onState(listener: (id: string, state: LocalModelState) => void): () => void;
  /** Sets a file aside that crashed too often in an earlier process. */
  setAside(target: Pick<LocalTarget, 'id' | 'sha256'>, message: string): void;
  /** Lets a quarantined file try again. */
  release(id: string): void;
  dispose(): Promise<void>;
}

export interface RemoteTarget {
  /** Endpoint slug, for messages and per-endpoint limits. */
  readonly endpoint: string;
  /** Base URL up to and including the version path, as in `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Null when the endpoint needs no key. */
  readonly apiKey: string | null;
  readonly maxConcurrency: number;
  /** Longest wait for the first byte of an answer, milliseconds. */
  readonly timeoutMs: number;
  /** Longest wait between two bytes of an answer, milliseconds. */
  readonly idleTimeoutMs: number;
  readonly maxRetries: number;
  /** Request fields that a person does not want sent to this model. */
  readonly neverSend: readonly string[];
  /** What the endpoint refused of earlier requests, as the engine reported it. */
  readonly refused?: readonly string[];
  /** Called with everything that the endpoint is now known to refuse, to be kept for later targets. */
  readonly onRefused?: (refused: readonly string[]) => void;
}

/** What an endpoint says of one of its models; null where it says nothing. */
export interface ModelOffer {
  readonly model: string;
  /** US dollars per million tokens. */
  readonly price: {
    readonly inputPerMillion: number;
    readonly outputPerMillion: number;
    readonly cachedInputPerMillion?: number;
  } | null;
  /** Tokens. */
  readonly contextLength: number | null;
}

export type EndpointCheck =
  | { readonly kind: 'ok'; readonly models: readonly ModelOffer[]; readonly latencyMs: number }
  | {
      readonly kind: 'failed';
      readonly problem:
        | 'refused'
        | 'dns'
        | 'tls'
        | 'timeout'
        | 'unauthorized'
        | 'not_found'
        | 'no_models'
        | 'not_openai'
        | 'server_error';
      /** One sentence that says what is wrong and what to do. */
      readonly message: string;
    };

/** OpenAI-compatible endpoints. */
export interface RemoteEngine extends Engine<RemoteTarget> {
  check(endpoint: Omit<RemoteTarget, 'model'>): Promise<EndpointCheck>;
}

/** API keys, bound to the origin they were saved for. */
export interface Secrets {
  /** Where keys are kept; `file` and `memory` come with a warning that a person must see. */
  readonly backend: { readonly kind: 'keychain' | 'file' | 'memory'; readonly warning: string | null };
  /** Stores `value` for `name`, usable only for `origin` (scheme, host and port). */
  set(name: string, origin: string, value: string): Promise<void>;
  /** The key, or null when there is none; throws `denied` when it was saved for another origin. */
  get(name: string, origin: string): Promise<string | null>;
  /** Last four characters and origin, for display. */
  describe(name: string): Promise<{ readonly origin: string; readonly last4: string } | null>;
  delete(name: string): Promise<void>;
}

/** A template that another one includes. */
export interface IncludedTemplate {
  readonly source: string;
  /** What its prompt says; it is read in the syntax of the template that includes it. */
  readonly syntax?: Syntax;
  readonly inputs?: Readonly<Record<string, Json>>;
}

/** Resolves an include to its template source; null when there is no such prompt. */
export interface TemplateLoader {
  load(name: string): IncludedTemplate | null;
}
