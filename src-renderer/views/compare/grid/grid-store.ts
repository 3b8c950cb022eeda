import type { Cell, ComparisonEvent, ModelTotals } from '../../../../src-core/contract/comparisons.ts';
import { describeFinish } from '../../../../src-core/runs/finish-reason.ts';
import { isLive } from '../../runs/live.ts';

/** Where a cell stands. */
export interface Place {
  readonly prompt: number;
  readonly model: number;
  readonly row: number;
}

/** Figures over the whole grid, announced a few times a second. */
export interface GridSummary {
  readonly cells: number;
  readonly waiting: number;
  readonly running: number;
  readonly succeeded: number;
  /** Of these, the answers that are cut, filtered or otherwise not simply complete. */
  readonly notComplete: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Per model, as the host computes them. */
  readonly totals: readonly ModelTotals[];
  readonly status: 'loading' | 'running' | 'finished' | 'cancelled';
  /** Why results are not on disk yet; null when nothing keeps them. */
  readonly note: string | null;
}

/**
 * The cells of one comparison outside of React, so that a delta renders only its own cell and a grid of 10 000 cells
 * can stream.
 */
export interface GridStore {
  cellAt(place: Place): Cell | undefined;
  all(): readonly Cell[];
  subscribeCell(place: Place, listener: () => void): () => void;
  summary(): GridSummary;
  subscribeSummary(listener: () => void): () => void;
  apply(event: ComparisonEvent): void;
}

/** Output that a cell shows while it streams; the detail shows the whole. */
const shownLength = 4_000;

const summaryMs = 120;
const soon = (notify: () => void) => void setTimeout(notify, summaryMs);

const keyOf = ({ prompt, model, row }: Place): string => `${row}/${prompt}/${model}`;

const empty: GridSummary = {
  cells: 0,
  waiting: 0,
  running: 0,
  succeeded: 0,
  notComplete: 0,
  failed: 0,
  cancelled: 0,
  totals: [],
  status: 'loading',
  note: null,
};

const countOf = {
  queued: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

/** A store without cells; `schedule` decides when the summary is announced. */
export function createGridStore(schedule: (notify: () => void) => void = soon): GridStore {
  const cells = new Map<string, Cell>();
  const placeOfRun = new Map<string, string>();
  const cellListeners = new Map<string, Set<() => void>>();
  const summaryListeners = new Set<() => void>();
  let summary = empty;
  let scheduled = false;

  const count = ({ status, finishReason }: Cell, by: 1 | -1): void => {
    const isUnusual = status === 'succeeded' && describeFinish(finishReason) !== null;
    summary = {
      ...summary,
      cells: summary.cells + by,
      [countOf[status]]: summary[countOf[status]] + by,
      notComplete: summary.notComplete + (isUnusual ? by : 0),
    };
  };

  const put = (cell: Cell): void => {
    const key = keyOf(cell);
    const before = cells.get(key);
    const next = before?.runId === cell.runId ? keepStreamed(before, cell) : cell;
    if (before !== undefined) {
      if (isSame(before, next)) return;
      if (before.runId !== next.runId) placeOfRun.delete(before.runId);
      count(before, -1);
    }
    cells.set(key, next);
    placeOfRun.set(next.runId, key);
    count(next, 1);
    wake(key);
  };

  const grow = (runId: string, offset: number, text: string): void => {
    const key = placeOfRun.get(runId);
    const cell = key === undefined ? undefined : cells.get(key);
    // After a gap the host sends the whole cell.
    if (key === undefined || cell === undefined || offset > cell.outputLength) return;
    const outputLength = offset + text.length;
    const output = offset >= shownLength ? cell.output : (cell.output.slice(0, offset) + text).slice(0, shownLength);
    cells.set(key, { ...cell, output, outputLength });
    wake(key);
  };

  const wake = (key: string): void => {
    for (const listener of cellListeners.get(key) ?? []) listener();
  };

  const wakeSummary = (): void => {
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      for (const listener of summaryListeners) listener();
    });
  };

  return {
    cellAt: (place) => cells.get(keyOf(place)),
    all: () => [...cells.values()],
    subscribeCell(place, listener) {
      const key = keyOf(place);
      const listeners = cellListeners.get(key) ?? new Set();
      cellListeners.set(key, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && cellListeners.get(key) === listeners) cellListeners.delete(key);
      };
    },
    summary: () => summary,
    subscribeSummary(listener) {
      summaryListeners.add(listener);
      return () => {
        summaryListeners.delete(listener);
      };
    },
    apply(event) {
      switch (event.kind) {
        case 'cells':
          for (const cell of event.cells) put(cell);
          return wakeSummary();
        case 'deltas':
          for (const { runId, offset, text } of event.deltas) grow(runId, offset, text);
          return;
        case 'totals':
          summary = { ...summary, totals: event.totals, status: event.status, note: event.note ?? null };
          return wakeSummary();
      }
    },
  };
}

/** A running cell is sent without its text, so what has streamed is kept. */
function keepStreamed(before: Cell, cell: Cell): Cell {
  if (!isLive(cell.status) || cell.outputLength >= before.outputLength) return cell;
  return { ...cell, output: before.output, outputLength: before.outputLength };
}

function isSame(a: Cell, b: Cell): boolean {
  return (
    a.runId === b.runId &&
    a.status === b.status &&
    a.outputLength === b.outputLength &&
    a.output === b.output &&
    a.toolCallCount === b.toolCallCount &&
    a.latencyMs === b.latencyMs &&
    a.cost === b.cost &&
    a.error?.message === b.error?.message
  );
}
