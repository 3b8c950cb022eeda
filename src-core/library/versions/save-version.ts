import { changeSize, diffContent } from '../../content/diff/diff-content.ts';
import { summariseChanges } from '../../content/diff/summarise-changes.ts';
import { canonicalContent } from '../../content/hash-content.ts';
import { foldText } from '../../content/search-terms/fold-text.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { Draft } from '../../contract/prompts.ts';
import { signatureOf } from '../../scope/authors.ts';
import { versionId } from '../../scope/ids.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import { createTurns } from '../../turns.ts';
import { assertWritten, rebaseDraft, requireRevision, toDraft } from '../drafts/drafts.ts';
import { assertNothingUnfinished } from '../drafts/typed-texts.ts';
import { requireVersion } from '../lookup/find-version.ts';
import { indexPrompt } from '../prompts/change-prompt.ts';
import { updatePrompt } from '../prompts/prompt-metadata.ts';
import { loadBody, loadContent, saysTheSame, storeContent } from '../stored/contents.ts';
import { type PromptRow, requirePrompt, searchableText, type VersionRow } from '../stored/prompt-rows.ts';

export interface Save {
  readonly promptId: string;
  /** Generated from the change when empty. */
  readonly note: string;
  /** Refuses with `conflict` when the draft has moved on; absent saves whatever is there. */
  readonly revision?: number | undefined;
}

/** Makes the draft a version, unless it says the same as its base or as the latest one. */
export async function saveVersion(
  scope: Writer,
  save: Save,
): Promise<{ readonly version: VersionRow; readonly created: boolean }> {
  // Each step of a very long content takes a while; whoever asks for something else has a turn between two.
  const turns = createTurns();
  const prompt = await requirePrompt(scope, save.promptId);
  const state = await requireRevision(scope, save.promptId, save.revision);
  assertWritten(state);
  const { draft: row } = state;
  const merged = row.merged_version_id;
  const draft = await toDraft(scope, state);
  await turns();
  assertNothingUnfinished(draft.content, draft.typed);
  const latest = prompt.latest_version_id ? await requireVersion(scope, prompt.latest_version_id) : null;
  const baseId = draft.baseVersion?.id ?? null;
  const base = baseId === null ? null : baseId === latest?.id ? latest : await requireVersion(scope, baseId);
  const same = await firstSaying(scope, [base, latest], draft);
  if (same && merged === null) {
    if (same.id !== base?.id) await rebaseDraft(scope, save.promptId, same.id);
    return { version: same, created: false };
  }
  await turns();
  const hash = await storeContent(scope, draft.content);
  await turns();
  const change = await describeChange(scope, base, draft.content, save.note.trim());
  const version = await newVersion(scope, { prompt, latest, base, merged, hash, change });
  await turns();
  await scope.db.insertInto('versions').values(version).execute();
  await updatePrompt(scope, prompt, { latest_version_id: version.id, updated_at: scope.now });
  scope.changed('versions', save.promptId);
  await rebaseDraft(scope, save.promptId, version.id);
  await scope.search.put([versionDocument(version, draft.content)]);
  if (scope.actor.isShared) await indexPrompt(scope, save.promptId);
  await turns();
  return { version, created: true };
}

interface NewVersion {
  readonly prompt: PromptRow;
  readonly latest: VersionRow | null;
  readonly base: VersionRow | null;
  readonly merged: string | null;
  readonly hash: string;
  readonly change: Pick<VersionRow, 'note' | 'lines_added' | 'lines_removed'>;
}

async function newVersion(
  scope: Reader,
  { prompt, latest, base, merged, hash, change }: NewVersion,
): Promise<VersionRow> {
  const signature = await signatureOf(scope);
  const second = merged === null ? null : await requireVersion(scope, merged);
  const parents = [base?.id, merged].filter((id) => typeof id === 'string');
  const identity = { prompt: prompt.id, content: hash, parents, author: signature.author_id, note: change.note };
  return {
    id: versionId({ ...identity, at: scope.now }),
    prompt_id: prompt.id,
    number: (latest?.number ?? 0) + 1,
    confirmed: (await isHome(scope)) ? 1 : 0,
    depth: base === null ? 0 : Math.max(base.depth, second?.depth ?? 0) + 1,
    content_hash: hash,
    first_parent_id: base?.id ?? null,
    second_parent_id: merged,
    ...signature,
    folded: foldText(`${change.note}\n${signature.author}`),
    created_at: scope.now,
    ...change,
  };
}

/** Whether this store is the one that gives versions their numbers. */
async function isHome({ db }: Reader): Promise<boolean> {
  return (await db.selectFrom('workspace').select('home').executeTakeFirstOrThrow()).home === 'here';
}

async function firstSaying(
  scope: Reader,
  versions: readonly (VersionRow | null)[],
  { hash, content }: Pick<Draft, 'hash' | 'content'>,
): Promise<VersionRow | null> {
  const present = versions.filter((version) => version !== null);
  const same = present.find((version) => version.content_hash === hash);
  if (same !== undefined) return same;
  const canonical = canonicalContent(content);
  for (const version of present) {
    if (saysTheSame(await loadBody(scope, version.content_hash), canonical)) return version;
  }
  return null;
}

async function describeChange(scope: Reader, base: VersionRow | null, content: PromptContent, note: string) {
  // A first version is compared with a prompt that says nothing.
  const before = base ? await loadContent(scope, base.content_hash) : { ...content, messages: [] };
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
