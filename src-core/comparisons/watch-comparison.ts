import type { Cell, ComparisonEvent } from '../contract/comparisons.ts';
import { createSignal, frameMs, sleep } from '../follow.ts';
import { isHostAlive } from '../jobs/leases.ts';
import { ownerOf } from '../jobs/queue.ts';
import type { Ports } from '../ports.ts';
import type { Runner } from '../runs/runner.ts';
import { createTextFollower, type TextFollower } from '../runs/watch-run.ts';
import type { Session } from '../scope/scope.ts';
import { createTurns, inChunks } from '../turns.ts';
import type { ActiveComparison } from './active-comparison.ts';
import {
  cellPage,
  comparisonStatusOf,
  loadCells,
  requireLight,
  selectCells,
  storedModels,
  toCells,
} from './comparison-rows.ts';
import { computeTotals } from './totals.ts';

/** Totals are summed up over all cells, so not on every frame. */
const totalsMs = 250;

/** How often a comparison of another process is looked at; a big one takes a while, and is looked at less often. */
const pollMs = 500;
const pollShare = 10;

/** A comparison that is over, that another process works on, or that waits to be taken up. */
export async function* followStored(
  { clock }: Pick<Ports, 'clock'>,
  session: Session,
  id: string,
): AsyncGenerator<ComparisonEvent> {
  const cells = new Map<string, Cell>();
  while (!session.signal?.aborted) {
    const startedAt = clock.monotonic();
    const row = await session.read((scope) => requireLight(scope, id));
    for await (const page of changedCells(session, id, cells)) {
      for (const cell of page) cells.set(cell.runId, cell);
      yield { kind: 'cells', cells: page };
    }
    const models = storedModels(row).length;
    const totals = computeTotals(cells.values(), models);
    yield { kind: 'totals', totals, status: comparisonStatusOf(row) };
    const isUnfinished = [...cells.values()].some(({ status }) => status === 'queued' || status === 'running');
    if (!isUnfinished || !(await isWorkedOn(session, id, row.host_id))) return;
    await sleep(Math.max(pollMs, (clock.monotonic() - startedAt) * pollShare));
  }
}

function isWorkedOn(session: Session, id: string, lastHost: string | null): Promise<boolean> {
  return session.read(async (scope) => {
    const owner = (await ownerOf(scope, id)) ?? lastHost;
    return owner !== null && isHostAlive(scope, owner);
  });
}

/** The cells whose status or length is not the known one; outputs are read only for those. Forgets those that were run again. */
async function* changedCells(session: Session, id: string, known: Map<string, Cell>): AsyncGenerator<Cell[]> {
  if (known.size === 0) return yield* loadCells(session.read, id);
  const turns = createTurns();
  const gone = new Set(known.keys());
  for (let after = -1; ; ) {
    const marks = await session.read(({ db }) =>
      db
        .selectFrom('runs')
        .select(['seq', 'id', 'status'])
        .select((eb) => eb.fn.coalesce('output_length', eb.fn<number>('length', ['output'])).as('length'))
        .where('comparison_id', '=', id)
        .where('superseded', '=', 0)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(marksAtOnce)
        .execute(),
    );
    for (const mark of marks) gone.delete(mark.id);
    const changed = marks.filter((mark) => {
      const cell = known.get(mark.id);
      return cell?.status !== mark.status || cell.outputLength !== mark.length;
    });
    for (const part of inChunks(changed, cellPage)) {
      const ids = part.map((mark) => mark.id);
      yield toCells(await session.read((scope) => selectCells(scope, id).where('id', 'in', ids).execute()));
    }
    if (marks.length < marksAtOnce) break;
    after = marks.at(-1)!.seq;
    await turns();
  }
  for (const runId of gone) known.delete(runId);
}

/** Cells whose state is read at once. */
const marksAtOnce = 2_000;

/** Sends every cell, then what changes, gathered per frame, until all is done or the watcher leaves. */
export async function* followComparison(
  { clock }: Pick<Ports, 'clock'>,
  runner: Runner,
  comparison: ActiveComparison,
  abort: AbortSignal | undefined,
): AsyncGenerator<ComparisonEvent> {
  const signal = createSignal();
  const texts = new Map<string, TextFollower>();
  const grown = new Set<string>();
  const changed = new Set<string>();
  let done = false;

  const stopCells = comparison.onCell((runId) => {
    changed.add(runId);
    signal.wake();
  });
  const stopRuns = runner.active.followAll((run, kind) => {
    if (run.comparisonId !== comparison.id || kind !== 'text') return;
    grown.add(run.id);
    signal.wake();
  });
  const stopListening = runner.writer.onWriteFailure(signal.wake);
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
      if (grown.size > 0) signal.wake();
      yield* inPages(cells);
      if (deltas.length > 0) yield { kind: 'deltas', deltas };
      if (finished || clock.monotonic() - totalsAt > totalsMs) {
        totalsAt = clock.monotonic();
        const note = noteOf(runner.writer.writeFailure(), comparison.isHeld());
        yield { kind: 'totals', totals: comparison.totals(finished), status: comparison.status(), ...note };
      }
      if (finished) return;
      await signal.wait(abort);
      await sleep(frameMs);
    }
  } finally {
    stopCells();
    stopRuns();
    stopListening();
  }
}

function noteOf(writeFailure: string | null, isHeld: boolean): { readonly note?: string } {
  if (writeFailure === null) return {};
  const held = isHeld ? ' Nothing more is asked until then.' : '';
  return { note: `Results wait in memory and are written when they can be.${held} ${writeFailure}` };
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

/** The next slice of each text that grew; what has more to give stays in `grown`. */
function takeDeltas(runner: Runner, grown: Set<string>, texts: Map<string, TextFollower>) {
  const deltas: { runId: string; offset: number; text: string }[] = [];
  let length = 0;
  for (const runId of [...grown]) {
    if (length > deltasLength) break;
    const run = runner.active.get(runId);
    const follower = texts.get(runId) ?? createTextFollower(0);
    texts.set(runId, follower);
    // A finished run's whole output travels with its cell.
    const delta = run === undefined ? null : follower.take(run.output);
    if (run === undefined || follower.from(run.output.length) === run.output.length) grown.delete(runId);
    if (delta === null) continue;
    deltas.push({ runId, ...delta });
    length += delta.text.length;
  }
  return deltas;
}

/** Code units of all deltas of one event, about. */
const deltasLength = 262_144;

async function* inPages(cells: readonly Cell[]): AsyncGenerator<ComparisonEvent> {
  const turns = createTurns();
  for (const page of inChunks(cells, cellPage)) {
    yield { kind: 'cells', cells: page };
    await turns();
  }
}
