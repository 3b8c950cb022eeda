import { useQuery } from '@tanstack/react-query';
import { Columns3 } from 'lucide-react';
import { useCallback, useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { Comparison } from '../../../src-core/contract/comparisons.ts';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { Pane, PaneGroup, PaneHandle } from '../../components/ui/resizable.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { orpc } from '../../live/api.ts';
import { rememberedLayout } from '../../live/window-state.ts';
import { useCommand } from '../../workbench/commands.ts';
import { useShownModels } from '../../workbench/current-model.ts';
import { describeTab } from '../../workbench/tabs.ts';
import type { EditorProps } from '../../workbench/view.ts';
import { cancelRun } from '../runs/run-actions.ts';
import { ComparisonHeader } from './comparison-header.tsx';
import { CellPanel } from './grid/cell-panel.tsx';
import { cancelComparison, rerunCells } from './grid/comparison-actions.ts';
import { ComparisonGrid, type Density } from './grid/comparison-grid.tsx';
import { DiffPanel } from './grid/diff-panel.tsx';
import { type Position, toggleMark } from './grid/geometry.ts';
import type { CellActions } from './grid/grid-cell.tsx';
import { useGrid, useGridSummary } from './grid/grid-session.ts';
import { TotalsTable } from './grid/totals-table.tsx';

/** What the person looks at in a grid; outlives a switch to another tab. */
interface GridView {
  readonly active: Position;
  readonly marks: readonly Position[];
  readonly panel: 'cell' | 'diff' | null;
}

const start: GridView = { active: { row: 0, column: 0 }, marks: [], panel: null };
const useGridViews = create<Readonly<Record<string, GridView>>>(() => ({}));
const look = (id: string, change: (now: GridView) => Partial<GridView>) =>
  useGridViews.setState((all) => ({ [id]: { ...(all[id] ?? start), ...change(all[id] ?? start) } }));

/** How all grids are shown. */
const useAppearance = create<{ readonly density: Density; readonly totals: boolean }>(() => ({
  density: 'normal',
  totals: true,
}));

const paneGroup = 'comparison-panel';

/** The tab of a comparison. */
export function ComparisonEditor({ id, tabKey }: EditorProps) {
  const { data: comparison, error } = useQuery(orpc.comparisons.get.queryOptions({ input: { id } }));
  if (comparison !== undefined) return <ComparisonPage comparison={comparison} tabKey={tabKey} />;
  if (error === null) return <SkeletonList />;
  return (
    <EmptyState icon={Columns3} title="This comparison cannot be shown">
      <ForeignText text={error.message} />
    </EmptyState>
  );
}

function ComparisonPage({ comparison, tabKey }: { readonly comparison: Comparison; readonly tabKey: string }) {
  const { id, title } = comparison;
  const grid = useGrid(id);
  const summary = useGridSummary(grid);
  const { density, totals } = useAppearance();
  const { active, marks, panel } = useGridViews((all) => all[id] ?? start);
  const running = summary.waiting + summary.running > 0;
  useShownModels(comparison.models);
  useEffect(() => describeTab(tabKey, { title }), [tabKey, title]);
  useCommand('comparison.cancel', () => void cancelComparison(id), running);
  useCommand('comparison.rerunFailed', () => void rerunCells(id, 'failed'), summary.failed > 0);

  const actions = useMemo<CellActions>(
    () => ({
      activate: (position) => look(id, () => ({ active: position })),
      open: (position) => look(id, () => ({ active: position, panel: 'cell' })),
      mark: (position) =>
        look(id, (now) => {
          const next = toggleMark(now.marks, position);
          const diff = next.length === 2 ? 'diff' : now.panel === 'diff' ? null : now.panel;
          return { active: position, marks: next, panel: diff };
        }),
      rerun: (cell) => void rerunCells(id, [cell]),
      cancel: (cell) => void cancelRun(cell.runId),
    }),
    [id],
  );
  const close = useCallback(
    () => look(id, (now) => ({ panel: null, marks: now.panel === 'cell' ? now.marks : [] })),
    [id],
  );
  const closeAndReturn = () => {
    close();
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };
  const pair = marks.length === 2 ? ([marks[0], marks[1]] as readonly [Position, Position]) : null;
  const shown = panel === 'diff' && pair === null ? null : panel;

  return (
    <div className="flex h-full flex-col">
      <ComparisonHeader
        comparison={comparison}
        grid={grid}
        summary={summary}
        density={density}
        onDensity={(next) => useAppearance.setState({ density: next })}
        totalsShown={totals}
        onTotals={(next) => useAppearance.setState({ totals: next })}
      />
      {totals && (
        <TotalsTable
          models={comparison.models}
          totals={summary.totals.length > 0 ? summary.totals : comparison.totals}
          cells={comparison.rows.length * comparison.prompts.length}
        />
      )}
      <PaneGroup id={paneGroup} className="flex-1">
        <Pane id="grid" minSize={300} className="flex min-h-0 flex-col">
          <ComparisonGrid
            comparison={comparison}
            grid={grid}
            density={density}
            active={active}
            marks={marks}
            actions={actions}
            onEscape={close}
          />
        </Pane>
        {shown !== null && (
          <>
            <PaneHandle aria-label="Resize panel" />
            <Pane
              id="panel"
              defaultSize={`${rememberedLayout(paneGroup)?.panel ?? 42}%`}
              minSize={300}
              onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && closeAndReturn()}
            >
              {shown === 'diff' && pair !== null ? (
                <DiffPanel comparison={comparison} grid={grid} marks={pair} onClose={closeAndReturn} />
              ) : (
                <CellPanel
                  comparison={comparison}
                  grid={grid}
                  position={active}
                  actions={actions}
                  onClose={closeAndReturn}
                />
              )}
            </Pane>
          </>
        )}
      </PaneGroup>
    </div>
  );
}
