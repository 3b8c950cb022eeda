import { useMemo } from 'react';
import { type ContentDiff, diffContent } from '../../../../src-core/content/diff/diff-content.ts';
import { countChanges } from '../../../../src-core/content/diff/summarise-changes.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { useSettledContent } from '../../../live/drafts/use-settled-content.ts';
import { useVersion } from './use-content.ts';

/** How a draft differs from the version it started from. */
export interface DraftChanges {
  /** Null while it is read, and for a prompt that was never saved. */
  readonly diff: ContentDiff | null;
  readonly count: number;
}

/** The changes of a draft, computed once typing pauses, because comparing two long texts is too slow for each key. */
export function useDraftChanges(handle: DraftHandle): DraftChanges {
  const base = useDraft(handle, (state) => state.prompt.draft.baseVersion);
  const content = useSettledContent(handle);
  const before = useVersion(base?.id ?? null).data?.content;
  return useMemo(() => {
    const diff = before === undefined ? null : diffContent(before, content);
    return { diff, count: diff === null ? 0 : countChanges(diff) };
  }, [before, content]);
}
