import { expect, test } from 'vitest';
import type { ModelTotals } from '../../../../src-core/contract/comparisons.ts';
import { bestOf } from './best-model.ts';

const totals = (model: number, latencyMs: number | null, cost: number | null, succeeded = 1): ModelTotals => ({
  model,
  latencyMs,
  cost,
  succeeded,
  failed: 0,
  ttftMs: null,
  tokensPerSecond: null,
  inputTokens: 0,
  outputTokens: 0,
  checked: 0,
  kept: 0,
  ends: { cut: 0, filtered: 0, incomplete: 0, other: 0 },
});

test('the fastest and the cheapest may be different models', () => {
  expect(bestOf([totals(0, 10, 2), totals(1, 20, 1)])).toEqual({ fastest: 0, cheapest: 1 });
});

test('a tie, a lone model and a model that only failed win nothing', () => {
  expect(bestOf([totals(0, 10, 0), totals(1, 10, 0)])).toEqual({ fastest: null, cheapest: null });
  expect(bestOf([totals(0, 10, 1)])).toEqual({ fastest: null, cheapest: null });
  expect(bestOf([totals(0, 10, 1), totals(1, 5, null, 0)])).toEqual({ fastest: null, cheapest: null });
});

test('times that differ by no more than chance make no model the fastest', () => {
  expect(bestOf([totals(0, 0.4, 2), totals(1, 1.2, 1)])).toEqual({ fastest: null, cheapest: 1 });
  expect(bestOf([totals(0, 1_000, 0), totals(1, 1_012, 0)]).fastest).toBeNull();
  expect(bestOf([totals(0, 1_000, 0), totals(1, 1_100, 0)]).fastest).toBe(0);
});

test('a model whose answers were filtered or broke off is neither fast nor cheap for that', () => {
  const filtered = { ...totals(0, 5, 0), ends: { cut: 0, filtered: 1, incomplete: 0, other: 0 } };
  expect(bestOf([filtered, totals(1, 500, 1), totals(2, 900, 2)])).toEqual({ fastest: 1, cheapest: 1 });
  expect(bestOf([filtered, totals(1, 500, 1)])).toEqual({ fastest: null, cheapest: null });
});
