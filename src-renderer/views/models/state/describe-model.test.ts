import { expect, test } from 'vitest';
import { formatParameters, formatPrice, priceOrigin } from './describe-model.ts';

test.each([
  [3_610_000, '3.6 M'],
  [135_000_000, '135 M'],
  [7_241_732_096, '7.2 B'],
  [405_000_000_000, '405 B'],
  [512, '512'],
])('%i weights are %s', (count, words) => {
  expect(formatParameters(count)).toBe(words);
});

test('a price says where it comes from when that is known', () => {
  const price = { inputPerMillion: 0.075, outputPerMillion: 0.3 };
  expect(formatPrice(price)).toBe('$0.075 in · $0.30 out');
  expect(priceOrigin(price)).toBeNull();
  expect(priceOrigin({ ...price, source: 'endpoint', asOf: '2026-11-21' })).toBe(
    'As the endpoint stated on 2026-11-21',
  );
});

test('a price of nothing is free, and an unknown price is not', () => {
  expect(formatPrice({ inputPerMillion: 2.5, outputPerMillion: 10 })).toBe('$2.50 in · $10 out');
  expect(formatPrice({ inputPerMillion: 0, outputPerMillion: 0 })).toBe('free');
  expect(formatPrice(null)).toBe('no price set');
});
