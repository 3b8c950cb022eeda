import { expect, test } from 'vitest';
import { formatParameters, formatPrice } from './describe-model.ts';

test.each([
  [3_610_000, '3.6 M'],
  [135_000_000, '135 M'],
  [7_241_732_096, '7.2 B'],
  [405_000_000_000, '405 B'],
  [512, '512'],
])('%i weights are %s', (count, words) => {
  expect(formatParameters(count)).toBe(words);
});

test('a price of nothing is free, and an unknown price is not', () => {
  expect(formatPrice({ inputPerMillion: 2.5, outputPerMillion: 10 })).toBe('$2.5 in · $10 out');
  expect(formatPrice({ inputPerMillion: 0, outputPerMillion: 0 })).toBe('free');
  expect(formatPrice(null)).toBe('no price set');
});
