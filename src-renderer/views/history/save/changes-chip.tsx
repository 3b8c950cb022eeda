import { summariseChanges } from '../../../../src-core/versions/summarise-changes.ts';
import { cn } from '../../../components/cn.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Tip } from '../../../components/ui/tooltip.tsx';
import { type DraftHandle, useDraft } from '../../prompts/draft-store.ts';
import { openDraftDiff } from '../open-history.ts';
import { useDraftChanges } from './use-draft-changes.ts';

/** "3 changes since v12"; shows them. */
export function ChangesChip({ handle }: { readonly handle: DraftHandle }) {
  const base = useDraft(handle, (state) => state.prompt.draft.baseVersion);
  const { diff, count } = useDraftChanges(handle);
  if (base === null) return <span className="text-xs whitespace-nowrap text-muted">Not saved as a version yet</span>;
  const changed = count > 0;
  return (
    <Tip label={changed && diff ? summariseChanges(diff) : base.note || 'The draft is as this version was saved'}>
      <Button
        size="sm"
        variant="ghost"
        className={cn('tabular h-5 px-1.5', changed && 'bg-accent-soft text-accent-text hover:text-accent-text')}
        onClick={() => void openDraftDiff(handle)}
      >
        {changed ? `${count} ${count === 1 ? 'change' : 'changes'} since v${base.number}` : `v${base.number}`}
      </Button>
    </Tip>
  );
}
