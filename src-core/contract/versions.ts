import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contentSchema } from './content.ts';
import { errors } from './errors.ts';
import { promptSchema, versionSummarySchema } from './prompts.ts';
import { idSchema, pageInputSchema, pageOf } from './shared.ts';

export const versionSchema = versionSummarySchema.extend({ promptId: idSchema, content: contentSchema });
export type Version = z.infer<typeof versionSchema>;

/** Immutable, content-addressed versions. */
export const versions = {
  /** Saves the draft as a version; identical content makes none and answers `created: false`. An empty note is generated from the change. */
  save: oc
    .input(
      z.object({ promptId: idSchema, note: z.string().max(2_000).default(''), revision: z.number().int().optional() }),
    )
    .output(z.object({ version: versionSummarySchema, created: z.boolean(), prompt: promptSchema }))
    .errors(errors),
  /** Newest first. */
  list: oc
    .input(pageInputSchema.extend({ promptId: idSchema }))
    .output(pageOf(versionSummarySchema))
    .errors(errors),
  get: oc
    .input(z.object({ id: idSchema }))
    .output(versionSchema)
    .errors(errors),
};
