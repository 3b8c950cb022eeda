import { z } from 'zod';
import { contentSchema } from './content.ts';
import { messageSchema } from './messages.ts';
import { jsonSchema } from './shared.ts';

const conflictOf = <Kind extends string, Value extends z.ZodType>(kind: Kind, value: Value) =>
  z.object({
    kind: z.literal(kind),
    /** Stays the same however the other conflicts are decided. */
    id: z.string(),
    /** For people, as in "system message, line 12". */
    where: z.string(),
    base: value,
    ours: value,
    theirs: value,
  });

const linesSchema = z.array(z.string()).readonly();

/** What both sides changed, each in its own way; shapes as in `versions/merge-conflict.ts`. */
export const conflictSchema = z.discriminatedUnion('kind', [
  conflictOf('text', linesSchema).extend({ line: z.number().int() }),
  conflictOf('value', jsonSchema.optional()).extend({ path: z.array(z.string()).readonly() }),
  conflictOf('messages', z.array(messageSchema).readonly()),
  conflictOf('order', linesSchema),
]);

/** A person's answer to one conflict; `both` is ours, then theirs. */
export const mergeChoiceSchema = z.union([
  z.object({ take: z.enum(['base', 'ours', 'theirs', 'both']) }),
  z.object({ take: z.literal('edited'), value: jsonSchema }),
]);

/** What a three-way merge gives: the content, or what a person has to decide. */
export const contentMergeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clean'), content: contentSchema }),
  z.object({
    kind: z.literal('conflict'),
    base: contentSchema,
    ours: contentSchema,
    theirs: contentSchema,
    conflicts: z.array(conflictSchema).readonly(),
    /** The result as far as it is settled, with our side of every conflict and both sides' messages. */
    preview: contentSchema,
  }),
]);
