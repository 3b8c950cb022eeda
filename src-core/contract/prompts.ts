import { z } from 'zod';
import { contentSchema, promptTypes } from './content.ts';
import { renderedMessageSchema } from './messages.ts';
import { reads, writes } from './operation.ts';
import {
  idSchema,
  jsonObjectSchema,
  okSchema,
  pageInputSchema,
  pageOf,
  projectNameSchema,
  promptNameSchema,
  timestampSchema,
} from './shared.ts';

export const scopes = ['user', 'agent', 'global'] as const;
export const sources = ['system', 'generated', 'human', 'file'] as const;
export const promptStatuses = ['active', 'archived', 'trashed'] as const;

/** Prompts that one bulk action may change. */
export const maxAtOnce = 10_000;

/** Prompts whose summaries are read at once. */
export const maxSummaries = 200;

/** Tags that one prompt may have. */
export const maxTags = 50;

export const longestTag = 50;
export const tagSchema = z.string().trim().min(1).max(longestTag);

export const longestTitle = 200;
export const longestDescription = 10_000;

const metadataShape = {
  name: promptNameSchema,
  title: z.string().max(longestTitle),
  description: z.string().max(longestDescription),
  type: z.enum(promptTypes),
  scope: z.enum(scopes),
  owner: z.string().max(200),
  domain: z.string().max(200),
  tags: z.array(tagSchema).max(maxTags),
  metadata: jsonObjectSchema,
};

/** What is read of a prompt: limits are for what is written, and a row from before them is shown as it is. */
const storedMetadataShape = {
  ...metadataShape,
  name: z.string(),
  title: z.string(),
  description: z.string(),
  owner: z.string(),
  domain: z.string(),
  tags: z.array(z.string()),
};

export const versionSummarySchema = z.object({
  id: idSchema,
  /** Given once, by the workspace's home; until that has confirmed it, it may still change and nothing resolves by it. */
  number: z.number().int().min(1),
  confirmed: z.boolean(),
  /** Hex SHA-256 of the canonical content. */
  hash: z.string(),
  parents: z.array(idSchema),
  /** The author's name as it was then. */
  author: z.string(),
  /** Null for versions from before people had identities. */
  authorId: idSchema.nullable(),
  note: z.string(),
  createdAt: timestampSchema,
});
export type VersionSummary = z.infer<typeof versionSummarySchema>;

export const promptSummarySchema = z.object({
  ...storedMetadataShape,
  id: idSchema,
  project: z.string(),
  source: z.enum(sources),
  status: z.enum(promptStatuses),
  /** Null until the first version is saved. */
  latestVersion: z.number().int().nullable(),
  /** Whether that number is given for good, as of a version; true without one. */
  latestConfirmed: z.boolean(),
  /** The draft differs from the version it started from. */
  hasChanges: z.boolean(),
  /** Highlighted search hit, with `<mark>` around matches and everything else escaped as text; null outside a search. */
  snippet: z.string().nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
export type PromptSummary = z.infer<typeof promptSummarySchema>;

/** Fields whose text a draft can hold, and how much text they may have together. */
const maxTypedFields = 1_000;
const maxTypedLength = 8_000_000;

/**
 * What fields of the editor show that is not valid yet or not in effect yet: their texts as they were typed, by the paths
 * of `draft-fields.ts`, as in `{ "responseSchema": "{ \"type\": " }`.
 */
export const typedTextsSchema = z
  .record(z.string().max(400), z.string())
  .refine((typed) => Object.keys(typed).length <= maxTypedFields, {
    error: `A draft holds the unfinished texts of at most ${maxTypedFields} fields.`,
  })
  .refine((typed) => Object.values(typed).reduce((sum, text) => sum + text.length, 0) <= maxTypedLength, {
    error: `The unfinished texts of a draft have at most ${maxTypedLength} characters together.`,
  });
export type TypedTexts = Readonly<z.infer<typeof typedTextsSchema>>;

export const draftSchema = z.object({
  content: contentSchema,
  /** Shown by the fields in place of what `content` says there. */
  typed: typedTextsSchema,
  /** Grows by one with every saved change; a save that names an older one is a `conflict`. */
  revision: z.number().int().min(0),
  /** The version that the draft started from. */
  baseVersion: versionSummarySchema.nullable(),
  /** Hash of `content`. */
  hash: z.string(),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
  updatedAt: timestampSchema,
});
export type Draft = z.infer<typeof draftSchema>;

/** What a save of the draft answers: where the draft is now, without the content that the caller has just sent. */
export const draftSavedSchema = draftSchema
  .pick({ revision: true, hash: true, canUndo: true, canRedo: true, updatedAt: true })
  .extend({
    /** The step of the undo tree that the draft shows. */
    step: idSchema,
  });
export type DraftSaved = z.infer<typeof draftSavedSchema>;

export const promptSchema = promptSummarySchema.omit({ snippet: true }).extend({ draft: draftSchema });
export type Prompt = z.infer<typeof promptSchema>;

export const includedPromptSchema = z.object({
  source: z.string(),
  syntax: contentSchema.shape.syntax.unwrap(),
  /** Whose text it is, so that a reader knows when to ask again. */
  promptId: idSchema,
  /** It is what the draft says, because nothing is saved yet. */
  isDraft: z.boolean(),
});
export type IncludedPrompt = z.infer<typeof includedPromptSchema>;

export const renderProblemSchema = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  /** What to write instead. */
  hint: z.string().optional(),
  /** Index of the message it stands in; null for a problem of an input. */
  messageIndex: z.number().int().nullable(),
  /** Index of the part of that message; absent in a message that is one text. */
  part: z.number().int().optional(),
  input: z.string().nullable(),
  /** 1-based; null where there is no position. */
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  template: z.string().nullable(),
});
export type RenderProblem = z.infer<typeof renderProblemSchema>;

const byId = z.object({ id: idSchema });

/** Prompts, their metadata and their one mutable draft. */
export const prompts = {
  list: reads()
    .input(
      pageInputSchema.extend({
        /** Words (prefix), "phrases", `tag:x`, `label:x`, `model:x`, `updated:>2026-01-31`. */
        search: z.string().max(1_000).default(''),
        tags: z.array(z.string()).default([]),
        project: z.string().optional(),
        /** Folder prefix of the name, as in `support/`. */
        folder: z.string().optional(),
        /** Only what is in the folder itself and not below it; without a folder, what is in none. */
        direct: z.boolean().default(false),
        /** Rows to leave out, for a list that is jumped in. */
        offset: z.number().int().min(0).default(0),
        status: z.enum(promptStatuses).default('active'),
        order: z.enum(['updated', 'name']).default('updated'),
      }),
    )
    .output(pageOf(promptSummarySchema)),
  /** All tags in use with their number of prompts, most used first. */
  tags: reads().output(z.array(z.object({ tag: z.string(), count: z.number().int() }))),
  /** Those of these prompts that there are, as a list shows them; for a window that knows which of its rows changed. */
  summaries: reads()
    .input(z.object({ ids: z.array(idSchema).min(1).max(maxSummaries) }))
    .output(z.array(promptSummarySchema)),
  get: reads().input(byId).output(promptSchema),
  /** Finds by `name` or `project/name`. */
  find: reads()
    .input(z.object({ name: z.string() }))
    .output(promptSchema),
  create: writes()
    .input(
      z.object({
        ...metadataShape,
        title: metadataShape.title.default(''),
        description: metadataShape.description.default(''),
        type: metadataShape.type.default('chat'),
        scope: metadataShape.scope.default('user'),
        owner: metadataShape.owner.default(''),
        domain: metadataShape.domain.default(''),
        tags: metadataShape.tags.default([]),
        metadata: metadataShape.metadata.default({}),
        project: projectNameSchema.default('default'),
        source: z.enum(sources).default('human'),
        content: contentSchema.optional(),
      }),
    )
    .output(promptSchema),
  /** Changes metadata only; content goes through `saveDraft`. */
  update: writes()
    .input(z.object({ id: idSchema, changes: z.object(metadataShape).partial() }))
    .output(promptSchema),
  duplicate: writes()
    .input(
      z.object({
        id: idSchema,
        name: promptNameSchema.optional(),
        /** What the copy says; absent copies the draft. */
        content: contentSchema.optional(),
        typed: typedTextsSchema.optional(),
      }),
    )
    .output(promptSchema),
  /** Trashing a prompt that others include is a `conflict` with the `usedBy` names in its details, unless `force`. */
  setStatus: writes()
    .input(
      z.object({
        ids: z.array(idSchema).min(1).max(maxAtOnce),
        status: z.enum(promptStatuses),
        force: z.boolean().default(false),
      }),
    )
    .output(okSchema),
  /** Deletes for good; only what is in the trash. */
  purge: writes('delete')
    .input(z.object({ ids: z.array(idSchema).min(1).max(maxAtOnce) }))
    .output(okSchema),
  /** Replaces the draft when `revision` is still the stored one; otherwise `conflict` with the stored draft's revision in the details. */
  saveDraft: writes()
    .input(
      z.object({
        id: idSchema,
        revision: z.number().int().min(0),
        /**
         * The version that the draft started from as far as the caller knows. A person's first save makes the draft, and is
         * a `conflict` when the latest version is another one by now.
         */
        baseVersionId: idSchema.nullable().optional(),
        /** Absent leaves it as it is, when only `typed` changed. */
        content: contentSchema.optional(),
        /** Absent leaves them as they are. */
        typed: typedTextsSchema.optional(),
        /** Never joins what was typed just before to one step of undo. */
        ownStep: z.boolean().default(false),
      }),
    )
    .output(draftSavedSchema),
  /** Steps through the draft's journal, which survives restarts. */
  undoDraft: writes().input(byId).output(draftSchema),
  redoDraft: writes().input(byId).output(draftSchema),
  /** Returns the draft to its base version; can be undone. */
  discardDraft: writes().input(byId).output(draftSchema),
  /** The draft's undo tree, newest step first. */
  draftSteps: reads()
    .input(pageInputSchema.extend({ id: idSchema }))
    .output(
      pageOf(
        z.object({
          step: idSchema,
          parent: idSchema.nullable(),
          current: z.boolean(),
          at: timestampSchema,
          /** What changed since its parent, as in "Edited system message"; '' for the oldest step kept. */
          summary: z.string(),
          size: z.object({ added: z.number().int(), removed: z.number().int() }),
          /** The first line that came or went, as in `+ Be kind.`; '' when no line did. */
          excerpt: z.string(),
          /** The newest version that says the same; null without one. */
          version: versionSummarySchema.pick({ number: true, confirmed: true }).nullable(),
        }),
      ),
    ),
  /** What the draft said at a step of its undo tree. */
  draftStep: reads()
    .input(z.object({ id: idSchema, step: idSchema }))
    .output(z.object({ content: contentSchema, at: timestampSchema })),
  /** Goes to any step of the undo tree. */
  goToStep: writes()
    .input(z.object({ id: idSchema, step: idSchema }))
    .output(draftSchema),
  /** What templates get when they include these names (`prompt`, `project/prompt`, `prompt@label`, `prompt@12`); null for unknown ones. */
  includes: reads()
    .input(z.object({ names: z.array(z.string().max(300)).max(500) }))
    .output(z.record(z.string(), includedPromptSchema.nullable())),
  /** Renders a content (or the draft of a prompt) with includes resolved from the library. Problems are data, not errors. */
  render: reads()
    .input(
      z.object({
        id: idSchema.optional(),
        content: contentSchema.optional(),
        inputs: jsonObjectSchema,
        /** Any use of an undefined value is an error. */
        strict: z.boolean().default(false),
      }),
    )
    .output(z.object({ messages: z.array(renderedMessageSchema).nullable(), problems: z.array(renderProblemSchema) })),
};
