import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { contentSchema, samplingSchema } from './content.ts';
import { renderedMessageSchema } from './messages.ts';
import { modelIdSchema } from './models.ts';
import { reads, watches, works, writes } from './operation.ts';
import {
  errorDataSchema,
  idSchema,
  jsonObjectSchema,
  okSchema,
  pageInputSchema,
  pageOf,
  timestampSchema,
} from './shared.ts';

export const runStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];

export const runFigures = {
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  /** US dollars; null when no price is known, 0 for local models. */
  cost: z.number().nullable(),
  /** Time to first token, milliseconds from when the model took the request up: loading and waiting do not count. */
  ttftMs: z.number().nullable(),
  latencyMs: z.number().nullable(),
  /** Null where the answer was too short to measure. */
  tokensPerSecond: z.number().nullable(),
  /** From the first token to the last, milliseconds; null where the answer was too short to measure. */
  generationMs: z.number().nullable(),
};

export const runSummarySchema = z.object({
  ...runFigures,
  id: idSchema,
  status: z.enum(runStatuses),
  promptId: idSchema.nullable(),
  promptName: z.string().nullable(),
  /** Null when it ran a draft. */
  versionNumber: z.number().int().nullable(),
  /** Whether that number is given for good; true without one. */
  versionConfirmed: z.boolean(),
  model: modelIdSchema,
  comparisonId: idSchema.nullable(),
  /** First characters of the output, or the calls of tools in its place. */
  excerpt: z.string(),
  finishReason: z.string().nullable(),
  error: errorDataSchema.nullable(),
  /** Where the answer breaks the prompt's response schema, a sentence each; null when there is no schema or no answer. */
  schemaProblems: z.array(z.string()).nullable(),
  score: z.number().nullable(),
  createdAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const toolCallSchema = z.object({ id: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.infer<typeof toolCallSchema>;

export const runSchema = runSummarySchema.extend({
  versionId: idSchema.nullable(),
  contentHash: z.string(),
  /** The exact content that ran. */
  content: contentSchema,
  inputs: jsonObjectSchema,
  messages: z.array(renderedMessageSchema),
  /** What the model was asked with, after overrides. */
  sampling: samplingSchema,
  /** Which model answered, exactly: GGUF hash and threads, or base URL and model name. */
  modelIdentity: jsonObjectSchema,
  output: z.string(),
  /** What the model thought before it answered, as far as it told; never part of `output`. */
  reasoning: z.string(),
  /** How many of `outputTokens` went into that; null when the model does not say. */
  reasoningTokens: z.number().int().nullable(),
  /** How many of `inputTokens` the endpoint had cached; null when it does not say. */
  cachedTokens: z.number().int().nullable(),
  /** What a reader should know of how it was asked, a sentence each, as of a parameter that the endpoint refused. */
  notes: z.array(z.string()),
  toolCalls: z.array(toolCallSchema),
  /** Models that failed before the one that answered. */
  attempts: z.array(z.object({ model: z.string(), error: errorDataSchema })),
});
export type Run = z.infer<typeof runSchema>;

/** What a watcher gets: the state now, then deltas that carry on from `offset`, then the finished run. */
export const runEventSchema = z.discriminatedUnion('kind', [
  /** `offset` is where `text` starts in the output, in UTF-16 code units. */
  z.object({ kind: z.literal('delta'), offset: z.number().int(), text: z.string() }),
  /** The same for the reasoning. */
  z.object({ kind: z.literal('reasoning'), offset: z.number().int(), text: z.string() }),
  z.object({ kind: z.literal('status'), status: z.enum(runStatuses), note: z.string().nullable() }),
  z.object({ kind: z.literal('finished'), run: runSchema }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** Single runs; they belong to the host and go on when the window closes. */
export const runs = {
  start: works('run')
    .input(
      z.object({
        /** What the run is filed under; absent for a loose content. */
        promptId: idSchema.optional(),
        /** Runs that version; absent runs `content`, or else the prompt's draft. */
        versionId: idSchema.optional(),
        content: contentSchema.optional(),
        inputs: jsonObjectSchema.default({}),
        /** Absent uses the content's own default model. */
        model: modelIdSchema.optional(),
        sampling: samplingSchema.optional(),
        /** Chosen by the client: the same start sent twice within a day is done once and answers with the same id. */
        key: z.string().min(1).max(200).optional(),
      }),
    )
    .output(z.object({ id: idSchema })),
  /** Replays output and reasoning from so many code units on and follows; ends after `finished`. Ending the watch does not end the run. */
  watch: watches()
    .input(
      z.object({
        id: idSchema,
        after: z.number().int().min(0).default(0),
        afterReasoning: z.number().int().min(0).default(0),
      }),
    )
    .output(eventIterator(runEventSchema)),
  /** Stops a run, also one that another process on the same data directory works on. */
  cancel: works('run')
    .input(z.object({ id: idSchema }))
    .output(okSchema),
  get: reads()
    .input(z.object({ id: idSchema }))
    .output(runSchema),
  list: reads()
    .input(
      pageInputSchema.extend({
        promptId: idSchema.optional(),
        comparisonId: idSchema.optional(),
        model: z.string().optional(),
        status: z.enum(runStatuses).optional(),
        /** Full-text over outputs. */
        search: z.string().max(1_000).default(''),
        /** Runs of comparisons are left out unless asked for. */
        includeComparisons: z.boolean().default(true),
      }),
    )
    .output(pageOf(runSummarySchema)),
  /** Feedback from 0 to 1; null takes it back. */
  score: writes()
    .input(z.object({ id: idSchema, score: z.number().min(0).max(1).nullable() }))
    .output(okSchema),
  remove: works('delete')
    .input(z.object({ ids: z.array(idSchema).min(1).max(1_000) }))
    .output(okSchema),
};
