import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { ImportAction } from '../../../../src-core/contract/packs.ts';
import { cn } from '../../../components/ui/cn.ts';
import { actionOf, type ChosenActions } from './actions.ts';
import { FileRow, LossesRow, LossRow, ProblemRow, RefusalsRow, RefusedRow } from './file-rows.tsx';
import { ItemRow } from './item-row.tsx';
import { keyOfRow, type PlanRow } from './plan-rows.ts';

interface PlanListProps {
  readonly rows: readonly PlanRow[];
  readonly actions: ChosenActions;
  /** Chosen ones, by path. */
  readonly formats: Readonly<Record<string, string>>;
  /** It is about to be replaced, so nothing can be chosen. */
  readonly isStale: boolean;
  readonly onAction: (key: string, action: ImportAction) => void;
  readonly onFormat: (path: string, format: string) => void;
  readonly onReport: (path: string) => void;
  readonly onRefusals: (show: boolean) => void;
}

const heights: Readonly<Record<PlanRow['kind'], number>> = {
  ...{ refusals: 36, refused: 56, file: 34, problem: 24, losses: 26, loss: 40, item: 56 },
};

/** The plan, of which only what is in sight is drawn. It is one stop of Tab; the arrow keys go from row to row. */
export function PlanList(props: PlanListProps) {
  const { rows, isStale } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [focusedKey, setFocusedKey] = useState<string | null>(null);
  const found = rows.findIndex((row) => keyOfRow(row) === focusedKey);
  const current = found >= 0 ? found : rows.findIndex(isFocusable);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[rows[index]!.kind],
    getItemKey: (index) => keyOfRow(rows[index]!),
    measureElement: (element) => element.getBoundingClientRect().height,
    overscan: 8,
    // The row with the focus stays drawn, because the focus would be lost with it.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      return current < 0 || drawn.includes(current) ? drawn : [...drawn, current].sort((a, b) => a - b);
    },
  });

  const moveTo = (from: number, step: number) => {
    let index = from;
    while (rows[index] !== undefined && !isFocusable(rows[index]!)) index += step;
    const row = rows[index];
    if (row === undefined) return;
    setFocusedKey(keyOfRow(row));
    virtual.scrollToIndex(index);
    // The row is drawn after the list has scrolled.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-item]`)?.focus(),
      ),
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLElement) || !event.target.hasAttribute('data-item')) return;
    const page = 8;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [current + 1, 1],
      ArrowUp: [current - 1, -1],
      PageDown: [Math.min(rows.length - 1, current + page), -1],
      PageUp: [Math.max(0, current - page), 1],
      Home: [0, 1],
      End: [rows.length - 1, -1],
    };
    const move = moves[event.key];
    if (move === undefined || event.altKey) return;
    // Before the choice of the row, which would open with these keys; Enter and Space open it.
    event.preventDefault();
    event.stopPropagation();
    moveTo(...move);
  };

  return (
    <div
      ref={scroller}
      // As high as its rows, while there is room for them.
      style={{ flexBasis: virtual.getTotalSize() + 1 }}
      className={cn('-mb-px min-h-0 shrink overflow-y-auto border-t', isStale && 'pointer-events-none')}
    >
      <ul
        aria-label="What would be imported"
        aria-busy={isStale}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
        onKeyDownCapture={onKeyDown}
      >
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index]!;
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
              onFocus={() => setFocusedKey(keyOfRow(row))}
            >
              <Row {...props} row={row} tabIndex={index === current ? 0 : -1} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Lines of a report are only read. */
function isFocusable({ kind }: PlanRow): boolean {
  return kind !== 'loss' && kind !== 'losses' && kind !== 'problem';
}

interface RowProps extends PlanListProps {
  readonly row: PlanRow;
  readonly tabIndex: number;
}

function Row({ row, tabIndex, actions, formats, isStale, onAction, onFormat, onReport, onRefusals }: RowProps) {
  switch (row.kind) {
    case 'refusals':
      return <RefusalsRow {...row} tabIndex={tabIndex} onToggle={() => onRefusals(!row.isOpen)} />;
    case 'refused':
      return <RefusedRow file={row.file} tabIndex={tabIndex} format={formats[row.file.path]} onFormat={onFormat} />;
    case 'file':
      return (
        <FileRow
          {...row}
          tabIndex={tabIndex}
          format={formats[row.file.path]}
          onFormat={onFormat}
          onToggle={() => onReport(row.file.path)}
        />
      );
    case 'problem':
      return <ProblemRow message={row.message} />;
    case 'losses':
      return <LossesRow of={row.of} />;
    case 'loss':
      return <LossRow loss={row.loss} />;
    case 'item':
      return (
        <ItemRow
          item={row.item}
          action={actionOf(row.item, actions)}
          tabIndex={tabIndex}
          disabled={isStale}
          onAction={onAction}
        />
      );
  }
}
