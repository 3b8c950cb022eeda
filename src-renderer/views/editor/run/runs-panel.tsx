import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { notSyncedHint, originName } from '../../../../src-core/content/version-name.ts';
import type { RunSummary } from '../../../../src-core/contract/runs.ts';
import { formatAgo, formatDuration } from '../../../components/format.ts';
import { moveInList } from '../../../components/list-keys.ts';
import { cn } from '../../../components/ui/cn.ts';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { orpc } from '../../../live/api.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { useEditorLayout } from '../../../workbench/navigation/prompt-layout.ts';
import { EndBadge } from '../../runs/run-end.tsx';
import { showRun, useShownRun } from '../../runs/run-store.ts';

/** The prompt's last runs. */
export function RunsPanel({ handle }: { readonly handle: DraftHandle }) {
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const runs = useQuery(orpc.runs.list.queryOptions({ input: { promptId, limit: 50, includeComparisons: false } }));
  if (runs.data === undefined) return <SkeletonList />;
  if (runs.data.total === 0) {
    return (
      <EmptyState icon={Play} title="Not run yet">
        Every run of this prompt is kept here with what exactly it ran and what came out.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Runs" className="h-full overflow-y-auto p-2" onKeyDown={moveInList}>
      {runs.data.items.map((run) => (
        <li key={run.id}>
          <RunRow run={run} promptId={promptId} />
        </li>
      ))}
    </ul>
  );
}

function RunRow({ run, promptId }: { readonly run: RunSummary; readonly promptId: string }) {
  const shown = useShownRun(promptId)?.id === run.id;
  return (
    <button
      type="button"
      data-item
      aria-current={shown ? 'true' : undefined}
      onClick={() => {
        showRun(promptId, run.id);
        useEditorLayout.setState({ runPanel: true });
      }}
      className={cn('flex w-full flex-col rounded-md px-2 py-1 text-left hover:bg-hover', shown && 'bg-accent-soft')}
    >
      <span className="flex w-full items-center gap-2 text-xs text-muted">
        <span className="truncate">
          <ForeignText text={run.model} />
        </span>
        <span title={run.versionConfirmed ? undefined : notSyncedHint}>{originName(run) ?? 'draft'}</span>
        {run.latencyMs !== null && <span className="tabular">{formatDuration(run.latencyMs)}</span>}
        <EndBadge reason={run.finishReason} />
        <span className="ml-auto whitespace-nowrap">{formatAgo(run.createdAt)}</span>
      </span>
      <span dir="auto" className={cn('w-full truncate', run.status === 'failed' && 'text-danger')}>
        <ForeignText text={run.error?.message || run.excerpt || run.status} />
      </span>
    </button>
  );
}
