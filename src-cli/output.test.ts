import { expect, test } from 'vitest';
import { formatCost, formatSpeed } from './output.ts';

test.each([
  [null, '–'],
  [0, '$0'],
  [0.0123, '$0.012'],
  [0.00000012, '$0.00000012'],
  [0.1, '$0.10'],
  [1, '$1.00'],
  [123.456, '$123.46'],
])('a cost of %s dollars is written as %s, never as a power of ten', (cost, text) => {
  expect(formatCost(cost)).toBe(text);
});

test.each([
  [null, '–'],
  [0.42, '0.4'],
  [9.96, '10'],
  [34.2, '34'],
])('a speed of %s is written as %s, so that a slow model makes more than none', (speed, text) => {
  expect(formatSpeed(speed)).toBe(text);
});
