import { z } from 'zod';
import { labelNameSchema } from './label-name.ts';
import { reads, writes } from './operation.ts';
import { versionSummarySchema } from './prompts.ts';
import { idSchema, pageInputSchema, pageOf, timestampSchema } from './shared.ts';

export const labelSchema = z.object({
  name: z.string(),
  version: versionSummarySchema,
  /** `latest` follows the newest version by itself. */
  automatic: z.boolean(),
  /** Moving it needs `confirm`. */
  protected: z.boolean(),
  movedAt: timestampSchema,
});
export type Label = z.infer<typeof labelSchema>;

const moveKinds = ['move', 'remove', 'rollback'] as const;

/** Who moved a label from which version to which; null where there was or is none. */
export const labelMoveSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: z.enum(moveKinds),
  from: versionSummarySchema.nullable(),
  to: versionSummarySchema.nullable(),
  /** The mover's name as it was then. */
  author: z.string(),
  /** Null for moves from before people had identities. */
  authorId: idSchema.nullable(),
  reason: z.string(),
  movedAt: timestampSchema,
});
export type LabelMove = z.infer<typeof labelMoveSchema>;

const change = z.object({
  promptId: idSchema,
  name: labelNameSchema,
  reason: z.string().max(1_000).default(''),
  /** A person has seen what changes; without it a protected label answers `denied` with `{ label, from, to }` (numbers or null). */
  confirm: z.boolean().default(false),
});

/** Names that point at versions. Every move is recorded. */
export const labels = {
  /** The labels of a prompt, `latest` first, then by name. */
  list: reads()
    .input(z.object({ promptId: idSchema }))
    .output(z.array(labelSchema)),
  /** Every label that is set somewhere or offered everywhere (`development`, `staging`, `production`). */
  names: reads().output(z.array(z.object({ name: z.string(), prompts: z.number().int(), protected: z.boolean() }))),
  /** Points a label at a version; setting it where it already is records nothing. */
  move: writes()
    .input(change.extend({ versionId: idSchema }))
    .output(labelSchema),
  remove: writes()
    .input(change)
    .output(z.object({ ok: z.literal(true) })),
  /** Back to where it was before its last move; again, and it goes one further. Null when it was not set then. */
  rollback: writes().input(change).output(labelSchema.nullable()),
  /** Between which versions a move (or with `versionId: null` a rollback) would be, and whether it wants to be confirmed. */
  preview: reads()
    .input(z.object({ promptId: idSchema, name: labelNameSchema, versionId: idSchema.nullable() }))
    .output(
      z.object({
        protected: z.boolean(),
        from: versionSummarySchema.nullable(),
        to: versionSummarySchema.nullable(),
      }),
    ),
  /** Moves of one label or of all labels of a prompt, newest first. */
  history: reads()
    .input(pageInputSchema.extend({ promptId: idSchema, name: labelNameSchema.optional() }))
    .output(pageOf(labelMoveSchema)),
  /** Whether moving labels of this name needs confirmation, in every prompt. */
  protect: writes('manage')
    .input(z.object({ name: labelNameSchema, protected: z.boolean() }))
    .output(z.object({ ok: z.literal(true) })),
};
