import { expect, test } from 'vitest';
import { computeTotals } from './totals.ts';

const cell = {
  status: 'succeeded',
  ttftMs: 10,
  latencyMs: 100,
  tokensPerSecond: 50,
  inputTokens: 5,
  outputTokens: 20,
  cost: 0.5,
  schemaProblems: null,
} as const;

test('averages times and sums tokens and cost of each model, over cells that succeeded', () => {
  const [first, second] = computeTotals(
    [
      { ...cell, model: 0 },
      { ...cell, model: 0, latencyMs: 300, cost: 1 },
      { ...cell, model: 0, status: 'failed', latencyMs: 9_999, cost: null },
      { ...cell, model: 1, status: 'failed' },
    ],
    2,
  );
  expect(first).toEqual({
    model: 0,
    succeeded: 2,
    failed: 1,
    latencyMs: 200,
    ttftMs: 10,
    tokensPerSecond: 50,
    inputTokens: 10,
    outputTokens: 40,
    cost: 1.5,
    checked: 0,
    kept: 0,
  });
  expect(second).toMatchObject({ model: 1, succeeded: 0, failed: 1, latencyMs: null, cost: null, outputTokens: 0 });
});

test('counts the answers that keep to their schema among those that were checked', () => {
  const cells = [[], ['city must be of type "string", not "number".'], [], null].map((schemaProblems) => ({
    ...cell,
    model: 0,
    schemaProblems,
  }));
  expect(computeTotals(cells, 1)[0]).toMatchObject({ succeeded: 4, checked: 3, kept: 2 });
});

test('does not call a sum of known and unknown costs a cost', () => {
  expect(
    computeTotals(
      [
        { ...cell, model: 0 },
        { ...cell, model: 0, cost: null },
      ],
      1,
    )[0]?.cost,
  ).toBeNull();
});
