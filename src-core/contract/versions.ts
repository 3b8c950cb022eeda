import { z } from 'zod';
import { contentSchema } from './content.ts';
import { contentComparisonSchema, contentRefSchema, lineCountSchema } from './content-diff.ts';
import { contentMergeSchema, mergeChoiceSchema } from './merge.ts';
import { reads, writes } from './operation.ts';
import { draftSchema, promptSchema, versionSummarySchema } from './prompts.ts';
import { idSchema, pageInputSchema, pageOf } from './shared.ts';

export const versionSchema = versionSummarySchema.extend({ promptId: idSchema, content: contentSchema });
export type Version = z.infer<typeof versionSchema>;

/** A version as the timeline shows it. */
export const versionEntrySchema = versionSummarySchema.extend({
  /** Labels that point at it; `latest` first. */
  labels: z.array(z.string()),
  /** Lines added and removed since its first parent; null for versions from before sizes were kept. */
  size: lineCountSchema.nullable(),
  runs: z.number().int(),
  /** Average of the scores that its runs were given; null without any. */
  score: z.number().nullable(),
});
export type VersionEntry = z.infer<typeof versionEntrySchema>;

export const loggedVersionSchema = versionSummarySchema.extend({
  promptId: idSchema,
  project: z.string(),
  name: z.string(),
});

/** A line of a version's text and the version that last changed it. */
interface BlamedLine {
  readonly text: string;
  readonly versionId: string;
  readonly versionNumber: number;
  /** Whether that number is given for good. */
  readonly confirmed: boolean;
  readonly author: string;
  readonly at: string;
}

const byId = z.object({ id: idSchema });

/** Immutable, content-addressed versions, and what can be made of two of them. */
export const versions = {
  /** Saves the draft as a version; identical content makes none and answers `created: false`. An empty note is generated from the change. */
  save: writes()
    .input(
      z.object({ promptId: idSchema, note: z.string().max(2_000).default(''), revision: z.number().int().optional() }),
    )
    .output(z.object({ version: versionSummarySchema, created: z.boolean(), prompt: promptSchema })),
  /** Newest first; `parents` make the graph. The total counts what the filter leaves. */
  list: reads()
    .input(
      pageInputSchema.extend({
        promptId: idSchema,
        /** Found in the note or the author's name, without regard to case; a number, as in `12` or `v12`, finds the version. */
        text: z.string().max(200).default(''),
        author: z.string().max(100).optional(),
        label: z.string().max(36).optional(),
      }),
    )
    .output(pageOf(versionEntrySchema)),
  /** Everyone who saved a version of a prompt, by name. */
  authors: reads()
    .input(z.object({ promptId: idSchema }))
    .output(z.array(z.string())),
  /** Versions of all prompts (or of one), newest first. */
  log: reads()
    .input(pageInputSchema.extend({ promptId: idSchema.optional() }))
    .output(pageOf(loggedVersionSchema)),
  get: reads().input(byId).output(versionSchema),
  /** Finds by `name@12`, `name@production`, `name@3f2a9c1`, or `name` for the latest; `not_found` when nothing is saved yet. */
  find: reads()
    .input(z.object({ ref: z.string().max(300) }))
    .output(versionSchema),
  /**
   * Makes the draft say what a version says; the draft as it was is one undo away. `onTop` goes on from the
   * latest version, so that saving continues the line; `editFrom` starts from the version, so that saving makes a branch.
   */
  restore: writes()
    .input(z.object({ id: idSchema, mode: z.enum(['onTop', 'editFrom']), revision: z.number().int().optional() }))
    .output(draftSchema),
  /** Compares any two contents, also across prompts. */
  diff: reads()
    .input(z.object({ before: contentRefSchema, after: contentRefSchema }))
    .output(contentComparisonSchema),
  /** Each line of a version with the version that last changed it, along first parents. */
  blame: reads()
    .input(byId)
    .output(
      z.array(
        z.object({
          role: z.string(),
          // Of what the host itself has made line by line, checking every line would take longer than making it.
          lines: z.custom<BlamedLine[]>(Array.isArray),
        }),
      ),
    ),
  /** What becomes of the draft (ours) when a version (theirs) is merged into it. Changes nothing. */
  previewMerge: reads()
    .input(z.object({ promptId: idSchema, theirs: idSchema }))
    .output(
      z.object({
        /** The newest version that both sides come from. */
        base: versionSummarySchema,
        theirs: versionSummarySchema,
        /** The draft's revision that was looked at. */
        revision: z.number().int(),
        /** The draft is unchanged and `theirs` comes from its version, so it simply moves on to it. */
        fastForward: z.boolean(),
        merge: contentMergeSchema,
      }),
    ),
  /**
   * Writes the merged content into the draft, whose next version then has both parents. `conflict` when the draft moved
   * on since the preview or a conflict is undecided. Can be undone like any edit.
   */
  applyMerge: writes()
    .input(
      z.object({
        promptId: idSchema,
        theirs: idSchema,
        revision: z.number().int(),
        /** By conflict id. */
        choices: z.record(z.string(), mergeChoiceSchema).default({}),
      }),
    )
    .output(draftSchema),
};
