import { expect, test, vi } from 'vitest';
import type { Cell } from '../../../../src-core/contract/comparisons.ts';
import { createGridStore } from './grid-store.ts';

const blank: Cell = {
  runId: 'a',
  prompt: 0,
  model: 0,
  row: 0,
  status: 'queued',
  output: '',
  outputLength: 0,
  toolCallCount: 0,
  finishReason: null,
  error: null,
  schemaProblems: null,
  inputTokens: null,
  outputTokens: null,
  cost: null,
  ttftMs: null,
  latencyMs: null,
  tokensPerSecond: null,
  generationMs: null,
  notes: [],
};
const cell = (more: Partial<Cell>): Cell => ({ ...blank, ...more });
const now = (notify: () => void) => notify();

test('a delta wakes up only the cell that it belongs to', () => {
  const grid = createGridStore(now);
  grid.apply({ kind: 'cells', cells: [cell({ status: 'running' }), cell({ runId: 'b', row: 1, status: 'running' })] });
  const [first, second, summary] = [vi.fn(), vi.fn(), vi.fn()];
  grid.subscribeCell({ prompt: 0, model: 0, row: 0 }, first);
  grid.subscribeCell({ prompt: 0, model: 0, row: 1 }, second);
  grid.subscribeSummary(summary);
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'b', offset: 0, text: 'Hi' }] });
  expect([first.mock.calls.length, second.mock.calls.length, summary.mock.calls.length]).toEqual([0, 1, 0]);
  expect(grid.cellAt({ prompt: 0, model: 0, row: 1 })?.output).toBe('Hi');
});

test('a delta that overlaps what is there replaces it, and one after a gap is ignored', () => {
  const grid = createGridStore(now);
  const place = { prompt: 0, model: 0, row: 0 };
  grid.apply({ kind: 'cells', cells: [cell({ status: 'running' })] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 0, text: 'Hello' }] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 3, text: 'lo there' }] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 90, text: 'lost' }] });
  expect(grid.cellAt(place)?.output).toBe('Hello there');
});

test('a long output is cut for the grid while its length keeps counting', () => {
  const grid = createGridStore(now);
  grid.apply({ kind: 'cells', cells: [cell({ status: 'running' })] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 0, text: 'x'.repeat(3_999) }] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 3_999, text: 'yyy' }] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 4_002, text: 'zzz' }] });
  const shown = grid.cellAt({ prompt: 0, model: 0, row: 0 });
  expect(shown?.output).toBe(`${'x'.repeat(3_999)}y`);
  expect(shown?.outputLength).toBe(4_005);
});

test('a cell that is sent again while it streams keeps its text', () => {
  const grid = createGridStore(now);
  grid.apply({ kind: 'cells', cells: [cell({ status: 'running' })] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 0, text: 'Hello' }] });
  grid.apply({ kind: 'cells', cells: [cell({ status: 'running' })] });
  expect(grid.cellAt({ prompt: 0, model: 0, row: 0 })?.output).toBe('Hello');
});

test('a cell that is run again takes the place of the old one, whose late deltas are ignored', () => {
  const grid = createGridStore(now);
  const place = { prompt: 0, model: 0, row: 0 };
  grid.apply({ kind: 'cells', cells: [cell({ status: 'failed', output: 'old', outputLength: 3 })] });
  grid.apply({ kind: 'cells', cells: [cell({ runId: 'new', status: 'running' })] });
  grid.apply({ kind: 'deltas', deltas: [{ runId: 'a', offset: 3, text: '!' }] });
  expect(grid.cellAt(place)).toMatchObject({ runId: 'new', output: '' });
  expect(grid.summary()).toMatchObject({ cells: 1, running: 1, failed: 0 });
});

test('the summary counts by status and takes totals and status from the host', () => {
  const grid = createGridStore(now);
  grid.apply({ kind: 'cells', cells: [cell({}), cell({ runId: 'b', row: 1, status: 'running' })] });
  expect(grid.summary()).toMatchObject({ cells: 2, waiting: 1, running: 1, status: 'loading' });
  grid.apply({ kind: 'cells', cells: [cell({ status: 'succeeded' }), cell({ runId: 'b', row: 1, status: 'failed' })] });
  grid.apply({ kind: 'totals', totals: [], status: 'finished' });
  expect(grid.summary()).toMatchObject({
    cells: 2,
    waiting: 0,
    running: 0,
    succeeded: 1,
    failed: 1,
    status: 'finished',
  });
});

test('a cell that comes again unchanged wakes nobody', () => {
  const grid = createGridStore(now);
  grid.apply({ kind: 'cells', cells: [cell({ status: 'succeeded', output: 'x', outputLength: 1 })] });
  const listener = vi.fn();
  grid.subscribeCell({ prompt: 0, model: 0, row: 0 }, listener);
  grid.apply({ kind: 'cells', cells: [cell({ status: 'succeeded', output: 'x', outputLength: 1 })] });
  expect(listener).not.toHaveBeenCalled();
});
