// biome-ignore-all lint/a11y/useSemanticElements: cells that are placed freely cannot be elements of a table
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and points at its active cell
import { Braces, GitCompare, Info, Maximize2, RotateCcw, Square } from 'lucide-react';
import { memo, type ReactNode, useCallback, useSyncExternalStore } from 'react';
import { withMarks } from '../../../../src-core/content/text/odd-characters.ts';
import type { Cell } from '../../../../src-core/contract/comparisons.ts';
import { describeFinish } from '../../../../src-core/runs/finish-reason.ts';
import { formatCost, formatDuration, formatNumber } from '../../../components/format.ts';
import { cn } from '../../../components/ui/cn.ts';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { isLive } from '../../runs/live.ts';
import { StatusIcon, statusLabel } from '../../runs/run-status.tsx';
import type { Position } from './geometry.ts';
import type { GridStore } from './grid-store.ts';

/** What the buttons of a cell do. */
export interface CellActions {
  readonly activate: (position: Position) => void;
  readonly open: (position: Position) => void;
  readonly mark: (position: Position) => void;
  readonly rerun: (cell: Cell) => void;
  readonly cancel: (cell: Cell) => void;
}

interface GridCellProps {
  readonly grid: GridStore;
  readonly row: number;
  readonly column: number;
  readonly prompt: number;
  readonly model: number;
  readonly left: number;
  readonly width: number;
  /** Characters of output that can be seen at this size. */
  readonly visible: number;
  readonly active: boolean;
  readonly marked: boolean;
  readonly actions: CellActions;
}

/** The id of a cell's element, for `aria-activedescendant`. */
export function cellId({ row, column }: Position): string {
  return `cell-${row}-${column}`;
}

/** One cell; it alone renders again when its text grows. */
export const GridCell = memo(function GridCell(props: GridCellProps) {
  const { grid, row, column, prompt, model, left, width, visible, active, marked, actions } = props;
  const subscribe = useCallback(
    (listener: () => void) => grid.subscribeCell({ prompt, model, row }, listener),
    [grid, prompt, model, row],
  );
  const cell = useSyncExternalStore(subscribe, () => grid.cellAt({ prompt, model, row }));
  const position = { row, column };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the focus and handles the keys
    <div
      id={cellId(position)}
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={marked}
      onClick={() => actions.activate(position)}
      onDoubleClick={() => actions.open(position)}
      style={{ left, width }}
      className={cn(
        'group absolute inset-y-0 flex flex-col gap-1 border-r border-b px-2.5 pt-2 pb-1.5 select-text',
        marked && 'bg-accent-soft',
        active && 'z-[1] outline-2 -outline-offset-2 outline-border-strong group-focus/grid:outline-accent',
      )}
    >
      {cell === undefined ? null : <CellBody cell={cell} visible={visible} />}
      {cell !== undefined && <CellButtons cell={cell} position={position} marked={marked} actions={actions} />}
    </div>
  );
});

function CellBody({ cell, visible }: { readonly cell: Cell; readonly visible: number }) {
  const text = cell.output.slice(0, visible);
  const end = describeFinish(cell.finishReason);
  return (
    <>
      <div className="min-h-0 flex-1 overflow-hidden [mask-image:linear-gradient(black_calc(100%-14px),transparent)] foreign text-sm break-words whitespace-pre-wrap">
        {cell.error !== null && <span className="text-danger">{markedText(cell.error.message)}</span>}
        {cell.error !== null && text !== '' && '\n'}
        {markedText(text)}
        {cell.status === 'cancelled' && text === '' && <span className="text-faint">Cancelled</span>}
        {cell.status === 'succeeded' && text === '' && (
          <span className="text-faint">
            {cell.toolCallCount > 0 ? 'Calls tools; open it to see them.' : 'No text came back.'}
          </span>
        )}
      </div>
      <div className="tabular flex h-4 shrink-0 items-center gap-2 overflow-hidden text-2xs whitespace-nowrap text-muted">
        <StatusIcon status={cell.status} finishReason={cell.finishReason} className="size-3" />
        {end !== null && (
          <span className="max-w-32 shrink-0 truncate font-medium text-warning" title={withMarks(end.sentence)}>
            {markedText(end.label)}
          </span>
        )}
        <span className="min-w-0 flex-1 truncate" title={figuresOf(cell)}>
          {figuresOf(cell)}
        </span>
        <NotesMark notes={cell.notes} />
        <SchemaMark problems={cell.schemaProblems} />
        {cell.cost !== null && cell.cost > 0 && <span>{formatCost(cell.cost)}</span>}
      </div>
    </>
  );
}

function figuresOf(cell: Cell): string {
  if (isLive(cell.status)) {
    return cell.outputLength > 0 ? `${formatNumber(cell.outputLength)} characters` : statusLabel(cell.status);
  }
  return [
    cell.latencyMs === null ? null : formatDuration(cell.latencyMs),
    cell.ttftMs === null ? null : `first ${formatDuration(cell.ttftMs)}`,
    cell.outputTokens === null ? null : `${formatNumber(cell.outputTokens)} tok`,
    cell.tokensPerSecond === null ? null : `${formatNumber(cell.tokensPerSecond)}/s`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function NotesMark({ notes }: { readonly notes: Cell['notes'] }) {
  if (notes.length === 0) return null;
  const title = withMarks(notes.join('\n'));
  return (
    <span title={title}>
      <Info role="img" aria-label={title} className="size-3" />
    </span>
  );
}

function SchemaMark({ problems }: { readonly problems: Cell['schemaProblems'] }) {
  if (problems === null) return null;
  const kept = problems.length === 0;
  const title = kept
    ? 'Keeps to the response schema'
    : withMarks(`Breaks the response schema:\n${problems.join('\n')}`);
  return (
    <span title={title} className={cn('flex items-center gap-0.5', kept ? 'text-success' : 'text-warning')}>
      <Braces role="img" aria-label={title} className="size-3" />
      {!kept && '!'}
    </span>
  );
}

interface CellButtonsProps {
  readonly cell: Cell;
  readonly position: Position;
  readonly marked: boolean;
  readonly actions: CellActions;
}

function CellButtons({ cell, position, marked, actions }: CellButtonsProps) {
  return (
    <div className="absolute top-1 right-1 hidden gap-px rounded-md border border-border-strong bg-raised p-0.5 shadow-sm group-hover:flex">
      {isLive(cell.status) ? (
        <CellButton label="Cancel this cell" onClick={() => actions.cancel(cell)}>
          <Square />
        </CellButton>
      ) : (
        <CellButton label="Run this cell again" onClick={() => actions.rerun(cell)}>
          <RotateCcw />
        </CellButton>
      )}
      <CellButton
        label={marked ? 'Take out of the diff' : 'Mark for the diff (Space)'}
        onClick={() => actions.mark(position)}
      >
        <GitCompare className={marked ? 'text-accent-text' : undefined} />
      </CellButton>
      <CellButton label="Open (Enter)" onClick={() => actions.open(position)}>
        <Maximize2 />
      </CellButton>
    </div>
  );
}

interface CellButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** Without a tooltip component, because each cell has several of these buttons. */
function CellButton({ label, onClick, children }: CellButtonProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
      className="flex size-5 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-foreground [&_svg]:size-3"
    >
      {children}
    </button>
  );
}
