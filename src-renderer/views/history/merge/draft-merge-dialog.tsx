import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import { mergeContent } from '../../../../src-core/content/merge/merge-content.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { toShown } from '../../../live/drafts/draft-wire.ts';
import { disposeModels } from '../../../monaco/text/text-models.ts';
import { forgetChoices, loadChoices, useChoices, useIsLoaded } from './merge-store.ts';
import { MergeView } from './merge-view.tsx';

/** The prompt whose two drafts are being merged. */
const useMerging = create<{ readonly promptId: string | null }>(() => ({ promptId: null }));

/** Merges this window's draft with the one that another window saved; asks only about what both changed. */
export async function mergeDrafts(handle: DraftHandle): Promise<void> {
  // The other window may have saved again since the banner appeared.
  await handle.refresh().catch(() => {});
  const { prompt, content, conflict } = handle.store.getState();
  if (conflict === null) return;
  // The common base is what this window last knew to be saved.
  const merge = mergeContent(prompt.draft.content, content, toShown(conflict).content);
  if (merge.kind === 'clean') takeMerged(handle, merge.content);
  else useMerging.setState({ promptId: prompt.id });
}

/** The conflicts of two drafts, one by one. */
export function DraftMergeDialog({ handle }: { readonly handle: DraftHandle }) {
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const conflict = useDraft(handle, (state) => state.conflict);
  const open = useMerging((state) => state.promptId === promptId);
  if (!open || conflict === null) return null;
  return <Opened handle={handle} theirs={toShown(conflict).content} />;
}

const close = (): void => useMerging.setState({ promptId: null });
const mergeIdOf = (promptId: string): string => `draft-${promptId}`;

/** Forgets the answers about two drafts, once the conflict is decided. */
export function forgetDraftMerge(promptId: string): void {
  forgetChoices(mergeIdOf(promptId));
}

function Opened({ handle, theirs }: { readonly handle: DraftHandle; readonly theirs: PromptContent }) {
  const ours = useDraft(handle, (state) => state.content);
  const prompt = useDraft(handle, (state) => state.prompt);
  const merge = useMemo(() => mergeContent(prompt.draft.content, ours, theirs), [prompt.draft.content, ours, theirs]);
  const id = mergeIdOf(prompt.id);
  const choices = useChoices(id);
  const isLoaded = useIsLoaded(id);
  useEffect(() => {
    void loadChoices(id);
    return () => disposeModels(`merge:///${id}`);
  }, [id]);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title="Merge both drafts"
      description="What only one window changed is taken. Decide what both changed; nothing is lost if you stop."
      className="top-[5vh] max-h-[90vh] w-[min(1200px,calc(100vw-48px))]"
    >
      <div className="-mx-4 -mb-4 h-[70vh] border-t">
        {!isLoaded ? (
          <SkeletonList rows={8} />
        ) : (
          <MergeView
            id={id}
            merge={merge}
            choices={choices}
            origins={{ base: 'before both', ours: 'this window', theirs: 'the other window' }}
            ours={ours}
            title={prompt.name}
            onApply={(_choices, content) => {
              close();
              takeMerged(handle, content);
            }}
            onAbandon={() => {
              forgetChoices(id);
              close();
            }}
          />
        )}
      </div>
    </Dialog>
  );
}

function takeMerged(handle: DraftHandle, content: PromptContent): void {
  handle.edit(
    () => content,
    () => content.messages.map(() => crypto.randomUUID()),
  );
  handle.resolve('mine');
  forgetDraftMerge(handle.store.getState().prompt.id);
  toast('Both drafts are merged', { description: 'The other window’s draft stays in the undo history.' });
}
