import type { Cell, Comparison, ComparisonEvent } from '../contract/comparisons.ts';
import type { Core } from '../core.ts';
import { createSignal, frameMs, sleep } from '../follow.ts';
import type { Runner } from '../runs/runner.ts';
import { createTextFollower } from '../runs/watch-run.ts';
import type { ActiveComparison } from './active-comparison.ts';
import { requireComparison, selectCells, toCell } from './comparison-rows.ts';
import { computeTotals } from './totals.ts';

const pageSize = 200;
/** Totals are summed up over all cells, so not on every frame. */
const totalsMs = 250;

/** Everything of a comparison that nobody works on any more. */
export async function* replayComparison(core: Core, id: string): AsyncGenerator<ComparisonEvent> {
  const row = await requireComparison(core.database, id);
  const cells = (await selectCells(core.database, id).execute()).map(toCell);
  yield* inPages(cells);
  const models = (JSON.parse(row.models) as string[]).length;
  yield { kind: 'totals', totals: computeTotals(cells, models), status: row.status as Comparison['status'] };
}

/** Sends every cell, then what changes, gathered per frame, until all is done or the watcher leaves. */
export async function* followComparison(
  core: Core,
  runner: Runner,
  comparison: ActiveComparison,
  abort: AbortSignal | undefined,
): AsyncGenerator<ComparisonEvent> {
  const signal = createSignal();
  const texts = new Map<string, ReturnType<typeof createTextFollower>>();
  const grown = new Set<string>();
  const changed = new Set<string>();
  let done = false;

  const stopCells = comparison.onCell((runId) => {
    changed.add(runId);
    signal.wake();
  });
  const stopRuns = runner.active.followAll((run, kind) => {
    if (run.comparisonId !== comparison.id || kind !== 'text') return;
    texts.get(run.id)?.look(run.output);
    grown.add(run.id);
    signal.wake();
  });
  void comparison.done.then(() => {
    done = true;
    signal.wake();
  });

  try {
    // What streams already comes as a delta right behind; the cells themselves carry finished outputs.
    for (const run of runner.active.all()) if (run.comparisonId === comparison.id) grown.add(run.id);
    yield* inPages([...comparison.cells.values()]);
    let totalsAt = 0;
    while (!abort?.aborted) {
      const finished = done;
      const cells = takeCells(comparison, changed, texts);
      const deltas = takeDeltas(runner, grown, texts);
      yield* inPages(cells);
      if (deltas.length > 0) yield { kind: 'deltas', deltas };
      if (finished || core.clock.monotonic() - totalsAt > totalsMs) {
        totalsAt = core.clock.monotonic();
        const { status } = await requireComparison(core.database, comparison.id);
        yield { kind: 'totals', totals: comparison.totals(), status: status as Comparison['status'] };
      }
      if (finished) return;
      await signal.wait(abort);
      await sleep(frameMs);
    }
  } finally {
    stopCells();
    stopRuns();
  }
}

function takeCells(comparison: ActiveComparison, changed: Set<string>, texts: Map<string, unknown>): Cell[] {
  const cells: Cell[] = [];
  for (const runId of changed) {
    const cell = comparison.cells.get(runId);
    if (!cell) continue;
    cells.push(cell);
    if (cell.status !== 'running') texts.delete(runId);
  }
  changed.clear();
  return cells;
}

function takeDeltas(runner: Runner, grown: Set<string>, texts: Map<string, ReturnType<typeof createTextFollower>>) {
  const deltas: { runId: string; offset: number; text: string }[] = [];
  for (const runId of grown) {
    const run = runner.active.get(runId);
    // A finished run's whole output travels with its cell.
    if (!run) continue;
    const follower = texts.get(runId) ?? createTextFollower(0);
    texts.set(runId, follower);
    const delta = follower.take(run.output);
    if (delta) deltas.push({ runId, ...delta });
  }
  grown.clear();
  return deltas;
}

function* inPages(cells: readonly Cell[]): Generator<ComparisonEvent> {
  for (let start = 0; start < cells.length; start += pageSize) {
    yield { kind: 'cells', cells: cells.slice(start, start + pageSize) };
  }
}
