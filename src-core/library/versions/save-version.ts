import { changeSize, diffContent } from '../../content/diff/diff-content.ts';
import { summariseChanges } from '../../content/diff/summarise-changes.ts';
import { canonicalContent } from '../../content/hash-content.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { Draft } from '../../contract/prompts.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { createTurns } from '../../turns.ts';
import { loadDraft, rebaseDraft, requireRevision } from '../drafts/drafts.ts';
import { assertNothingUnfinished } from '../drafts/typed-texts.ts';
import { requireVersion } from '../lookup/find-version.ts';
import { authorIn } from '../prompts/change-prompt.ts';
import { loadBody, loadContent, saysTheSame, storeContent } from '../stored/contents.ts';
import { requirePrompt, searchableText, type VersionRow } from '../stored/prompt-rows.ts';

export interface Save {
  readonly promptId: string;
  /** Generated from the change when empty. */
  readonly note: string;
  /** Refuses with `conflict` when the draft has moved on; absent saves whatever is there. */
  readonly revision?: number | undefined;
}

/** Makes the draft a version, unless it says the same as its base or as the latest one. */
export async function saveVersion(
  core: LibraryCore,
  trx: Database,
  save: Save,
): Promise<{ readonly version: VersionRow; readonly created: boolean }> {
  const now = core.clock.now();
  // Each step of a very long content takes a while; whoever asks for something else has a turn between two.
  const turns = createTurns();
  const prompt = await requirePrompt(trx, save.promptId);
  const { merged_version_id: merged } = await requireRevision(trx, save.promptId, save.revision);
  const draft = await loadDraft(trx, save.promptId);
  await turns();
  assertNothingUnfinished(draft.content, draft.typed);
  const latest = prompt.latest_version_id ? await requireVersion(trx, prompt.latest_version_id) : null;
  const base = draft.baseVersion ? await requireVersion(trx, draft.baseVersion.id) : null;
  const same = await firstSaying(trx, [base, latest], draft);
  if (same && merged === null) {
    if (same.id !== base?.id) await rebaseDraft(trx, save.promptId, same.id, now);
    return { version: same, created: false };
  }
  await turns();
  const hash = await storeContent(trx, draft.content);
  await turns();
  const version: VersionRow = {
    id: crypto.randomUUID(),
    prompt_id: save.promptId,
    number: (latest?.number ?? 0) + 1,
    content_hash: hash,
    first_parent_id: base?.id ?? null,
    second_parent_id: merged,
    author: await authorIn(trx, core),
    created_at: now,
    ...(await describeChange(trx, base, draft.content, save.note.trim())),
  };
  await turns();
  await trx.insertInto('versions').values(version).execute();
  await trx
    .updateTable('prompts')
    .set({ latest_version_id: version.id, updated_at: now })
    .where('id', '=', save.promptId)
    .execute();
  await rebaseDraft(trx, save.promptId, version.id, now);
  await core.search.put(trx, [versionDocument(version, draft.content)]);
  await turns();
  return { version, created: true };
}

async function firstSaying(
  trx: Database,
  versions: readonly (VersionRow | null)[],
  { hash, content }: Pick<Draft, 'hash' | 'content'>,
): Promise<VersionRow | null> {
  const present = versions.filter((version) => version !== null);
  const same = present.find((version) => version.content_hash === hash);
  if (same !== undefined) return same;
  const canonical = canonicalContent(content);
  for (const version of present) {
    if (saysTheSame(await loadBody(trx, version.content_hash), canonical)) return version;
  }
  return null;
}

async function describeChange(trx: Database, base: VersionRow | null, content: PromptContent, note: string) {
  // A first version is compared with a prompt that says nothing.
  const before = base ? await loadContent(trx, base.content_hash) : { ...content, messages: [] };
  const diff = diffContent(before, content);
  const { added, removed } = changeSize(diff);
  return {
    note: note || (base ? summariseChanges(diff) : 'First version'),
    lines_added: added,
    lines_removed: removed,
  };
}

/** Names and titles are the prompt's and change; they are found through the prompt's own document. */
function versionDocument(version: VersionRow, content: PromptContent) {
  const body = searchableText(content);
  const { id: ref, prompt_id: promptId, note } = version;
  return { kind: 'version', ref, promptId, name: '', title: '', tags: '', description: '', body, note } as const;
}
