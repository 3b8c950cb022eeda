import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { contentSchema, samplingSchema } from './content.ts';
import { modelIdSchema } from './models.ts';
import { reads, watches, works, writes } from './operation.ts';
import { runFigures, runStatuses } from './runs.ts';
import {
  errorDataSchema,
  idSchema,
  jsonObjectSchema,
  okSchema,
  pageInputSchema,
  pageOf,
  timestampSchema,
} from './shared.ts';

export const comparisonStatuses = ['running', 'finished', 'cancelled'] as const;

/** One prompt column group: a version, the draft, or a loose content. */
export const comparedPromptSchema = z.object({
  promptId: idSchema.nullable(),
  versionId: idSchema.nullable(),
  versionNumber: z.number().int().nullable(),
  /** Whether that number is given for good; true without one. */
  versionConfirmed: z.boolean(),
  name: z.string(),
  content: contentSchema,
});

/** A cell is a run at (prompt index, model index, row index). Run again, it is a new run at the same place; the old run stays in the history. */
export const cellSchema = z.object({
  ...runFigures,
  runId: idSchema,
  prompt: z.number().int(),
  model: z.number().int(),
  row: z.number().int(),
  status: z.enum(runStatuses),
  /** Whole output while it is short, else its first 4 000 characters; `outputLength` tells. */
  output: z.string(),
  outputLength: z.number().int(),
  /** How many tools the answer calls; the run has them. */
  toolCallCount: z.number().int(),
  finishReason: z.string().nullable(),
  error: errorDataSchema.nullable(),
  /** As of a run: where the answer breaks the response schema. */
  schemaProblems: z.array(z.string()).nullable(),
  /** As of a run: what a reader should know of how it was asked. */
  notes: z.array(z.string()),
});
export type Cell = z.infer<typeof cellSchema>;

const count = z.number().int();

export const modelTotalsSchema = z.object({
  model: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  /** Averages over succeeded cells, milliseconds. */
  latencyMs: z.number().nullable(),
  ttftMs: z.number().nullable(),
  /** Output tokens ÷ generation time over the succeeded cells that can be measured; null when none can. */
  tokensPerSecond: z.number().nullable(),
  /** Sums over the succeeded cells that were counted; null where none was. */
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  /** A sum; null unless every succeeded cell has one. */
  cost: z.number().nullable(),
  /** Answers that were checked against the prompt's response schema, and those of them that keep to it. */
  checked: z.number().int(),
  kept: z.number().int(),
  /** How many of the succeeded answers are not simply complete. */
  ends: z.object({ cut: count, filtered: count, incomplete: count, other: count }),
});
export type ModelTotals = z.infer<typeof modelTotalsSchema>;

export const comparisonSummarySchema = z.object({
  id: idSchema,
  title: z.string(),
  status: z.enum(comparisonStatuses),
  prompts: z.array(z.string()),
  models: z.array(modelIdSchema),
  rows: z.number().int(),
  cells: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  createdAt: timestampSchema,
});
export type ComparisonSummary = z.infer<typeof comparisonSummarySchema>;

export const comparisonSchema = z.object({
  id: idSchema,
  title: z.string(),
  status: z.enum(comparisonStatuses),
  prompts: z.array(comparedPromptSchema),
  models: z.array(modelIdSchema),
  rows: z.array(jsonObjectSchema),
  sampling: samplingSchema,
  concurrency: z.number().int(),
  totals: z.array(modelTotalsSchema),
  createdAt: timestampSchema,
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** Batched per frame: cells that changed as a whole, and text that grew. */
export const comparisonEventSchema = z.discriminatedUnion('kind', [
  /** First event: every cell as it is now, in pages of at most 200. */
  z.object({ kind: z.literal('cells'), cells: z.array(cellSchema) }),
  z.object({
    kind: z.literal('deltas'),
    /** `offset` is where `text` starts in the cell's output. */
    deltas: z.array(z.object({ runId: idSchema, offset: z.number().int(), text: z.string() })),
  }),
  z.object({
    kind: z.literal('totals'),
    totals: z.array(modelTotalsSchema),
    status: z.enum(comparisonStatuses),
    /** Why results are not on disk yet, a sentence; absent when nothing keeps them. */
    note: z.string().optional(),
  }),
]);
export type ComparisonEvent = z.infer<typeof comparisonEventSchema>;

/** Comparisons: prompts × models × input rows, every cell a run of its own. */
export const comparisons = {
  start: works('run')
    .input(
      z.object({
        title: z.string().max(200).default(''),
        prompts: z
          .array(
            z.object({
              promptId: idSchema.optional(),
              versionId: idSchema.optional(),
              /** Shown as the column's name when there is no prompt. */
              name: z.string().max(200).optional(),
              content: contentSchema.optional(),
            }),
          )
          .min(1)
          .max(50),
        models: z.array(modelIdSchema).min(1).max(50),
        /** Input values per row; one empty row when there are none. */
        rows: z.array(jsonObjectSchema).max(10_000).default([{}]),
        sampling: samplingSchema.default({}),
        /** Cells in flight at once over all models; each endpoint keeps its own limit too. */
        concurrency: z.number().int().min(1).max(256).default(8),
        /** Once so many US dollars are spent, cells that still wait are cancelled. Unpriced answers count as nothing. */
        budget: z.number().positive().optional(),
        /** Chosen by the client: the same start sent twice within a day is done once and answers with the same id. */
        key: z.string().min(1).max(200).optional(),
      }),
    )
    .output(z.object({ id: idSchema })),
  get: works('read')
    .input(z.object({ id: idSchema }))
    .output(comparisonSchema),
  list: reads().input(pageInputSchema).output(pageOf(comparisonSummarySchema)),
  /** Sends every cell, then follows; ends when all cells are done. Ending the watch does not end the comparison. */
  watch: watches()
    .input(z.object({ id: idSchema }))
    .output(eventIterator(comparisonEventSchema)),
  /** Cancels what is queued and running; finished cells stay. One cell is cancelled with `runs.cancel`. */
  cancel: works('run')
    .input(z.object({ id: idSchema }))
    .output(okSchema),
  /** Runs cells again in place: one, or all that failed. */
  rerun: works('run')
    .input(z.object({ id: idSchema, cells: z.union([z.literal('failed'), z.array(idSchema).min(1)]) }))
    .output(okSchema),
  rename: writes()
    .input(z.object({ id: idSchema, title: z.string().min(1).max(200) }))
    .output(okSchema),
  remove: works('delete')
    .input(z.object({ id: idSchema }))
    .output(okSchema),
};
