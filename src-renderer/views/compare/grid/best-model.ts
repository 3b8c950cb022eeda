import type { ModelTotals } from '../../../../src-core/contract/comparisons.ts';

/** Indices of the models that answer fastest and cost least; null where there is no winner: fewer than two, or a tie. */
export function bestOf(totals: readonly ModelTotals[]): {
  readonly fastest: number | null;
  readonly cheapest: number | null;
} {
  return { fastest: leastOf(totals, 'latencyMs'), cheapest: leastOf(totals, 'cost') };
}

function leastOf(totals: readonly ModelTotals[], key: 'latencyMs' | 'cost'): number | null {
  const known = totals
    .filter((one) => one.succeeded > 0 && one[key] !== null)
    .sort((a, b) => (a[key] ?? 0) - (b[key] ?? 0));
  const [first, second] = known;
  if (first === undefined || second === undefined || first[key] === second[key]) return null;
  return first.model;
}
