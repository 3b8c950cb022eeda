import type { Cell, ModelTotals } from '../contract/comparisons.ts';
import { countEnds } from '../runs/finish-reason.ts';
import { speedOfAll } from '../runs/speed.ts';

type Counted = Pick<
  Cell,
  | 'model'
  | 'status'
  | 'latencyMs'
  | 'ttftMs'
  | 'tokensPerSecond'
  | 'generationMs'
  | 'inputTokens'
  | 'outputTokens'
  | 'cost'
  | 'schemaProblems'
  | 'finishReason'
>;

/** Totals per model over the cells that succeeded; a cost is known only when every one of them has one. */
export function computeTotals(cells: Iterable<Counted>, models: number): ModelTotals[] {
  const groups: Counted[][] = Array.from({ length: models }, () => []);
  for (const cell of cells) groups[cell.model]?.push(cell);
  return groups.map((group, model) => totalsOf(group, model));
}

function totalsOf(cells: readonly Counted[], model: number): ModelTotals {
  const succeeded = cells.filter((cell) => cell.status === 'succeeded');
  const checks = succeeded.map((cell) => cell.schemaProblems).filter((problems) => problems !== null);
  const costs = succeeded.map((cell) => cell.cost);
  return {
    model,
    succeeded: succeeded.length,
    failed: cells.filter((cell) => cell.status === 'failed').length,
    latencyMs: average(succeeded.map((cell) => cell.latencyMs)),
    ttftMs: average(succeeded.map((cell) => cell.ttftMs)),
    tokensPerSecond: speedOfAll(succeeded),
    inputTokens: sumOfKnown(succeeded.map((cell) => cell.inputTokens)),
    outputTokens: sumOfKnown(succeeded.map((cell) => cell.outputTokens)),
    cost: costs.length > 0 && costs.every((cost) => cost !== null) ? sum(costs) : null,
    checked: checks.length,
    kept: checks.filter((problems) => problems.length === 0).length,
    ends: countEnds(succeeded.map((cell) => cell.finishReason)),
  };
}

function average(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known) / known.length;
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
