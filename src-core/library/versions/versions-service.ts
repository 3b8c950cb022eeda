import type { contract } from '../../contract/index.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { loadDraft, rebaseDraft, writeDraft } from '../drafts/drafts.ts';
import { loadPrompt } from '../lookup/find-prompt.ts';
import { findVersionByRef, requireVersion } from '../lookup/find-version.ts';
import { changePrompts } from '../prompts/change-prompt.ts';
import { loadContent } from '../stored/contents.ts';
import { toVersionSummary, type VersionRow } from '../stored/prompt-rows.ts';
import { blameVersion } from './blame-version.ts';
import { compareContents } from './compare-contents.ts';
import { listAuthors, listVersions, logVersions } from './list-versions.ts';
import { applyMerge, previewMerge } from './merge-draft.ts';
import { saveVersion } from './save-version.ts';

export type VersionsService = ServiceOf<typeof contract.versions>;

export function createVersionsService(core: LibraryCore): VersionsService {
  const { database, changes } = core;

  const withContent = async (row: VersionRow) => ({
    ...toVersionSummary(row),
    promptId: row.prompt_id,
    content: await loadContent(database, row.content_hash),
  });

  return {
    async save(input, { clientId }) {
      const saved = await database.transaction().execute((trx) => saveVersion(core, trx, input));
      changes.publish('versions', [input.promptId], clientId);
      changes.publish('prompts', [input.promptId], clientId);
      return {
        version: toVersionSummary(saved.version),
        created: saved.created,
        prompt: await loadPrompt(database, input.promptId),
      };
    },
    list: (input) => listVersions(database, input),
    authors: ({ promptId }) => listAuthors(database, promptId),
    log: (input) => logVersions(database, input),
    get: async ({ id }) => withContent(await requireVersion(database, id)),
    find: async ({ ref }) => withContent(await findVersionByRef(database, ref)),
    async restore({ id, mode, revision = null }, { clientId }) {
      const version = await requireVersion(database, id);
      const promptId = version.prompt_id;
      await changePrompts(core, [promptId], clientId, async (trx, now) => {
        const content = await loadContent(trx, version.content_hash);
        await writeDraft(trx, promptId, content, { revision, now, coalesce: false, merged: null, typed: {} });
        if (mode === 'editFrom') await rebaseDraft(trx, promptId, id, now);
        else await rebaseOnLatest(trx, promptId, now);
      });
      return loadDraft(database, promptId);
    },
    diff: (input) => compareContents(database, input),
    async blame({ id }, { signal }) {
      const messages = await blameVersion(database, id, signal);
      return messages.map(({ role, lines }) => ({ role, lines: [...lines] }));
    },
    async previewMerge({ promptId, theirs }) {
      const preview = await previewMerge(database, promptId, theirs);
      const { base, theirs: version } = preview;
      return { ...preview, base: toVersionSummary(base), theirs: toVersionSummary(version) };
    },
    async applyMerge(input, { clientId }) {
      await changePrompts(core, [input.promptId], clientId, (trx, now) => applyMerge(trx, input, now));
      return loadDraft(database, input.promptId);
    },
  };
}

/** A restored version goes on top of the line, wherever the draft was before. */
async function rebaseOnLatest(trx: Database, promptId: string, now: string): Promise<void> {
  const { latest_version_id: latest } = await trx
    .selectFrom('prompts')
    .select('latest_version_id')
    .where('id', '=', promptId)
    .executeTakeFirstOrThrow();
  if (latest !== null) await rebaseDraft(trx, promptId, latest, now);
}
