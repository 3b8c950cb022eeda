import { z } from 'zod';
import { messageSchema, renderedMessageSchema } from './messages.ts';
import { renderProblemSchema, versionSummarySchema } from './prompts.ts';
import { idSchema, jsonSchema } from './shared.ts';

/** The parts of a content beside its messages. */
export const fieldAreas = ['syntax', 'settings', 'inputs', 'tools', 'responseSchema', 'samples', 'extra'] as const;
export type FieldArea = (typeof fieldAreas)[number];

/** Names one content of the library: a prompt's draft as it is now or as it was at a step, or a version. */
export const contentRefSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('draft'), promptId: idSchema }),
  z.object({ kind: z.literal('version'), versionId: idSchema }),
  z.object({ kind: z.literal('step'), promptId: idSchema, step: idSchema }),
]);
export type ContentRef = z.infer<typeof contentRefSchema>;

export const lineCountSchema = z.object({ added: z.number().int(), removed: z.number().int() });

const placedMessageSchema = z.object({ index: z.number().int(), label: z.string(), message: messageSchema });

const messageChangeSchema = z.union([
  z.object({
    kind: z.enum(['same', 'changed']),
    before: placedMessageSchema,
    after: placedMessageSchema,
    moved: z.boolean(),
    lines: lineCountSchema,
  }),
  z.object({ kind: z.literal('added'), after: placedMessageSchema, lines: lineCountSchema }),
  z.object({ kind: z.literal('removed'), before: placedMessageSchema, lines: lineCountSchema }),
]);

const fieldChangeSchema = z.object({
  kind: z.enum(['added', 'removed', 'changed', 'reordered']),
  area: z.enum(fieldAreas),
  path: z.array(z.string()).readonly(),
  before: jsonSchema.optional(),
  after: jsonSchema.optional(),
});

/** What `diffContent` finds. */
export const contentDiffSchema = z.object({
  messages: z.array(messageChangeSchema).readonly(),
  fields: z.array(fieldChangeSchema).readonly(),
});

/** One side of a comparison, with the words for it. */
const comparedSideSchema = z.object({
  promptId: idSchema,
  /** As in `support/greet@12`, `support/greet@draft` or `support/greet@step-7`. */
  name: z.string(),
  /** Null for a draft and its steps. */
  version: versionSummarySchema.nullable(),
});

const renderedSideSchema = z.object({
  messages: z.array(renderedMessageSchema).nullable(),
  problems: z.array(renderProblemSchema),
});

/** Both sides rendered with the same sample inputs. */
const renderedDiffSchema = z.object({
  sample: z.string(),
  before: renderedSideSchema,
  after: renderedSideSchema,
  same: z.boolean(),
  /** Of the rendered messages; '' when they are the same. */
  patch: z.string(),
});

/** Everything that differs between two contents, in every form in which a person reads it. */
export const contentComparisonSchema = z.object({
  before: comparedSideSchema,
  after: comparedSideSchema,
  diff: contentDiffSchema,
  /** As in "Edited system message, temperature 0.2 → 0.7". */
  summary: z.string(),
  size: lineCountSchema,
  /** Unified diff of the whole contents; '' when they mean the same. */
  patch: z.string(),
  /** One for each sample of either side, or one without values where no sample is and no input is required. */
  rendered: z.array(renderedDiffSchema),
});
export type ContentComparison = z.infer<typeof contentComparisonSchema>;
