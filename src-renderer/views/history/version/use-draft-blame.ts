import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BlamedMessage, VersionOrigin } from '../../../../src-core/content/diff/blame.ts';
import { shownNumber } from '../../../../src-core/content/version-name.ts';
import { orpc } from '../../../live/api.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { useSettledContent } from '../../../live/drafts/use-settled-content.ts';
import type { LineNote } from '../../../monaco/code-editor.tsx';
import { blameDraft } from './blame-draft.ts';
import { useVersionView } from './version-view.ts';

/** Notes for the line numbers of every message of a draft while blame is on; null while it is off. */
export function useDraftBlame(handle: DraftHandle): readonly (readonly LineNote[])[] | null {
  const blame = useVersionView((state) => state.blame);
  const base = useDraft(handle, (state) => state.prompt.draft.baseVersion?.id ?? null);
  const content = useSettledContent(handle);
  const blamed = useQuery({
    ...orpc.versions.blame.queryOptions({ input: { id: base ?? '' } }),
    enabled: blame && base !== null,
  }).data;
  return useMemo(() => {
    if (!blame || blamed === undefined) return null;
    return blameDraft(blamed as readonly BlamedMessage[], content).map((lines) => lines.map(noteOf));
  }, [blame, blamed, content]);
}

const noteOf = (line: VersionOrigin | null): LineNote =>
  line === null
    ? { mark: 'new', detail: 'Not in a version yet' }
    : {
        // There is room for a number alone; what it is worth stands in the detail.
        mark: `v${line.versionNumber}`,
        detail: `Version ${shownNumber({ number: line.versionNumber, confirmed: line.confirmed })}, ${line.author}, ${new Date(line.at).toLocaleString()}`,
      };
