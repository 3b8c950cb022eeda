import { useQuery } from '@tanstack/react-query';
import { History, RotateCcw } from 'lucide-react';
import type { RunSummary } from '../../../src-core/contract/runs.ts';
import { client, orpc } from '../../api.ts';
import { attempt } from '../../components/attempt.ts';
import { cn } from '../../components/cn.ts';
import { formatAgo, formatDuration } from '../../components/format.ts';
import { moveInList } from '../../components/list-keys.ts';
import { Button } from '../../components/ui/button.tsx';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { toast } from '../../components/ui/toast.tsx';
import { Tip } from '../../components/ui/tooltip.tsx';
import { type DraftHandle, useDraft } from './draft-store.ts';
import { useEditorLayout } from './editor-store.ts';
import { showRun, useShownRun } from './run-store.ts';

/** The prompt's versions and its last runs. */
export function HistoryPanel({ handle }: { readonly handle: DraftHandle }) {
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const versions = useQuery(orpc.versions.list.queryOptions({ input: { promptId, limit: 50 } }));
  const runs = useQuery(orpc.runs.list.queryOptions({ input: { promptId, limit: 30, includeComparisons: false } }));
  if (versions.data === undefined || runs.data === undefined) return <SkeletonList />;
  if (versions.data.total + runs.data.total === 0) {
    return (
      <EmptyState icon={History} title="Nothing here yet">
        Every run is kept here, and every version that you save. Drafts are saved by themselves; save a version when it
        is worth coming back to.
      </EmptyState>
    );
  }
  return (
    <div className="h-full overflow-y-auto p-2">
      {versions.data.items.length > 0 && <Heading>Versions</Heading>}
      <ul aria-label="Versions">
        {versions.data.items.map((version) => (
          <li key={version.id} className="group flex items-center gap-2 rounded-md px-2 py-1 hover:bg-hover">
            <span className="tabular w-8 shrink-0 font-medium">v{version.number}</span>
            <span className="min-w-0 flex-1 truncate text-muted" title={version.note}>
              {version.note || 'No note'}
            </span>
            <span className="text-xs whitespace-nowrap text-muted">{formatAgo(version.createdAt)}</span>
            <Tip label="Put into the draft">
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Put version ${version.number} into the draft`}
                onClick={() => restore(handle, version.id, version.number)}
              >
                <RotateCcw />
              </Button>
            </Tip>
          </li>
        ))}
      </ul>
      {runs.data.items.length > 0 && <Heading>Runs</Heading>}
      <ul aria-label="Runs" onKeyDown={moveInList}>
        {runs.data.items.map((run) => (
          <li key={run.id}>
            <RunRow run={run} promptId={promptId} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Heading({ children }: { readonly children: string }) {
  return <h3 className="px-2 pt-2 pb-1 text-xs font-medium text-muted">{children}</h3>;
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
        <span className="truncate">{run.model}</span>
        <span>{run.versionNumber === null ? 'draft' : `v${run.versionNumber}`}</span>
        {run.latencyMs !== null && <span className="tabular">{formatDuration(run.latencyMs)}</span>}
        <span className="ml-auto whitespace-nowrap">{formatAgo(run.createdAt)}</span>
      </span>
      <span className={cn('w-full truncate', run.status === 'failed' && 'text-danger')}>
        {run.error?.message || run.excerpt || run.status}
      </span>
    </button>
  );
}

async function restore(handle: DraftHandle, versionId: string, number: number): Promise<void> {
  const before = handle.store.getState().content;
  const version = await attempt(`Version ${number} could not be read`, () => client.versions.get({ id: versionId }));
  if (version === null) return;
  handle.edit(
    () => version.content,
    () => version.content.messages.map(() => crypto.randomUUID()),
  );
  toast(`Version ${number} is in the draft`, {
    undo: () =>
      handle.edit(
        () => before,
        () => before.messages.map(() => crypto.randomUUID()),
      ),
  });
}
