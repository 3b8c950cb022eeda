import type { contract } from '../contract/index.ts';
import type { Core } from '../core.ts';
import { currentAuthor } from '../core.ts';
import { AppError } from '../errors.ts';
import { decodeCursor, encodeCursor } from '../page.ts';
import type { Database } from '../ports.ts';
import { loadDraft, rebaseDraft } from '../prompts/drafts.ts';
import { requirePrompt, searchableText, toVersionSummary, type VersionRow } from '../prompts/prompt-rows.ts';
import { loadPrompt } from '../prompts/prompts-service.ts';
import type { ServiceOf } from '../service.ts';
import { loadContent, storeContent } from './contents.ts';
import { diffContent } from './diff-content.ts';
import { summariseChanges } from './summarise-changes.ts';

export type VersionsService = ServiceOf<typeof contract.versions>;

export function createVersionsService(core: Core): VersionsService {
  const { database, changes } = core;
  return {
    async save({ promptId, note, revision }, { clientId }) {
      const author = await currentAuthor(core);
      const saved = await database
        .transaction()
        .execute((trx) => saveVersion(core, trx, { promptId, note, revision, author }));
      changes.publish('versions', [promptId], clientId);
      changes.publish('prompts', [promptId], clientId);
      return {
        version: toVersionSummary(saved.version),
        created: saved.created,
        prompt: await loadPrompt(database, promptId),
      };
    },
    async list({ promptId, limit, cursor }) {
      await requirePrompt(database, promptId);
      let query = database
        .selectFrom('versions')
        .selectAll()
        .where('prompt_id', '=', promptId)
        .orderBy('number', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('number', '<', Number(decodeCursor(cursor, 1)[0]));
      const rows = await query.execute();
      const { total } = await database
        .selectFrom('versions')
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .where('prompt_id', '=', promptId)
        .executeTakeFirstOrThrow();
      const items = rows.slice(0, limit).map(toVersionSummary);
      const last = items.at(-1);
      return {
        items,
        nextCursor: rows.length > limit && last ? encodeCursor([last.number]) : null,
        total: Number(total),
      };
    },
    async get({ id }) {
      const row = await database.selectFrom('versions').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) throw new AppError('not_found', 'There is no such version.', { id });
      return {
        ...toVersionSummary(row),
        promptId: row.prompt_id,
        content: await loadContent(database, row.content_hash),
      };
    },
  };
}

interface Save {
  readonly promptId: string;
  readonly note: string;
  /** Refuses with `conflict` when the draft has moved on; absent saves whatever is there. */
  readonly revision?: number | undefined;
  readonly author: string;
}

/** Makes the draft a version, unless it says the same as its base or as the latest one. */
export async function saveVersion(
  core: Core,
  trx: Database,
  save: Save,
): Promise<{ version: VersionRow; created: boolean }> {
  const now = core.clock.now();
  const prompt = await requirePrompt(trx, save.promptId);
  const draft = await loadDraft(trx, save.promptId);
  if (save.revision !== undefined && save.revision !== draft.revision) {
    throw new AppError('conflict', 'This draft was changed in another window. Look at it before saving.', {
      revision: draft.revision,
    });
  }
  const latest = prompt.latest_version_id ? await versionRow(trx, prompt.latest_version_id) : null;
  const base = draft.baseVersion ? await versionRow(trx, draft.baseVersion.id) : null;
  const merged = await mergedParent(trx, save.promptId);
  const same = [base, latest].find((version) => version?.content_hash === draft.hash);
  if (same && merged === null) {
    if (same.id !== base?.id) await rebaseDraft(trx, save.promptId, same.id, now);
    return { version: same, created: false };
  }
  const hash = await storeContent(trx, draft.content);
  const version: VersionRow = {
    id: crypto.randomUUID(),
    prompt_id: save.promptId,
    number: (latest?.number ?? 0) + 1,
    content_hash: hash,
    first_parent_id: base?.id ?? null,
    second_parent_id: merged,
    author: save.author,
    note: save.note.trim() || (await generateNote(trx, base, draft.content)),
    created_at: now,
  };
  await trx.insertInto('versions').values(version).execute();
  await trx
    .updateTable('prompts')
    .set({ latest_version_id: version.id, updated_at: now })
    .where('id', '=', save.promptId)
    .execute();
  await rebaseDraft(trx, save.promptId, version.id, now);
  const { name, title } = prompt;
  const body = searchableText(draft.content);
  const document = {
    kind: 'version',
    ref: version.id,
    promptId: prompt.id,
    name,
    title,
    tags: '',
    description: '',
    body,
    note: version.note,
  } as const;
  await core.search.put(trx, [document]);
  return { version, created: true };
}

async function versionRow(database: Database, id: string): Promise<VersionRow> {
  return database.selectFrom('versions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function mergedParent(database: Database, promptId: string): Promise<string | null> {
  const row = await database
    .selectFrom('drafts')
    .select('merged_version_id')
    .where('prompt_id', '=', promptId)
    .executeTakeFirstOrThrow();
  return row.merged_version_id;
}

async function generateNote(
  database: Database,
  base: VersionRow | null,
  content: Parameters<typeof diffContent>[1],
): Promise<string> {
  if (base === null) return 'First version';
  return summariseChanges(diffContent(await loadContent(database, base.content_hash), content));
}
