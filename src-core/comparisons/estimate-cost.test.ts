import { expect, test } from 'vitest';
import { contentSchema } from '../contract/content.ts';
import { estimateCost } from './estimate-cost.ts';

const prompt = contentSchema.parse({ messages: [{ role: 'user', content: 'x'.repeat(400) }] });

test('the estimate is input at four characters a token plus answers at their bound, over every row', () => {
  const price = { inputPerMillion: 1, outputPerMillion: 2 };
  const { dollars } = estimateCost([prompt], [price], [{}, {}], 50);
  expect(dollars).toBeCloseTo((2 * 100 * 1 + 2 * 50 * 2) / 1_000_000, 12);
});

test('input values count as tokens too', () => {
  const price = { inputPerMillion: 1, outputPerMillion: 0 };
  const { dollars } = estimateCost([prompt], [price], [{ text: 'y'.repeat(40) }], 1);
  expect(dollars).toBeCloseTo(110 / 1_000_000, 12);
});

test('models without a price are counted and not guessed', () => {
  expect(estimateCost([prompt], [null, { inputPerMillion: 0, outputPerMillion: 0 }], [{}], 1)).toEqual({
    dollars: 0,
    unpriced: 1,
  });
  expect(estimateCost([prompt], [null], [{}], 1)).toEqual({ dollars: null, unpriced: 1 });
});
