import { Columns3, History, Pencil, RotateCcw, Square, Trash2 } from 'lucide-react';
import { useEffect } from 'react';
import { describeFinish } from '../../../src-core/runs/finish-reason.ts';
import { formatAgo } from '../../components/format.ts';
import { Tip } from '../../components/overlays/tooltip.tsx';
import { Button } from '../../components/ui/button.tsx';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { ForeignText, markedText } from '../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { useShownModels } from '../../workbench/current-model.ts';
import { describeTab } from '../../workbench/tabs.ts';
import type { EditorProps } from '../../workbench/view.ts';
import { isLive } from './live.ts';
import { cancelRun, openComparisonOf, openInEditor, removeRuns, rerun, runTitle } from './run-actions.ts';
import { RunDetail } from './run-detail.tsx';
import { EndBadge } from './run-end.tsx';
import { StatusIcon, statusLabel } from './run-status.tsx';
import { type LiveRun, useRun } from './use-run.ts';

/** The tab of a run. */
export function RunEditor({ id, tabKey }: EditorProps) {
  const live = useRun(id);
  if (live === null) return <SkeletonList />;
  if (live instanceof Error) {
    return (
      <EmptyState icon={History} title="This run cannot be shown">
        {markedText(live.message)}
      </EmptyState>
    );
  }
  return <RunPage live={live} tabKey={tabKey} />;
}

function RunPage({ live, tabKey }: { readonly live: LiveRun; readonly tabKey: string }) {
  const { run } = live;
  const title = runTitle(run);
  const running = isLive(run.status);
  useShownModels([run.model]);
  useEffect(() => describeTab(tabKey, { title }), [tabKey, title]);
  useCommand('run.start', () => void rerun(run), !running);
  useCommand('run.cancel', () => void cancelRun(run.id), running);
  return (
    <div className="flex h-full flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2.5">
        <div className="min-w-0 flex-1">
          <h1 dir="auto" className="truncate text-left text-lg font-semibold">
            <ForeignText text={title} />
          </h1>
          <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
            <StatusIcon status={run.status} finishReason={run.finishReason} />{' '}
            {run.status !== 'succeeded' || describeFinish(run.finishReason) === null ? (
              statusLabel(run.status)
            ) : (
              <EndBadge reason={run.finishReason} />
            )}
            <code className="font-mono">
              <ForeignText text={run.model} />
            </code>
            <span title={new Date(run.createdAt).toLocaleString()}>{formatAgo(run.createdAt)}</span>
          </p>
        </div>
        {run.comparisonId !== null && (
          <Button onClick={() => openComparisonOf(run)}>
            <Columns3 /> Open comparison
          </Button>
        )}
        <Button onClick={() => openInEditor(run)}>
          <Pencil /> Open in editor
        </Button>
        {running ? (
          <Tip label="Cancel run" shortcut="Mod+.">
            <Button variant="primary" onClick={() => cancelRun(run.id)}>
              <Square /> Cancel
            </Button>
          </Tip>
        ) : (
          <Tip label="Run exactly this again" shortcut="Mod+Enter">
            <Button variant="primary" onClick={() => rerun(run)}>
              <RotateCcw /> Run again
            </Button>
          </Tip>
        )}
        <Tip label="Delete run">
          <Button
            variant="ghost"
            size="icon"
            aria-label="Delete run"
            disabled={running}
            onClick={() => removeRuns([run.id])}
          >
            <Trash2 />
          </Button>
        </Tip>
      </header>
      <RunDetail live={live} />
    </div>
  );
}
