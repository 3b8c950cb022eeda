import { z } from 'zod';
import type { Sampling } from '../../../../src-core/contract/content.ts';
import type { GpuChoice } from '../../../../src-core/contract/models.ts';
import type { JsonObject } from '../../../../src-core/contract/shared.ts';
import { errorDataSchema } from '../../../../src-core/contract/shared.ts';
import type { TextMessage } from '../text-messages.ts';

/** Raised on every incompatible change; host and engine process refuse to work together when theirs differ. */
export const protocolVersion = 5;

export interface LoadCommand {
  readonly kind: 'load';
  readonly version: number;
  readonly path: string;
  readonly gpu: GpuChoice;
  /** Tokens per sequence. */
  readonly contextSize: number;
  /** How many generations may run at once. */
  readonly sequences: number;
  /** Null: measure. */
  readonly threads: number | null;
  /** Most threads that may be used. */
  readonly maxThreads: number;
}

export interface GenerateCommand {
  readonly kind: 'generate';
  readonly id: number;
  readonly messages: readonly TextMessage[];
  readonly sampling: Sampling;
  readonly responseSchema: JsonObject | null;
}

/** What the host asks of an engine process. `id` names one request of one process. */
export type EngineCommand =
  | LoadCommand
  | GenerateCommand
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'count'; readonly id: number; readonly messages: readonly TextMessage[] }
  | { readonly kind: 'ping' };

const id = z.number().int();
const count = z.number().int().min(0);

const readySchema = z.object({
  kind: z.literal('ready'),
  contextSize: count,
  sequences: count,
  threads: count,
  tokensPerSecond: z.number().nullable(),
  gpu: z.string(),
  memoryBytes: z.number(),
  /** Something about the model that a person should know. */
  notice: z.string().nullable(),
});
/** The properties of a loaded model. */
export type EngineReady = z.infer<typeof readySchema>;

/** What an engine process answers; parsed on the host, because faulty native code may send anything. */
export const engineReportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), version: z.number() }),
  z.object({ kind: z.literal('progress'), fraction: z.number() }),
  readySchema,
  z.object({ kind: z.literal('load-failed'), error: errorDataSchema }),
  /**
   * Until `prepared` the process may not answer heartbeats; if it ends meanwhile, the request is the cause and not the
   * file.
   */
  z.object({ kind: z.literal('preparing'), id }),
  z.object({ kind: z.literal('prepared'), id }),
  /** The request has a sequence of its own and its prompt is being read; `thinking`: the prompt ends with an open `<think>`. */
  z.object({ kind: z.literal('started'), id, thinking: z.boolean() }),
  z.object({ kind: z.literal('delta'), id, text: z.string() }),
  z.object({
    kind: z.literal('done'),
    id,
    reason: z.enum(['stop', 'length']),
    inputTokens: count,
    outputTokens: count,
    /** Null when no token came. */
    timing: z.object({ ttftMs: z.number().min(0), generationMs: z.number().min(0) }).nullable(),
  }),
  z.object({ kind: z.literal('failed'), id, error: errorDataSchema }),
  z.object({ kind: z.literal('counted'), id, counts: z.array(count), total: count }),
  /** The machine is too busy for as many threads as were chosen. */
  z.object({ kind: z.literal('threads'), threads: count }),
  z.object({ kind: z.literal('pong') }),
]);
export type EngineReport = z.infer<typeof engineReportSchema>;
