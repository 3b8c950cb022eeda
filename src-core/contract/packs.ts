import { z } from 'zod';
import { reads, works } from './operation.ts';
import { idSchema, pageInputSchema, pageOf, projectNameSchema, promptNameSchema } from './shared.ts';

/** Bytes of all files of one import, which as base64 fit one message of a window with what stands around them. */
export const largestImport = 47 * 1024 * 1024;
export const mostImportedFiles = 5_000;
/** Prompts of one export; a pack holds more. */
export const mostExported = 2_000;
const longestBase64 = Math.ceil((largestImport * 4) / 3) + 1_000_000;

/** A file that a person chose, dropped or pasted. */
export const givenFileSchema = z.object({
  /** Relative to the chosen folder, with "/"; of a single file its name. */
  path: z.string().min(1).max(1_000),
  /** Base64. */
  data: z.string().max(longestBase64, { error: `Files of one import have at most ${largestImport / 1024 / 1024} MB.` }),
  /** Only read by the files that name it, as a part of another one; never a prompt of its own. */
  attached: z.boolean().default(false),
});
export type GivenFile = z.infer<typeof givenFileSchema>;

export const lossSchema = z.object({
  kind: z.enum(['kept', 'approximated', 'dropped', 'refused', 'unresolved']),
  what: z.string(),
  where: z.string(),
  why: z.string(),
  line: z.number().int().optional(),
});

export const importProblemSchema = z.object({ message: z.string(), line: z.number().int().optional() });

/** What a file is read as, or why it is not. */
export const readFileSchema = z.object({
  path: z.string(),
  /** `unknown` when it is in no format that is read here. */
  format: z.string(),
  /** Formats that it may be in as well; more than one asks for a choice. */
  choices: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Null when it was read; else nothing of it is imported. */
  refusal: importProblemSchema.nullable(),
  losses: z.array(lossSchema),
  problems: z.array(importProblemSchema),
  prompts: z.number().int(),
  tests: z.number().int(),
  rows: z.number().int(),
});
export type ReadFileReport = z.infer<typeof readFileSchema>;

/**
 * How a prompt of a file stands to the library. `conflicting`: there is one of its name that says something else and did not
 * come from such an import, or has been changed since.
 */
export const plannedStates = ['new', 'identical', 'changed', 'conflicting'] as const;
/** What is done with it. */
export const importActions = ['create', 'keep-both', 'new-version', 'replace-draft', 'skip'] as const;
export type ImportAction = (typeof importActions)[number];

export const plannedItemSchema = z.object({
  /** Names the item in one plan. */
  key: z.string(),
  path: z.string(),
  format: z.string(),
  name: promptNameSchema,
  title: z.string(),
  state: z.enum(plannedStates),
  /** Of the prompt that has the name. */
  promptId: z.string().nullable(),
  /** What is done unless a person chooses otherwise. */
  action: z.enum(importActions),
  actions: z.array(z.enum(importActions)),
  /** Versions that it brings, with the newest. */
  versions: z.number().int(),
  labels: z.array(z.string()),
  /** What importing would change of the prompt's text: one sentence; '' for a new one. */
  change: z.string(),
  /** Beginning of the first message. */
  excerpt: z.string(),
});
export type PlannedItem = z.infer<typeof plannedItemSchema>;

const given = {
  files: z.array(givenFileSchema).min(1).max(mostImportedFiles),
  /** Chosen formats by path, for files that may be in several. */
  formats: z.record(z.string(), z.string()).default({}),
  project: projectNameSchema.default('default'),
  /** Before every name, as in `from-langfuse`; '' for none. */
  folder: z.string().max(100).default(''),
};

export const importedItemSchema = z.object({
  key: z.string(),
  name: promptNameSchema,
  promptId: z.string().nullable(),
  action: z.enum(importActions),
});

export const importRecordSchema = z.object({
  id: z.string(),
  at: z.string(),
  author: z.string(),
  /** The files, as a person would call them. */
  source: z.string(),
  formats: z.array(z.string()),
  prompts: z.number().int(),
  /** Null until it was taken back. */
  undoneAt: z.string().nullable(),
});
export type ImportRecord = z.infer<typeof importRecordSchema>;

/** Files of other tools: what importing them would do, doing it, and taking it back. */
export const packs = {
  /** The formats that are read, and those that are written. */
  formats: reads()
    .input(z.object({}).prefault({}))
    .output(z.array(z.object({ id: z.string(), title: z.string(), writes: z.boolean() }))),
  /** Reads the files and says what importing them would do; changes nothing. */
  plan: works('read')
    .input(z.object(given))
    .output(z.object({ files: z.array(readFileSchema), items: z.array(plannedItemSchema) })),
  /** Imports in one transaction: all of it or nothing. The same files again change nothing. */
  import: works('write')
    .input(
      z.object({
        ...given,
        /** Actions by item; what is not named is done as the plan says. */
        actions: z.record(z.string(), z.enum(importActions)).default({}),
      }),
    )
    .output(z.object({ id: z.string().nullable(), items: z.array(importedItemSchema) })),
  /** Takes an import back, but for what was changed since; names that. */
  undo: works('write')
    .input(z.object({ id: z.string() }))
    .output(z.object({ undone: z.number().int(), kept: z.array(z.object({ name: z.string(), why: z.string() })) })),
  /** Prompts as files of another tool, with what these cannot say. Writes no file. */
  export: works('read')
    .input(
      z.object({
        ids: z.array(idSchema).min(1).max(mostExported),
        /** Of a format that is written. */
        format: z.string(),
        /** What the draft says now, or the newest version where there is one. */
        content: z.enum(['draft', 'version']).default('version'),
        /** Earlier versions too, where the format holds several. */
        history: z.boolean().default(false),
      }),
    )
    .output(
      z.object({
        files: z.array(z.object({ path: z.string(), text: z.string() })),
        losses: z.array(lossSchema),
      }),
    ),
  /** Imports, newest first. */
  imports: reads().input(pageInputSchema).output(pageOf(importRecordSchema)),
};
