import { contentSchema, type PromptContent } from '../contract/content.ts';
import type { contract } from '../contract/index.ts';
import type { Prompt } from '../contract/prompts.ts';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import type { ServiceOf } from '../service.ts';
import { hashContent, normaliseContent } from '../versions/hash-content.ts';
import { createDraft, loadDraft, loadDraftContent, stepDraft, writeDraft } from './drafts.ts';
import { loadIncludes } from './includes.ts';
import { listPrompts } from './list-prompts.ts';
import { promptDocument, requirePrompt, selectPrompts, toPromptSummary } from './prompt-rows.ts';
import { renderFromLibrary } from './render-from-library.ts';

export type PromptsService = ServiceOf<typeof contract.prompts>;

/** What a new prompt starts with: something that runs and shows what an input is. */
export const blankContent: PromptContent = contentSchema.parse({ messages: [{ role: 'user', content: '' }] });

export function createPromptsService(core: Core): PromptsService {
  const { database, clock, changes } = core;

  /** Runs `work` in a transaction, refreshes the prompt's search document and tells the windows. */
  const change = async (
    id: string,
    origin: string,
    work: (trx: Database, now: string) => Promise<void>,
  ): Promise<void> => {
    await database.transaction().execute(async (trx) => {
      await work(trx, clock.now());
      await indexPrompt(core, trx, id);
    });
    changes.publish('prompts', [id], origin);
  };

  const stepping =
    (direction: 'undo' | 'redo') =>
    async ({ id }: { id: string }, { clientId }: { clientId: string }) => {
      await change(id, clientId, (trx, now) => stepDraft(trx, id, direction, now));
      return loadDraft(database, id);
    };

  return {
    list: (input) => listPrompts(core, input),
    tags: () => listTags(database),
    get: ({ id }) => loadPrompt(database, id),
    async find({ name }) {
      return loadPrompt(database, await findPromptId(database, name));
    },
    async create({ content, ...metadata }, { clientId }) {
      const id = crypto.randomUUID();
      await assertNameIsFree(database, metadata.project, metadata.name, null);
      await change(id, clientId, async (trx, now) => {
        const body = normaliseContent(content ?? blankContent);
        await insertPrompt(trx, { ...metadata, id }, body, now);
        await createDraft(trx, id, body, null, now);
      });
      return loadPrompt(database, id);
    },
    async update({ id, changes: patch }, { clientId }) {
      const before = await requirePrompt(database, id);
      if (patch.name !== undefined) await assertNameIsFree(database, before.project, patch.name, id);
      await change(id, clientId, (trx, now) => updateMetadata(core, trx, id, patch, now));
      return loadPrompt(database, id);
    },
    async duplicate({ id, name }, { clientId }) {
      const source = await requirePrompt(database, id);
      const copyName = name ?? (await freeCopyName(database, source.project, source.name));
      await assertNameIsFree(database, source.project, copyName, null);
      const copyId = crypto.randomUUID();
      await change(copyId, clientId, async (trx, now) => {
        const content = await loadDraftContent(trx, id);
        const copy = { ...source, id: copyId, name: copyName, title: source.title && `${source.title} (copy)` };
        await trx
          .insertInto('prompts')
          .values({
            ...copy,
            source: 'human',
            status: 'active',
            latest_version_id: null,
            created_at: now,
            updated_at: now,
          })
          .execute();
        await createDraft(trx, copyId, content, null, now);
      });
      return loadPrompt(database, copyId);
    },
    async setStatus({ ids, status }, { clientId }) {
      await database.transaction().execute(async (trx) => {
        for (const id of ids) await recordChange(core, trx, id, { status }, clock.now());
        await trx.updateTable('prompts').set({ status }).where('id', 'in', ids).execute();
      });
      changes.publish('prompts', ids, clientId);
      return { ok: true };
    },
    async purge({ ids }, { clientId }) {
      await database.transaction().execute(async (trx) => {
        for (const id of ids) await purgePrompt(core, trx, id);
      });
      changes.publish('prompts', ids, clientId);
      return { ok: true };
    },
    async saveDraft({ id, revision, content }, { clientId }) {
      await change(id, clientId, (trx, now) => writeDraft(trx, id, content, revision, now));
      return loadDraft(database, id);
    },
    undoDraft: stepping('undo'),
    redoDraft: stepping('redo'),
    async discardDraft({ id }, { clientId }) {
      const draft = await loadDraft(database, id);
      const base = draft.baseVersion;
      if (base === null)
        throw new AppError('invalid', 'There is no saved version to return to. Save one first, or undo step by step.');
      await change(id, clientId, async (trx, now) => {
        const row = await trx
          .selectFrom('contents')
          .select('body')
          .where('hash', '=', base.hash)
          .executeTakeFirstOrThrow();
        await writeDraft(trx, id, contentSchema.parse(JSON.parse(row.body)), null, now, false);
      });
      return loadDraft(database, id);
    },
    includes: ({ names }) => loadIncludes(database, names),
    async render({ id, content, inputs }) {
      if (content) return renderFromLibrary(database, content, inputs);
      if (!id) throw new AppError('invalid', 'Give the id of a prompt or a content to render.');
      return renderFromLibrary(database, await loadDraftContent(database, id), inputs);
    },
  };
}

export async function loadPrompt(database: Database, id: string): Promise<Prompt> {
  const row = await selectPrompts(database).where('prompts.id', '=', id).executeTakeFirst();
  if (!row)
    throw new AppError('not_found', 'This prompt no longer exists; it may have been deleted in another window.', {
      id,
    });
  const { snippet: _, ...summary } = toPromptSummary(row);
  return { ...summary, draft: await loadDraft(database, id) };
}

/** Finds by `name` or `project/name`; a name without project is looked for in every project. */
export async function findPromptId(database: Database, name: string): Promise<string> {
  const [project, ...rest] = name.split('/');
  const rows = await database
    .selectFrom('prompts')
    .select(['id', 'project', 'name'])
    .where((eb) =>
      eb.or([eb('name', '=', name), eb.and([eb('project', '=', project ?? ''), eb('name', '=', rest.join('/'))])]),
    )
    .where('status', '!=', 'trashed')
    .execute();
  const exact = rows.find((row) => row.name === name && row.project === 'default') ?? rows[0];
  if (!exact)
    throw new AppError('not_found', `There is no prompt named "${name}". "promptdev list" shows those that there are.`);
  return exact.id;
}

async function listTags(database: Database) {
  const rows = await database
    .selectFrom('prompts')
    .select('tags')
    .where('status', '=', 'active')
    .where('tags', '!=', '[]')
    .execute();
  const counts = new Map<string, number>();
  for (const { tags } of rows)
    for (const tag of JSON.parse(tags) as string[]) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}

async function indexPrompt(core: Core, trx: Database, id: string): Promise<void> {
  const row = await requirePrompt(trx, id);
  await core.search.put(trx, [promptDocument(row, await loadDraftContent(trx, id))]);
}

type Metadata = Omit<Parameters<PromptsService['create']>[0], 'content'>;

async function insertPrompt(
  trx: Database,
  metadata: Metadata & { readonly id: string },
  content: PromptContent,
  now: string,
) {
  await trx
    .insertInto('prompts')
    .values({
      ...metadata,
      tags: JSON.stringify(metadata.tags),
      metadata: JSON.stringify(metadata.metadata),
      status: 'active',
      latest_version_id: null,
      draft_hash: hashContent(content),
      created_at: now,
      updated_at: now,
    })
    .execute();
}

async function updateMetadata(
  core: Core,
  trx: Database,
  id: string,
  patch: Parameters<PromptsService['update']>[0]['changes'],
  now: string,
): Promise<void> {
  await recordChange(core, trx, id, patch, now);
  const { tags, metadata, ...plain } = patch;
  await trx
    .updateTable('prompts')
    .set({
      ...plain,
      ...(tags && { tags: JSON.stringify(tags) }),
      ...(metadata && { metadata: JSON.stringify(metadata) }),
      updated_at: now,
    })
    .where('id', '=', id)
    .execute();
}

/** Keeps who changed which metadata from what to what (rule 1). */
async function recordChange(
  core: Core,
  trx: Database,
  id: string,
  patch: Readonly<Record<string, unknown>>,
  now: string,
) {
  const row = await requirePrompt(trx, id);
  const stored: Readonly<Record<string, unknown>> = {
    ...row,
    tags: JSON.parse(row.tags),
    metadata: JSON.parse(row.metadata),
  };
  const changed = Object.keys(patch).filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(patch[key]));
  if (changed.length === 0) return;
  const pick = (from: Readonly<Record<string, unknown>>) =>
    JSON.stringify(Object.fromEntries(changed.map((key) => [key, from[key]])));
  await trx
    .insertInto('prompt_changes')
    .values({
      prompt_id: id,
      author: await authorIn(trx, core),
      before: pick(stored),
      after: pick(patch),
      changed_at: now,
    })
    .execute();
}

/** The author as the open transaction sees it; asking the settings service here would wait for this very transaction. */
async function authorIn(trx: Database, core: Core): Promise<string> {
  const row = await trx.selectFrom('settings').select('value').where('key', '=', 'author').executeTakeFirst();
  return (row && (JSON.parse(row.value) as string)) || core.machine.userName;
}

async function assertNameIsFree(database: Database, project: string, name: string, self: string | null): Promise<void> {
  const taken = await database
    .selectFrom('prompts')
    .select(['id', 'status'])
    .where('project', '=', project)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!taken || taken.id === self) return;
  const where = taken.status === 'active' ? '' : ` It is in the ${taken.status === 'trashed' ? 'trash' : 'archive'}.`;
  throw new AppError('conflict', `There is already a prompt named "${name}".${where} Choose another name.`, { name });
}

async function freeCopyName(database: Database, project: string, name: string): Promise<string> {
  const taken = await database
    .selectFrom('prompts')
    .select('name')
    .where('project', '=', project)
    .where('name', 'like', `${name}-copy%`)
    .execute();
  const names = new Set(taken.map((row) => row.name));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? `${name}-copy` : `${name}-copy-${number}`;
    if (!names.has(candidate)) return candidate;
  }
}

async function purgePrompt(core: Core, trx: Database, id: string): Promise<void> {
  const row = await requirePrompt(trx, id);
  if (row.status !== 'trashed')
    throw new AppError('invalid', `"${row.name}" is not in the trash; only what is there can be deleted for good.`);
  const versions = await trx.selectFrom('versions').select('id').where('prompt_id', '=', id).execute();
  await core.search.remove(trx, 'prompt', [id]);
  await core.search.remove(
    trx,
    'version',
    versions.map((version) => version.id),
  );
  for (const table of ['drafts', 'draft_entries', 'labels', 'label_moves', 'prompt_changes'] as const) {
    await trx.deleteFrom(table).where('prompt_id', '=', id).execute();
  }
  // Newest first: a version's parents are older than itself.
  for (const version of versions.reverse()) await trx.deleteFrom('versions').where('id', '=', version.id).execute();
  await trx.deleteFrom('prompts').where('id', '=', id).execute();
}
