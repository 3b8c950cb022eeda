import { expect, test } from 'vitest';
import { computeTotals } from './totals.ts';

const cell = {
  status: 'succeeded',
  ttftMs: 10,
  latencyMs: 100,
  tokensPerSecond: 50,
  generationMs: 380,
  finishReason: 'stop',
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
    ends: { cut: 0, filtered: 0, incomplete: 0, other: 0 },
  });
  expect(second).toMatchObject({ model: 1, succeeded: 0, failed: 1, latencyMs: null, cost: null, outputTokens: null });
});

test('tokens that nobody counted are no number, and those that somebody did are summed up', () => {
  const uncounted = { ...cell, model: 0, inputTokens: null, outputTokens: null };
  expect(computeTotals([uncounted, uncounted], 1)[0]).toMatchObject({ inputTokens: null, outputTokens: null });
  const half = { ...uncounted, inputTokens: 7 };
  expect(computeTotals([uncounted, half], 1)[0]).toMatchObject({ inputTokens: 7, outputTokens: null });
  const none = { ...uncounted, inputTokens: 0, outputTokens: 0 };
  expect(computeTotals([none], 1)[0]).toMatchObject({ inputTokens: 0, outputTokens: 0 });
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

test('a speed is tokens over time, and none where no answer can be measured', () => {
  const slow = { ...cell, model: 0, tokensPerSecond: 100, generationMs: 3_000 };
  const quick = { ...cell, model: 0, tokensPerSecond: 500, generationMs: 1_000 };
  const tooShort = { ...cell, model: 0, tokensPerSecond: 408_592, generationMs: 0.2 };
  expect(computeTotals([slow, quick, tooShort], 1)[0]?.tokensPerSecond).toBe(200);
  expect(computeTotals([tooShort, { ...slow, tokensPerSecond: null, generationMs: null }], 1)[0]).toMatchObject({
    succeeded: 2,
    tokensPerSecond: null,
  });
});

test('counts the answers that are cut, filtered, incomplete or ended with a word that nobody knows', () => {
  const cells = ['length', 'length', 'content_filter', 'incomplete', 'abort', 'stop', null].map((finishReason) => ({
    ...cell,
    model: 0,
    finishReason,
  }));
  expect(computeTotals(cells, 1)[0]?.ends).toEqual({ cut: 2, filtered: 1, incomplete: 1, other: 1 });
});
