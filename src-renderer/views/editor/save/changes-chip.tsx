import { summariseChanges } from '../../../../src-core/content/diff/summarise-changes.ts';
import { notSyncedHint, versionName } from '../../../../src-core/content/version-name.ts';
import { sentenceOf } from '../../../../src-core/library/drafts/typed-texts.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { openDraftDiff } from '../../../workbench/navigation/open-history.ts';
import { useDraftChanges } from '../../history/versions/use-draft-changes.ts';
import { ofContent, useUnfinished } from '../draft/use-field.ts';

/** "3 changes since v12"; shows them. */
export function ChangesChip({ handle }: { readonly handle: DraftHandle }) {
  const base = useDraft(handle, (state) => state.prompt.draft.baseVersion);
  const { diff, count } = useDraftChanges(handle);
  const unfinished = ofContent(useUnfinished(handle));
  if (base === null) return <span className="text-xs whitespace-nowrap text-muted">Not saved as a version yet</span>;
  const same = base.note || 'The draft is as this version was saved';
  const tip = count > 0 && diff ? summariseChanges(diff) : sentenceOf(unfinished) || same;
  return (
    <Tip label={base.confirmed ? tip : `${tip} (not synced: ${notSyncedHint})`}>
      <Button
        size="sm"
        variant="ghost"
        className={cn(
          'tabular h-5 px-1.5',
          count > 0 && 'bg-accent-soft text-accent-text hover:text-accent-text',
          count === 0 && unfinished.length > 0 && 'bg-warning-soft text-warning hover:text-warning',
        )}
        onClick={() => void openDraftDiff(handle)}
      >
        {describe(count, unfinished.length, versionName(base))}
      </Button>
    </Tip>
  );
}

/** As in "2 changes since v3" or "v3, 1 field not valid yet". */
function describe(changes: number, unfinished: number, version: string): string {
  if (changes > 0) return `${changes} ${changes === 1 ? 'change' : 'changes'} since ${version}`;
  if (unfinished > 0) return `${version}, ${unfinished} ${unfinished === 1 ? 'field' : 'fields'} not valid yet`;
  return version;
}
