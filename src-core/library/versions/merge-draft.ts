import type { MergeChoice } from '../../content/merge/merge-conflict.ts';
import { type ContentMerge, mergeContent, resolveMerge } from '../../content/merge/merge-content.ts';
import { shownNumber } from '../../content/version-name.ts';
import { AppError } from '../../scope/errors.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import { loadDraft, rebaseDraft, requireRevision, writeDraft } from '../drafts/drafts.ts';
import { requireOwnVersion, requireVersion } from '../lookup/find-version.ts';
import { loadContent } from '../stored/contents.ts';
import { toVersionSummary, type VersionRow } from '../stored/prompt-rows.ts';
import { commonAncestor } from './ancestry.ts';

export interface DraftMerge {
  readonly base: VersionRow;
  readonly theirs: VersionRow;
  readonly revision: number;
  readonly fastForward: boolean;
  readonly merge: ContentMerge;
}

/** What becomes of the draft when a version is merged into it; reads only. */
export async function previewMerge(scope: Reader, promptId: string, theirsId: string): Promise<DraftMerge> {
  const theirs = await requireOwnVersion(scope, promptId, theirsId);
  const { merged_version_id: pending, revision } = (await requireRevision(scope, promptId, null)).draft;
  const draft = await loadDraft(scope, promptId);
  if (pending !== null)
    throw new AppError(
      'conflict',
      'The draft already holds a merge. Save it as a version, or undo it, before the next.',
    );
  if (draft.baseVersion === null) throw new AppError('invalid', 'Save a first version before merging anything.');
  const base = await mergeBase(scope, promptId, draft.baseVersion.id, theirs);
  const merge = mergeContent(
    await loadContent(scope, base.content_hash),
    draft.content,
    await loadContent(scope, theirs.content_hash),
  );
  const fastForward = base.id === draft.baseVersion.id && draft.hash === base.content_hash;
  return { base, theirs, revision, fastForward, merge };
}

/** Writes the merged content into the draft as one step; its next version gets both parents. */
export async function applyMerge(
  scope: Writer,
  input: {
    readonly promptId: string;
    readonly theirs: string;
    readonly revision: number;
    readonly choices: Readonly<Record<string, MergeChoice>>;
  },
): Promise<void> {
  const { promptId, revision, choices } = input;
  await requireRevision(scope, promptId, revision);
  const { theirs, merge, fastForward } = await previewMerge(scope, promptId, input.theirs);
  const content = resolveMerge(merge, choices);
  const merged = fastForward ? null : theirs.id;
  await writeDraft(scope, promptId, content, { revision, coalesce: false, merged });
  if (fastForward) await rebaseDraft(scope, promptId, theirs.id);
}

async function mergeBase(scope: Reader, promptId: string, ours: string, theirs: VersionRow): Promise<VersionRow> {
  const rows = await scope.db
    .selectFrom('versions')
    .select(['id', 'depth', 'first_parent_id', 'second_parent_id'])
    .where('prompt_id', '=', promptId)
    .execute();
  const versions = rows.map(({ id, depth, first_parent_id, second_parent_id }) => ({
    id,
    depth,
    parents: [first_parent_id, second_parent_id].filter((parent) => parent !== null),
  }));
  const base = commonAncestor(versions, ours, theirs.id);
  const name = shownNumber(toVersionSummary(theirs));
  if (base === null)
    throw new AppError('invalid', `The draft and version ${name} have no version in common to merge from.`);
  if (base === theirs.id)
    throw new AppError('invalid', `The draft already comes from version ${name}; there is nothing to merge.`);
  return requireVersion(scope, base);
}
