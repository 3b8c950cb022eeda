import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { watches, works } from './operation.ts';
import { idSchema, timestampSchema } from './shared.ts';
import { changeKinds, topics } from './topics.ts';

export type { ChangeKind, Topic } from './topics.ts';

/** What a list shows of a draft. */
export const draftMarkSchema = z.object({
  promptId: idSchema,
  revision: z.number().int(),
  hasChanges: z.boolean(),
  /** Of the prompt, as lists are ordered by it. */
  updatedAt: timestampSchema,
});
export type DraftMark = z.infer<typeof draftMarkSchema>;

export const changeSchema = z.object({
  topic: z.enum(topics),
  /** Ids of what changed; empty means "many". Drafts, versions and labels are named by their prompt. */
  ids: z.array(z.string()),
  /** Whether they are gone for good. */
  kind: z.enum(changeKinds),
  /** Of drafts only: what lists show of them, so that nobody has to ask. */
  drafts: z.array(draftMarkSchema).optional(),
  /** The client that caused it (its `clientId` header of the connection), so that it can ignore its own echo; null for the host. */
  origin: z.string().nullable(),
});
export type Change = z.infer<typeof changeSchema>;

export const workspaceInfoSchema = z.object({
  appVersion: z.string(),
  dataDir: z.string(),
  databaseFile: z.string(),
  databaseBytes: z.number(),
  /** Things a person should know now: keys in a file, low disk space, a set-aside model. */
  warnings: z.array(z.string()),
  secretsBackend: z.enum(['keychain', 'file', 'memory']),
  host: z.object({
    pid: z.number().int(),
    node: z.string(),
    platform: z.string(),
    cores: z.number().int(),
    /** Resident memory of the host process, bytes. */
    memoryBytes: z.number(),
    freeMemoryBytes: z.number(),
  }),
});

export const statusSchema = z.object({
  runningRuns: z.number().int(),
  queuedRuns: z.number().int(),
  loadedModels: z.number().int(),
  hostMemoryBytes: z.number(),
  enginesMemoryBytes: z.number(),
  /** Why nothing can be saved just now, and what to do: the database file was deleted or replaced. Null as a rule. */
  problem: z.string().nullable().default(null),
});
export type WorkspaceStatus = z.infer<typeof statusSchema>;

/** The workspace itself: where it lives, what changes in it. */
export const workspace = {
  info: works('read').output(workspaceInfoSchema),
  /** Follows changes of any row, so that every window stays current. Starts with no replay. */
  changes: watches().output(eventIterator(changeSchema)),
  /** Status-bar figures, at most one event a second and only on change. */
  status: watches().output(eventIterator(statusSchema)),
};
