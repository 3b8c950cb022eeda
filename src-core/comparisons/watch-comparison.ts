import type { Cell, ComparisonEvent } from '../contract/comparisons.ts';
import type { Core } from '../core.ts';
import { createSignal, frameMs, sleep } from '../follow.ts';
import type { Runner } from '../runs/runner.ts';
import { createTextFollower } from '../runs/watch-run.ts';
import { isHostAlive } from '../workspace/recovery.ts';
import type { ActiveComparison } from './active-comparison.ts';
import { comparisonStatusOf, requireComparison, selectCells, storedModels, toCells } from './comparison-rows.ts';
import { computeTotals } from './totals.ts';

const pageSize = 200;
/** Totals are summed up over all cells, so not on every frame. */
const totalsMs = 250;

/** How often a comparison of another process is looked at. */
const pollMs = 500;

/** A comparison that is over, or that another process works on. */
export async function* followStored(
  core: Core,
  id: string,
  abort: AbortSignal | undefined,
): AsyncGenerator<ComparisonEvent> {
  const cells = new Map<string, Cell>();
  while (!abort?.aborted) {
    const row = await requireComparison(core.database, id);
    const changed = await readChangedCells(core, id, cells);
    for (const cell of changed) cells.set(cell.runId, cell);
    yield* inPages(changed);
    const models = storedModels(row).length;
    const totals = computeTotals(cells.values(), models);
    yield { kind: 'totals', totals, status: comparisonStatusOf(row) };
    const unfinished = [...cells.values()].some(({ status }) => status === 'queued' || status === 'running');
    if (!unfinished || row.host_id === null || !(await isHostAlive(core, row.host_id))) return;
    await sleep(pollMs);
  }
}

/** The cells whose status or length is not the known one; outputs are read only for those. Forgets those that were run again. */
async function readChangedCells(core: Core, id: string, known: Map<string, Cell>): Promise<Cell[]> {
  if (known.size === 0) return toCells(await selectCells(core.database, id).execute());
  const marks = await core.database
    .selectFrom('runs')
    .select(['id', 'status'])
    .select((eb) => eb.fn<number>('length', ['output']).as('length'))
    .where('comparison_id', '=', id)
    .where('superseded', '=', 0)
    .execute();
  const present = new Set(marks.map((mark) => mark.id));
  for (const runId of known.keys()) if (!present.has(runId)) known.delete(runId);
  const changed = marks.filter((mark) => {
    const cell = known.get(mark.id);
    return cell?.status !== mark.status || cell.outputLength !== mark.length;
  });
  const ids = changed.map((mark) => mark.id);
  const rows = await Promise.all(
    inChunks(ids, pageSize).map((part) => selectCells(core.database, id).where('id', 'in', part).execute()),
  );
  return toCells(rows.flat());
}

function inChunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
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
        const row = await requireComparison(core.database, comparison.id);
        yield { kind: 'totals', totals: comparison.totals(), status: comparisonStatusOf(row) };
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
  for (const page of inChunks(cells, pageSize)) yield { kind: 'cells', cells: page };
}
