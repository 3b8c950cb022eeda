import type { PromptContent } from '../../contract/content.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import { loadDraftContent } from '../drafts/drafts.ts';
import { loadContent } from '../stored/contents.ts';
import { promptDocument, requirePrompt, versionRow } from '../stored/prompt-rows.ts';
import { tagsOfOne } from '../stored/tags.ts';

/** Puts what a prompt says now into the search index; `draft` spares reading what was just written. */
export async function indexPrompt(scope: Writer, id: string, draft?: PromptContent): Promise<void> {
  const row = await requirePrompt(scope, id);
  const tags = await tagsOfOne(scope, id);
  const content = scope.actor.isShared
    ? await loadLatest(scope, row.latest_version_id)
    : (draft ?? (await loadDraftContent(scope, id)));
  await scope.search.put([promptDocument(row, tags, content)]);
}

/** What everybody may find of a prompt whose drafts are each person's own. */
async function loadLatest(scope: Reader, versionId: string | null): Promise<PromptContent | null> {
  if (versionId === null) return null;
  const version = await versionRow(scope, versionId);
  return version === undefined ? null : loadContent(scope, version.content_hash);
}
