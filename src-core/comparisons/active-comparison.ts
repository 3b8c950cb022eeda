import type { Cell, Comparison, ModelTotals } from '../contract/comparisons.ts';
import type { PromptContent, Sampling } from '../contract/content.ts';
import type { JsonObject } from '../contract/shared.ts';
import { createBudget } from '../jobs/budget.ts';
import { createLaneScheduler, type Lane, type LaneScheduler } from '../jobs/lanes.ts';
import type { LanePlan } from '../jobs/plan-lanes.ts';
import { pause } from '../jobs/when-there-is-room.ts';
import { type ResolvedModel, resolveModel } from '../models/resolve-model.ts';
import type { Ports } from '../ports.ts';
import { mergeSampling } from '../runs/choose-content.ts';
import type { ExecutionResult } from '../runs/execute-run.ts';
import { type Runner, type RunWork, renderForRun } from '../runs/runner.ts';
import { AppError, type ErrorData } from '../scope/errors.ts';
import type { IncludeCache } from '../templates/with-includes.ts';
import { createTurns, inChunks } from '../turns.ts';
import { cellOutputLimit } from './comparison-rows.ts';
import { createHold } from './hold.ts';
import { computeTotals } from './totals.ts';

export interface ActiveComparison {
  readonly id: string;
  /** Cells by the id of their run. */
  readonly cells: ReadonlyMap<string, Cell>;
  status(): Comparison['status'];
  /** True while nothing more is asked, because nothing more can be written. */
  isHeld(): boolean;
  /** Nothing waits and nothing runs. */
  isIdle(): boolean;
  /** Summed up over all cells, and so no more often than that is no burden, unless they have to be the last ones. */
  totals(last?: boolean): ModelTotals[];
  /** Puts cells into the queue, at once or when they are there; one at a taken place replaces what is there. */
  enqueue(cells: Cells): Promise<void>;
  /** Throws `conflict` once its budget is spent. */
  assertBudget(): void;
  /** Drops what waits, stops what runs. */
  cancel(): void;
  /** Stops without a trace: another host has taken it over. */
  letGo(): void;
  /** Stops one cell; false when it is none of these, or is done. */
  cancelCell(runId: string): boolean;
  /** Called with the run whose cell changed as a whole, or without one when something else did. */
  onCell(listener: (runId: string) => void): () => void;
  /** Resolves when nothing waits, nothing runs, and that is on disk. */
  readonly done: Promise<void>;
}

export interface ComparisonPlan {
  readonly id: string;
  readonly contents: readonly PromptContent[];
  readonly models: readonly string[];
  readonly rows: readonly JsonObject[];
  readonly sampling: Sampling;
  readonly concurrency: number;
  /** US dollars after which what waits is not asked any more; null without a bound. */
  readonly budget: number | null;
  readonly lanes: LanePlan;
  /** Cells that are there already, finished or about to be enqueued, by the id of their run; the comparison's own from now on. */
  readonly cells: Map<string, Cell>;
  /** What all runs of it cost before, also those that others took the place of, US dollars. */
  readonly spent: number;
  /** Whether nobody else may be at it. */
  readonly isSure: () => boolean;
  /** Called once when nothing waits and nothing runs any more; writes how it ended. */
  settle(status: 'finished' | 'cancelled'): Promise<void>;
}

/** Cells that are dropped before others get a turn. */
const droppedAtOnce = 500;
/** How soon a host that is not sure of its lease looks again, milliseconds. */
const lookMs = 100;
/** Summing up takes at most one part in so many of the time. */
const totalsShare = 20;

/** A comparison under way: its cells in memory, its queue, and who listens. */
export function activateComparison(ports: Ports, runner: Runner, plan: ComparisonPlan): ActiveComparison {
  const { cells } = plan;
  const listeners = new Set<(runId: string) => void>();
  const unwritten = createUnwritten(ports.log);
  const work = createCellWork(ports, plan, runner.closing);
  const sumUp = createTotals(cells, plan.models.length);
  const budget = createBudget(plan.budget, plan.spent);
  let status: Comparison['status'] = 'running';
  let queueing = 0;
  let dropping = 0;
  let isLetGo = false;
  let resolveDone: () => void;
  const done = new Promise<void>((resolve) => {
    resolveDone = resolve;
  });

  const isBusy = (): boolean => queueing > 0 || dropping > 0 || !scheduler.idle();

  const finish = createEnding(runner, isBusy, unwritten.settled, async () => {
    // What still waits is taken up by the next host.
    if (isLetGo || (runner.closing.aborted && status === 'running')) return resolveDone();
    const end = status === 'cancelled' ? 'cancelled' : 'finished';
    try {
      await plan.settle(end);
      status = end;
    } catch (error) {
      ports.log.error(`Comparison ${plan.id} could not be closed.`, error);
    }
    resolveDone();
  });

  const update = (cell: Cell): void => {
    cells.set(cell.runId, cell);
    for (const listener of listeners) listener(cell.runId);
  };

  const isCancelled = (): boolean => status === 'cancelled';
  const isWaiting = (runId: string): boolean => cells.get(runId)?.status === 'queued';

  /** Cells that never started; `why` where nobody asked for it. */
  const drop = async (runIds: readonly string[], why: ErrorData | null = null): Promise<void> => {
    const turns = createTurns();
    dropping += 1;
    for (const part of inChunks(runIds, droppedAtOnce)) {
      const patch = { status: 'cancelled', finished_at: ports.clock.now(), error: why && JSON.stringify(why) };
      for (const runId of part) update({ ...cells.get(runId)!, status: 'cancelled', error: why });
      unwritten.keep(Promise.all(part.map((runId) => runner.writer.write(runId, patch))));
      await turns();
    }
    dropping -= 1;
    finish();
  };

  const runCell = async (runId: string): Promise<void> => {
    const cell = cells.get(runId)!;
    const active = runner.active.add(runId, plan.id);
    update({ ...cell, status: 'running' });
    const { result, persisted } = runner.run(active, () => work(cell));
    unwritten.keep(persisted);
    // The place in the queue is free as soon as the model is done; writing goes on behind it.
    const ended = await result;
    update(finishedCell(cell, ended));
    budget.spend(ended.cost);
    if (budget.isSpent()) void drop(scheduler.clear(), spentError(budget));
  };

  const hold = createHold(ports.machine, plan.isSure, runner.closing, () => {
    scheduler.pump();
    // Wakes who watches, to be told of it.
    for (const listener of listeners) listener('');
  });

  const scheduler: LaneScheduler<string> = createLaneScheduler(lanesOf(plan), plan.concurrency, runCell, finish, () =>
    hold.mayAsk(),
  );

  runner.closing.addEventListener('abort', () => void scheduler.clear(), { once: true });

  return {
    id: plan.id,
    cells,
    done,
    status: () => status,
    isHeld: () => hold.isHeld() && !scheduler.idle(),
    isIdle: () => scheduler.idle(),
    totals: sumUp,
    async enqueue(added) {
      status = 'running';
      queueing += 1;
      const ofModel = await sortIn(plan, cells, added, update)
        .finally(() => {
          queueing -= 1;
        })
        .catch((error: unknown) => {
          // Whatever was under way goes on, and ends.
          finish();
          throw error;
        });
      // It may have been cancelled meanwhile, as a whole or cell by cell.
      if (isCancelled() || budget.isSpent())
        return drop(ofModel.flat().filter(isWaiting), isCancelled() ? null : spentError(budget));
      // Model by model within a lane: a local model is loaded once, not once per row.
      for (const [model, runIds] of ofModel.entries())
        for (const runId of runIds) if (isWaiting(runId)) scheduler.add(plan.lanes.laneOfModel[model]!, runId);
      if (runner.closing.aborted) scheduler.clear();
      scheduler.pump();
      finish();
    },
    assertBudget() {
      if (budget.isSpent()) throw new AppError('conflict', budget.sentence());
    },
    cancel() {
      status = 'cancelled';
      const waiting = scheduler.clear();
      for (const run of runsOf(runner, plan.id)) run.controller.abort();
      void drop(waiting);
    },
    letGo() {
      isLetGo = true;
      scheduler.clear();
      for (const run of runsOf(runner, plan.id)) {
        run.isLeft = true;
        run.controller.abort();
        runner.writer.forget(run.id);
      }
      resolveDone();
    },
    cancelCell(runId) {
      const running = cells.has(runId) ? runner.active.get(runId) : undefined;
      if (running) running.controller.abort();
      else if (scheduler.remove(runId) || (queueing > 0 && isWaiting(runId))) void drop([runId]);
      else return false;
      return true;
    },
    onCell(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Calls `end` each time that nothing is under way any more and all of it is on disk; what is returned is to be called whenever it may be so. */
function createEnding(
  runner: Runner,
  isBusy: () => boolean,
  settled: () => Promise<void>,
  end: () => Promise<void>,
): () => void {
  let ending = false;
  const settle = async (): Promise<void> => {
    await settled();
    // Cells may have been run again while the last ones were written.
    ending = !isBusy();
    if (ending) await end();
  };
  return () => {
    if (ending || isBusy()) return;
    ending = true;
    runner.hold(settle());
  };
}

type Cells = Iterable<Cell> | (() => Promise<Iterable<Cell>>);

const runsOf = ({ active }: Runner, id: string) => [...active.all()].filter((run) => run.comparisonId === id);

const spentError = (budget: ReturnType<typeof createBudget>): ErrorData => ({
  code: 'cancelled',
  message: budget.sentence(),
});

/** What is not on disk yet. */
function createUnwritten(log: Ports['log']) {
  const unwritten = new Set<Promise<unknown>>();
  return {
    keep(written: Promise<unknown>): void {
      const settled = written.catch((error: unknown) => log.error('Cells could not be written.', error));
      unwritten.add(settled);
      void settled.then(() => unwritten.delete(settled));
    },
    async settled(): Promise<void> {
      while (unwritten.size > 0) await Promise.all(unwritten);
    },
  };
}

function lanesOf({ lanes, cells }: ComparisonPlan): Lane<string>[] {
  return lanes.lanes.map(({ limit, exclusive }) => ({
    jobs: [],
    limit,
    ...(exclusive && { groupOf: (runId: string) => cells.get(runId)!.model }),
  }));
}

/** What a cell sends; what is the same for many cells is worked out once. */
function createCellWork(ports: Ports, plan: ComparisonPlan, closing: AbortSignal): (cell: Cell) => Promise<RunWork> {
  const includes: IncludeCache = new Map();
  const models = new Map<string, Promise<ResolvedModel>>();
  const samplings = plan.contents.map((content) => mergeSampling(content, plan.sampling));

  const resolve = (id: string): Promise<ResolvedModel> => {
    const known = models.get(id);
    if (known) return known;
    const found = resolveModel(ports, id);
    models.set(id, found);
    // A model that is missing now may be there for the next cell.
    found.catch(() => models.delete(id));
    return found;
  };

  return async ({ prompt, model, row }) => {
    const content = plan.contents[prompt]!;
    const messages = await renderForRun(ports.host, content, plan.rows[row]!, includes);
    return {
      messages,
      content,
      sampling: samplings[prompt]!,
      models: [plan.models[model]!],
      async resolve(id) {
        const found = await resolve(id);
        // The last step before the model is asked: this host may have slept since it took the cell.
        while (!plan.isSure() && !closing.aborted) await pause(lookMs, closing);
        return found;
      },
    };
  };
}

/** Totals that are as old as they may be: the more cells, the longer they are good. */
function createTotals(cells: ReadonlyMap<string, Cell>, models: number): ActiveComparison['totals'] {
  let known: ModelTotals[] = [];
  let goodUntil = 0;
  return (last = false) => {
    const now = performance.now();
    if (now < goodUntil && !last) return known;
    known = computeTotals(cells.values(), models);
    const took = performance.now() - now;
    goodUntil = now + took * totalsShare;
    return known;
  };
}

/** Puts cells at their places and returns their runs by model, in slices: there may be many. */
async function sortIn(
  plan: ComparisonPlan,
  cells: Map<string, Cell>,
  added: Cells,
  update: (cell: Cell) => void,
): Promise<string[][]> {
  const turns = createTurns();
  const place = placesOf(plan);
  const ofModel: string[][] = plan.models.map(() => []);
  const fresh: Cell[] = [];
  for (const cell of typeof added === 'function' ? await added() : added) {
    ofModel[cell.model]!.push(cell.runId);
    if (!cells.has(cell.runId)) fresh.push(cell);
    await turns();
  }
  if (fresh.length > 0) {
    const places = new Set(fresh.map(place));
    for (const cell of cells.values()) {
      if (places.has(place(cell))) cells.delete(cell.runId);
      await turns();
    }
    for (const cell of fresh) update(cell);
  }
  return ofModel;
}

/** A number for each place in the grid. */
const placesOf =
  ({ contents, models }: ComparisonPlan) =>
  (cell: Cell): number =>
    (cell.row * models.length + cell.model) * contents.length + cell.prompt;

function finishedCell(cell: Cell, result: ExecutionResult): Cell {
  const { status, output, finishReason, error, schemaProblems } = result;
  const { inputTokens, outputTokens, cost, ttftMs, latencyMs, tokensPerSecond, generationMs, notes } = result;
  return {
    ...cell,
    status,
    output: output.slice(0, cellOutputLimit),
    outputLength: output.length,
    toolCallCount: result.toolCalls.length,
    finishReason,
    error,
    schemaProblems: schemaProblems && [...schemaProblems],
    inputTokens,
    outputTokens,
    cost,
    ttftMs,
    latencyMs,
    tokensPerSecond,
    generationMs,
    notes: [...notes],
  };
}
