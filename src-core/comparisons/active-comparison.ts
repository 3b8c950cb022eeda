import type { Cell, ModelTotals } from '../contract/comparisons.ts';
import type { PromptContent, Sampling } from '../contract/content.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { Core } from '../core.ts';
import { type ResolvedModel, resolveModel } from '../models/resolve-model.ts';
import type { ExecutionResult } from '../runs/execute-run.ts';
import { type Runner, renderForRun } from '../runs/runner.ts';
import { mergeSampling } from '../runs/runs-service.ts';
import type { IncludeCache } from '../templates/with-includes.ts';
import { cellOutputLimit } from './comparison-rows.ts';
import { createLaneScheduler, type LaneScheduler } from './lanes.ts';
import type { LanePlan } from './plan-lanes.ts';
import { computeTotals } from './totals.ts';

export interface ActiveComparison {
  readonly id: string;
  /** Cells by the id of their run. */
  readonly cells: ReadonlyMap<string, Cell>;
  totals(): ModelTotals[];
  /** Puts cells into the queue; one at a taken place replaces what is there. */
  enqueue(cells: readonly Cell[]): void;
  /** Drops what waits, stops what runs. */
  cancel(): void;
  /** Stops one cell; false when it is none of these, or is done. */
  cancelCell(runId: string): boolean;
  /** Called with the run whose cell changed as a whole. */
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
  readonly lanes: LanePlan;
  /** Cells that are there already, finished or about to be enqueued. */
  readonly cells: readonly Cell[];
  /** Called once when nothing waits and nothing runs any more. */
  settle(): Promise<void>;
}

/** A comparison under way: its cells in memory, its queue, and who listens. */
export function activateComparison(core: Core, runner: Runner, plan: ComparisonPlan): ActiveComparison {
  const cells = new Map(plan.cells.map((cell) => [cell.runId, cell]));
  const listeners = new Set<(runId: string) => void>();
  const includes: IncludeCache = new Map();
  const unwritten = new Set<Promise<void>>();
  const models = new Map<string, Promise<ResolvedModel>>();
  let resolveDone: () => void;
  const done = new Promise<void>((resolve) => {
    resolveDone = resolve;
  });
  let finishing = false;
  const finish = (): void => {
    if (finishing || !scheduler.idle()) return;
    finishing = true;
    Promise.all(unwritten)
      .then(plan.settle)
      .catch((error: unknown) => core.log.error(`Comparison ${plan.id} could not be closed.`, error))
      .finally(resolveDone);
  };

  const update = (cell: Cell): void => {
    cells.set(cell.runId, cell);
    for (const listener of listeners) listener(cell.runId);
  };

  /** A cell that never started. */
  const drop = (runId: string): void => {
    update({ ...cells.get(runId)!, status: 'cancelled' });
    const written = runner.writer
      .write(runId, { status: 'cancelled', finished_at: core.clock.now() })
      .catch((error: unknown) => core.log.error(`Cell ${runId} could not be cancelled on disk.`, error));
    unwritten.add(written);
    void written.then(() => unwritten.delete(written));
  };

  const runCell = async (runId: string): Promise<void> => {
    const cell = cells.get(runId)!;
    const model = plan.models[cell.model]!;
    const content = plan.contents[cell.prompt]!;
    const inputs = plan.rows[cell.row]!;
    const active = runner.active.add(runId, plan.id);
    update({ ...cell, status: 'running' });
    const { result, persisted } = runner.run(active, async () => ({
      messages: await renderForRun(core, content, inputs, includes),
      content,
      sampling: mergeSampling(content, plan.sampling),
      models: [model],
      resolve,
    }));
    unwritten.add(persisted);
    void persisted.then(() => unwritten.delete(persisted));
    // The place in the queue is free as soon as the model is done; writing goes on behind it.
    update(finishedCell(cell, await result));
  };

  const resolve = (id: string): Promise<ResolvedModel> => {
    const known = models.get(id) ?? resolveModel(core, id);
    models.set(id, known);
    // The next cell tries again: an endpoint that was mended meanwhile answers.
    known.catch(() => models.delete(id));
    return known;
  };

  const scheduler: LaneScheduler<string> = createLaneScheduler(
    plan.lanes.lanes.map(({ limit, exclusive }) => ({
      jobs: [],
      limit,
      ...(exclusive && { groupOf: (runId: string) => cells.get(runId)!.model }),
    })),
    plan.concurrency,
    runCell,
    finish,
  );

  return {
    id: plan.id,
    cells,
    done,
    totals: () => computeTotals(cells.values(), plan.models.length),
    enqueue(added) {
      const places = new Set(added.map(placeOf));
      for (const cell of cells.values()) if (places.has(placeOf(cell))) cells.delete(cell.runId);
      // Model by model within a lane: a local model is loaded once, not once per row.
      const ordered = [...added].sort((a, b) => a.model - b.model || a.row - b.row || a.prompt - b.prompt);
      for (const cell of ordered) {
        update(cell);
        scheduler.add(plan.lanes.laneOfModel[cell.model]!, cell.runId);
      }
      scheduler.pump();
      finish();
    },
    cancel() {
      for (const runId of scheduler.clear()) drop(runId);
      for (const runId of cells.keys()) runner.active.get(runId)?.controller.abort();
      finish();
    },
    cancelCell(runId) {
      const running = cells.has(runId) ? runner.active.get(runId) : undefined;
      if (running) running.controller.abort();
      else if (scheduler.remove(runId)) drop(runId);
      else return false;
      finish();
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

function placeOf(cell: Cell): string {
  return `${cell.prompt}/${cell.model}/${cell.row}`;
}

function finishedCell(cell: Cell, result: ExecutionResult): Cell {
  const { status, output, finishReason, error, schemaProblems } = result;
  const { inputTokens, outputTokens, cost, ttftMs, latencyMs, tokensPerSecond, generationMs, notes } = result;
  return {
    ...cell,
    status,
    output: output.slice(0, cellOutputLimit),
    outputLength: output.length,
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
