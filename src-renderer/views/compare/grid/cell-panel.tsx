import { ExternalLink, RotateCcw, Square, X } from 'lucide-react';
import { useCallback, useSyncExternalStore } from 'react';
import { promptLabel } from '../../../../src-core/comparisons/export-cells.ts';
import type { Cell, Comparison } from '../../../../src-core/contract/comparisons.ts';
import { describeFinish } from '../../../../src-core/runs/finish-reason.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ForeignText, markedText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { isLive } from '../../runs/live.ts';
import { openRun } from '../../runs/run-actions.ts';
import { RunDetail } from '../../runs/run-detail.tsx';
import { StatusIcon, statusLabel } from '../../runs/run-status.tsx';
import { useRun } from '../../runs/use-run.ts';
import { type Position, placeAt, sizeOf } from './geometry.ts';
import type { CellActions } from './grid-cell.tsx';
import type { GridStore } from './grid-store.ts';

interface CellPanelProps {
  readonly comparison: Comparison;
  readonly grid: GridStore;
  readonly position: Position;
  readonly actions: CellActions;
  readonly onClose: () => void;
}

/** The cell that is looked at, in full. */
export function CellPanel({ comparison, grid, position, actions, onClose }: CellPanelProps) {
  const place = placeAt(position, sizeOf(comparison));
  const { prompt, model, row } = place;
  const subscribe = useCallback(
    (listener: () => void) => grid.subscribeCell({ prompt, model, row }, listener),
    [grid, prompt, model, row],
  );
  const cell = useSyncExternalStore(subscribe, () => grid.cellAt(place));
  return (
    <aside aria-label="Cell" className="flex h-full min-w-0 flex-col">
      <header className="flex shrink-0 items-center gap-2 border-b py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">
            <ForeignText text={comparison.models[model] ?? ''} />
          </h2>
          <p className="flex items-center gap-1.5 truncate text-xs text-muted">
            {cell && <StatusIcon status={cell.status} finishReason={cell.finishReason} className="size-3" />}
            <span className="truncate">
              <ForeignText text={[promptLabel(comparison, prompt), `row ${row + 1}`].filter(Boolean).join(' · ')} />
              {cell && <CellEnd cell={cell} />}
            </span>
          </p>
        </div>
        {cell && <PanelActions cell={cell} comparison={comparison} actions={actions} />}
        <Tip label="Close" shortcut="Escape">
          <Button variant="ghost" size="icon-sm" aria-label="Close cell" onClick={onClose}>
            <X />
          </Button>
        </Tip>
      </header>
      {cell ? <CellRun key={cell.runId} runId={cell.runId} /> : <SkeletonList />}
    </aside>
  );
}

function CellEnd({ cell }: { readonly cell: Cell }) {
  // A run that failed says that first; how its text ended stands behind the text.
  const end = cell.status === 'succeeded' ? describeFinish(cell.finishReason) : null;
  return (
    <>
      {' · '}
      {end === null ? (
        statusLabel(cell.status)
      ) : (
        <span className="font-medium text-warning">{markedText(end.label)}</span>
      )}
    </>
  );
}

function PanelActions({
  cell,
  comparison,
  actions,
}: {
  readonly cell: Cell;
  readonly comparison: Comparison;
  readonly actions: CellActions;
}) {
  const name = comparison.prompts[cell.prompt];
  return (
    <>
      {isLive(cell.status) ? (
        <Button size="sm" onClick={() => actions.cancel(cell)}>
          <Square /> Cancel
        </Button>
      ) : (
        <Button size="sm" onClick={() => actions.rerun(cell)}>
          <RotateCcw /> Run again
        </Button>
      )}
      <Tip label="Open as a run">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Open as a run"
          onClick={() =>
            openRun({
              id: cell.runId,
              promptName: name?.name ?? null,
              versionNumber: name?.versionNumber ?? null,
              versionConfirmed: name?.versionConfirmed ?? true,
            })
          }
        >
          <ExternalLink />
        </Button>
      </Tip>
    </>
  );
}

function CellRun({ runId }: { readonly runId: string }) {
  const live = useRun(runId);
  if (live === null) return <SkeletonList />;
  if (live instanceof Error) {
    return (
      <p role="alert" className="p-4 text-danger">
        <ForeignText text={live.message} />
      </p>
    );
  }
  return <RunDetail live={live} />;
}
