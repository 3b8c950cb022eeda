import type { contract } from '../../contract/index.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { loadDraft, rebaseDraft, writeDraft } from '../drafts/drafts.ts';
import { loadPrompt } from '../lookup/find-prompt.ts';
import { findVersionByRef, requireVersion } from '../lookup/find-version.ts';
import { indexPrompt } from '../prompts/change-prompt.ts';
import { loadContent } from '../stored/contents.ts';
import { requirePrompt, toVersionSummary, type VersionRow } from '../stored/prompt-rows.ts';
import { blameVersion } from './blame-version.ts';
import { compareContents } from './compare-contents.ts';
import { listAuthors, listVersions, logVersions } from './list-versions.ts';
import { applyMerge, previewMerge } from './merge-draft.ts';
import { saveVersion } from './save-version.ts';

export type VersionsService = ServiceOf<typeof contract.versions>;

export function createVersionsService(): VersionsService {
  return {
    async save(input, scope) {
      const { version, created } = await saveVersion(scope, input);
      return { version: toVersionSummary(version), created, prompt: await loadPrompt(scope, input.promptId) };
    },
    list: (input, scope) => listVersions(scope, input),
    authors: ({ promptId }, scope) => listAuthors(scope, promptId),
    log: (input, scope) => logVersions(scope, input),
    get: async ({ id }, scope) => withContent(scope, await requireVersion(scope, id)),
    find: async ({ ref }, scope) => withContent(scope, await findVersionByRef(scope, ref)),
    async restore({ id, mode, revision = null }, scope) {
      const { prompt_id: promptId, content_hash } = await requireVersion(scope, id);
      const content = await loadContent(scope, content_hash);
      await writeDraft(scope, promptId, content, { revision, coalesce: false, merged: null, typed: {} });
      // A restored version goes on top of the line, wherever the draft was before.
      const base = mode === 'editFrom' ? id : (await requirePrompt(scope, promptId)).latest_version_id;
      if (base !== null) await rebaseDraft(scope, promptId, base);
      return changedDraft(scope, promptId);
    },
    diff: (input, scope) => compareContents(scope, input),
    async blame({ id }, scope) {
      const messages = await blameVersion(scope, id);
      return messages.map(({ role, lines }) => ({ role, lines: [...lines] }));
    },
    async previewMerge({ promptId, theirs }, scope) {
      const preview = await previewMerge(scope, promptId, theirs);
      const { base, theirs: version } = preview;
      return { ...preview, base: toVersionSummary(base), theirs: toVersionSummary(version) };
    },
    async applyMerge(input, scope) {
      await applyMerge(scope, input);
      return changedDraft(scope, input.promptId);
    },
  };
}

async function changedDraft(scope: Writer, promptId: string) {
  const draft = await loadDraft(scope, promptId);
  if (!scope.actor.isShared) await indexPrompt(scope, promptId, draft.content);
  return draft;
}

async function withContent(scope: Reader, row: VersionRow) {
  return { ...toVersionSummary(row), promptId: row.prompt_id, content: await loadContent(scope, row.content_hash) };
}
