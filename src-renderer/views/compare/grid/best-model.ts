import type { ModelTotals } from '../../../../src-core/contract/comparisons.ts';

/** Times that differ by less are equal: they vary that much from run to run. */
const chance = { milliseconds: 10, share: 0.03 };

/**
 * Indices of the fastest and the cheapest model; null for fewer than two models, a tie, or times that differ by no more
 * than chance. Models with filtered or cut answers do not count, because shorter answers are faster and cheaper.
 */
export function bestOf(totals: readonly ModelTotals[]): {
  readonly fastest: number | null;
  readonly cheapest: number | null;
} {
  return {
    fastest: leastOf(totals, 'latencyMs', (slower) => Math.max(chance.milliseconds, slower * chance.share)),
    cheapest: leastOf(totals, 'cost', () => 0),
  };
}

function leastOf(
  totals: readonly ModelTotals[],
  key: 'latencyMs' | 'cost',
  leastGap: (second: number) => number,
): number | null {
  const known = totals
    .flatMap(({ succeeded, ends, model, [key]: value }) =>
      succeeded > 0 && ends.filtered + ends.incomplete + ends.other === 0 && value !== null ? [{ model, value }] : [],
    )
    .sort((a, b) => a.value - b.value);
  const [first, second] = known;
  if (first === undefined || second === undefined) return null;
  const gap = second.value - first.value;
  return gap > 0 && gap >= leastGap(second.value) ? first.model : null;
}
