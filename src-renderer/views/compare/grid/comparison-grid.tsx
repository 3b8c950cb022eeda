// biome-ignore-all lint/a11y/useSemanticElements: cells that are placed freely cannot be elements of a table
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and points at its active cell
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useLayoutEffect, useRef, useState } from 'react';
import { promptLabel } from '../../../../src-core/comparisons/export-cells.ts';
import type { Comparison } from '../../../../src-core/contract/comparisons.ts';
import type { JsonObject } from '../../../../src-core/contract/shared.ts';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { columnsOf, type Position, placeAt, samePosition, sizeOf, step } from './geometry.ts';
import { type CellActions, cellId, GridCell } from './grid-cell.tsx';
import type { GridStore } from './grid-store.ts';

/** Row heights to choose from, pixels. */
export const densities = { compact: 74, normal: 132, tall: 280 } as const;
export type Density = keyof typeof densities;

const leastColumnWidth = 292;
const headerHeight = { one: 34, many: 52 } as const;

export interface ComparisonGridProps {
  readonly comparison: Comparison;
  readonly grid: GridStore;
  readonly density: Density;
  readonly active: Position;
  readonly marks: readonly Position[];
  readonly actions: CellActions;
  /** Escape was pressed. */
  readonly onEscape: () => void;
}

/** Rows of inputs × columns of prompts and models; only what is in sight exists in the page. */
export const ComparisonGrid = memo(function ComparisonGrid(props: ComparisonGridProps) {
  const { comparison, grid, density, active, marks, actions, onEscape } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const size = sizeOf(comparison);
  const columns = columnsOf(size);
  const rowHeight = densities[density];
  const top = size.prompts > 1 ? headerHeight.many : headerHeight.one;
  const left = comparison.rows.some((row) => Object.keys(row).length > 0) ? 210 : 48;
  const width = useColumnWidth(scroller, left, columns);

  const rows = useVirtualizer({
    count: size.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    paddingStart: top,
    scrollPaddingStart: top,
    overscan: 2,
  });
  const cols = useVirtualizer({
    horizontal: true,
    count: columns,
    getScrollElement: () => scroller.current,
    estimateSize: () => width,
    paddingStart: left,
    scrollPaddingStart: left,
    overscan: 1,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes changed
  useLayoutEffect(() => {
    rows.measure();
    cols.measure();
  }, [rowHeight, width]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return onEscape();
    if (event.key === 'Enter') return actions.open(active);
    if (event.key === ' ') {
      event.preventDefault();
      return actions.mark(active);
    }
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - top) / rowHeight));
    const next = step(event.key, event.ctrlKey || event.metaKey, active, size, page);
    if (next === null) return;
    event.preventDefault();
    actions.activate(next);
    rows.scrollToIndex(next.row);
    cols.scrollToIndex(next.column);
  };

  const shownColumns = cols.getVirtualItems();
  const totalWidth = cols.getTotalSize();
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Results"
      aria-rowcount={size.rows + 1}
      aria-colcount={columns + 1}
      aria-multiselectable="true"
      aria-activedescendant={cellId(active)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="group/grid min-h-0 flex-1 overflow-auto overscroll-contain outline-none"
    >
      <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize(), width: totalWidth }}>
        <div role="row" aria-rowindex={1} className="sticky top-0 z-20 border-b bg-panel" style={{ height: top }}>
          <div
            role="columnheader"
            aria-colindex={1}
            className="sticky left-0 z-10 flex h-full items-end border-r bg-panel px-2.5 pb-2 text-xs font-medium text-muted"
            style={{ width: left }}
          >
            {left > 100 ? 'Inputs' : '#'}
          </div>
          {shownColumns.map((column) => (
            <ColumnHeading
              key={column.key}
              comparison={comparison}
              column={column.index}
              left={column.start}
              width={column.size}
            />
          ))}
        </div>
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 2}
            className="absolute left-0"
            style={{ top: row.start, height: row.size, width: totalWidth }}
          >
            <RowHeading number={row.index + 1} values={comparison.rows[row.index] ?? {}} width={left} />
            {shownColumns.map((column) => {
              const position = { row: row.index, column: column.index };
              const { prompt, model } = placeAt(position, size);
              return (
                <GridCell
                  key={column.key}
                  grid={grid}
                  row={row.index}
                  column={column.index}
                  prompt={prompt}
                  model={model}
                  left={column.start}
                  width={column.size}
                  visible={rowHeight * 8}
                  active={samePosition(active, position)}
                  marked={marks.some((mark) => samePosition(mark, position))}
                  actions={actions}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
});

/** Few columns share the width that there is; many keep a width that can be read. */
function useColumnWidth(scroller: React.RefObject<HTMLDivElement | null>, left: number, columns: number): number {
  const [available, setAvailable] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setAvailable(element.clientWidth));
    observer.observe(element);
    setAvailable(element.clientWidth);
    return () => observer.disconnect();
  }, [scroller]);
  return Math.max(leastColumnWidth, Math.floor((available - left) / columns));
}

interface ColumnHeadingProps {
  readonly comparison: Comparison;
  readonly column: number;
  readonly left: number;
  readonly width: number;
}

function ColumnHeading({ comparison, column, left, width }: ColumnHeadingProps) {
  const { prompt, model } = placeAt({ row: 0, column }, sizeOf(comparison));
  return (
    <div
      role="columnheader"
      aria-colindex={column + 2}
      className="absolute inset-y-0 flex flex-col justify-end overflow-hidden border-r px-2.5 pb-2"
      style={{ left, width }}
    >
      {comparison.prompts.length > 1 && (
        <span dir="auto" className="truncate text-left text-xs leading-4 text-muted">
          {markedText(promptLabel(comparison, prompt))}
        </span>
      )}
      <span className="truncate leading-4.5 font-medium">{markedText(comparison.models[model] ?? '')}</span>
    </div>
  );
}

interface RowHeadingProps {
  readonly number: number;
  readonly values: JsonObject;
  readonly width: number;
}

function RowHeading({ number, values, width }: RowHeadingProps) {
  return (
    <div
      role="rowheader"
      aria-colindex={1}
      className="sticky left-0 z-10 flex h-full flex-col gap-0.5 overflow-hidden border-r border-b bg-panel px-2.5 pt-2 text-xs"
      style={{ width }}
    >
      <span className="tabular shrink-0 text-faint">{number}</span>
      {Object.entries(values).map(([name, value]) => (
        <p key={name} className="line-clamp-3 shrink-0 break-words">
          <bdi className="text-muted">{markedText(name)}</bdi>{' '}
          <bdi>{markedText((typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 240))}</bdi>
        </p>
      ))}
    </div>
  );
}
