import { useQuery } from '@tanstack/react-query';
import { FileX, GitMerge } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ContentMerge } from '../../../../src-core/content/merge/merge-content.ts';
import { shownNumber, versionName } from '../../../../src-core/content/version-name.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { client, orpc } from '../../../live/api.ts';
import { openedDraft } from '../../../live/drafts/draft-store.ts';
import { disposeModels } from '../../../monaco/text/text-models.ts';
import { closeTab } from '../../../workbench/tabs.ts';
import type { EditorProps } from '../../../workbench/view.ts';
import { adopt, showPrompt, undoDraft } from '../versions/history-actions.ts';
import type { Choices } from './merge-choices.ts';
import { forgetChoices, loadChoices, useChoices } from './merge-store.ts';
import { MergeView } from './merge-view.tsx';

type Preview = Awaited<ReturnType<typeof client.versions.previewMerge>>;

/** Merges a version into the draft of its prompt. */
export function MergeTab({ id, tabKey }: EditorProps) {
  const [promptId = '', theirsId = ''] = id.split('~');
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let current = true;
    // The draft is saved first, and answers of the last session are loaded.
    Promise.allSettled([openedDraft(promptId)?.flush(), loadChoices(id)]).then(() => current && setReady(true));
    return () => {
      current = false;
    };
  }, [id, promptId]);
  const preview = useQuery({
    ...orpc.versions.previewMerge.queryOptions({ input: { promptId, theirs: theirsId } }),
    enabled: ready,
    // The draft may have been edited since the last merge.
    staleTime: 0,
    gcTime: 0,
  });
  const prompt = useQuery(orpc.prompts.get.queryOptions({ input: { id: promptId } }));
  const choices = useChoices(id);
  const error = preview.error ?? prompt.error;
  const close = () => {
    closeTab(tabKey);
    disposeModels(`merge:///${id}`);
  };

  if (error !== null) {
    return (
      <EmptyState icon={FileX} title="These cannot be merged" actions={<Button onClick={close}>Close tab</Button>}>
        <ForeignText text={error.message} />
      </EmptyState>
    );
  }
  if (preview.data === undefined || prompt.data === undefined) return <SkeletonList rows={8} />;
  const { base, theirs, revision, merge, fastForward } = preview.data;
  const { name, draft } = prompt.data;
  const number = shownNumber(theirs);

  const apply = async (given: Choices) => {
    const merged = await attempt('Nothing was merged', () =>
      client.versions.applyMerge({ promptId, theirs: theirsId, revision, choices: given }),
    );
    if (merged === null) return void preview.refetch();
    adopt(promptId, merged);
    forgetChoices(id);
    close();
    await showPrompt(promptId);
    toast(`Version ${number} is merged into the draft`, {
      description: 'Save it to keep both histories together.',
      undo: () => void undoDraft(promptId),
    });
  };
  if (fastForward) {
    return (
      <EmptyState
        icon={GitMerge}
        title={`The draft can simply move on to version ${number}`}
        actions={
          <>
            <Button onClick={close}>Abandon</Button>
            <Button variant="primary" onClick={() => void apply({})}>
              Move to version {number}
            </Button>
          </>
        }
      >
        Version {number} goes on from what the draft started from, and the draft has no changes of its own.
      </EmptyState>
    );
  }
  return (
    <MergeView
      id={id}
      merge={received(merge)}
      choices={choices}
      origins={{ base: versionName(base), ours: 'draft', theirs: versionName(theirs) }}
      ours={draft.content}
      title={`Merge ${versionName(theirs)} into the draft of ${name}`}
      onApply={(given) => void apply(given)}
      onAbandon={() => {
        forgetChoices(id);
        close();
      }}
    />
  );
}

/** JSON drops undefined values; they are put back here. */
function received(merge: Preview['merge']): ContentMerge {
  if (merge.kind === 'clean') return merge;
  const conflicts = merge.conflicts.map((conflict) => {
    if (conflict.kind !== 'value') return conflict;
    const { base, ours, theirs } = conflict;
    return { ...conflict, base, ours, theirs };
  });
  return { ...merge, conflicts };
}
