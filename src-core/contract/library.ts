import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { reads, watches, writes } from './operation.ts';
import { maxAtOnce, promptSchema, promptStatuses, tagSchema } from './prompts.ts';
import { idSchema, okSchema, pageInputSchema, pageOf, projectNameSchema, promptNameSchema } from './shared.ts';

const searchKinds = ['prompt', 'version', 'run'] as const;

/** A match: a prompt's metadata or draft, an old version's text or note, or a run's output. */
export const searchHitSchema = z.object({
  kind: z.enum(searchKinds),
  /** Id of the prompt, version or run. */
  ref: idSchema,
  promptId: idSchema.nullable(),
  /** The prompt's project, name and title; '' for a run without one. */
  project: z.string(),
  name: z.string(),
  title: z.string(),
  versionNumber: z.number().int().nullable(),
  /** Whether that number is given for good; true without one. */
  versionConfirmed: z.boolean(),
  /** `<mark>` around matches and everything else escaped as text. */
  snippet: z.string(),
});
export type LibraryHit = z.infer<typeof searchHitSchema>;

/** Which prompt includes another one, and where it says so. */
export const usageSchema = z.object({
  promptId: idSchema,
  project: z.string(),
  name: z.string(),
  title: z.string(),
  /** In the draft, in the latest version, or in both. */
  inDraft: z.boolean(),
  inLatest: z.boolean(),
  /** The names by which it is included, as in `support/tone` or `support/tone@production`. */
  as: z.array(z.string()),
});
export type Usage = z.infer<typeof usageSchema>;

/** A path as in `support/mail`; '' is the top level. */
const folderSchema = promptNameSchema.or(z.literal(''));

const folderMoveEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  z.object({
    kind: z.literal('done'),
    /** Ids of the prompts that have new names. */
    moved: z.array(idSchema),
    /** Ids of the prompts in whose drafts includes were rewritten. */
    rewritten: z.array(idSchema),
  }),
]);

const ids = z.array(idSchema).min(1).max(maxAtOnce);

/** The library as a whole: projects, folders, search, and prompts that include each other. */
export const library = {
  projects: reads().output(z.array(z.object({ name: z.string(), prompts: z.number().int() }))),
  createProject: writes()
    .input(z.object({ name: projectNameSchema }))
    .output(okSchema),
  renameProject: writes()
    .input(z.object({ from: z.string(), to: projectNameSchema }))
    .output(okSchema),
  /** Deletes a project in which no prompt is left; `conflict` otherwise. */
  removeProject: writes('delete')
    .input(z.object({ name: z.string() }))
    .output(okSchema),
  /** Moves all or none; `conflict` when the project has a prompt of the same name. */
  moveToProject: writes()
    .input(z.object({ ids, project: projectNameSchema }))
    .output(okSchema),
  /** The top level (''), then every folder by name, with the number of prompts in it and below and of those directly in it. */
  folders: reads()
    .input(z.object({ project: z.string().optional(), status: z.enum(promptStatuses).default('active') }))
    .output(z.array(z.object({ folder: z.string(), prompts: z.number().int(), direct: z.number().int() }))),
  /** Best first: prompts, then older versions and runs. Takes the same words and filters as `prompts.list`. */
  search: reads()
    .input(
      pageInputSchema.extend({
        query: z.string().max(1_000),
        kinds: z
          .array(z.enum(searchKinds))
          .min(1)
          .default([...searchKinds]),
      }),
    )
    .output(pageOf(searchHitSchema)),
  /** The prompts that include a prompt, by name; itself left out. */
  whereUsed: reads()
    .input(z.object({ id: idSchema }))
    .output(z.array(usageSchema)),
  /** Renames a prompt and, when asked to, the includes of it in the drafts of others, one undoable step each. Versions stay as they are. */
  rename: writes()
    .input(z.object({ id: idSchema, name: promptNameSchema, rewriteIncludes: z.boolean() }))
    .output(z.object({ prompt: promptSchema, rewritten: z.array(z.object({ promptId: idSchema, name: z.string() })) })),
  /**
   * Gives all prompts in a folder and below, whatever their status, a name in another one: all or none. `to` may be a
   * folder that exists; a name that is taken there is a `conflict`. Tells how far it is and ends
   * with `done`; leaving the stream before cancels.
   */
  moveFolder: watches('write')
    .input(
      z.object({
        from: folderSchema,
        to: folderSchema,
        /** Absent moves the folder in every project. */
        project: z.string().optional(),
        /** As in `rename`. */
        rewriteIncludes: z.boolean(),
        /** Moves only these of the folder's prompts, as to take back a move into a folder that had others. */
        only: z.array(idSchema).optional(),
      }),
    )
    .output(eventIterator(folderMoveEventSchema)),
  /** The prompts that include any prompt in a folder or below, by name. */
  folderUsedBy: reads()
    .input(z.object({ folder: promptNameSchema, project: z.string().optional() }))
    .output(z.array(usageSchema)),
  /** Answers with the prompts whose tags are others now, as to take it back for these alone. */
  tag: writes()
    .input(
      z.object({ ids, add: z.array(tagSchema).max(50).default([]), remove: z.array(tagSchema).max(50).default([]) }),
    )
    .output(z.object({ changed: z.array(idSchema) })),
};
