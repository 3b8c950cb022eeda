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
});

test('the fastest and the cheapest may be different models', () => {
  expect(bestOf([totals(0, 10, 2), totals(1, 20, 1)])).toEqual({ fastest: 0, cheapest: 1 });
});

test('a tie, a lone model and a model that only failed win nothing', () => {
  expect(bestOf([totals(0, 10, 0), totals(1, 10, 0)])).toEqual({ fastest: null, cheapest: null });
  expect(bestOf([totals(0, 10, 1)])).toEqual({ fastest: null, cheapest: null });
  expect(bestOf([totals(0, 10, 1), totals(1, 5, null, 0)])).toEqual({ fastest: null, cheapest: null });
});
