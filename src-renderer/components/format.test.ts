import { expect, test } from 'vitest';
import { formatAgo, formatBytes, formatCost, formatDuration, formatNumber } from './format.ts';

test('sizes have at most one decimal and the right unit', () => {
  expect([0, 999, 1_000, 7_320_000, 123_400_000, 4_000_000_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 KB',
    '7.3 MB',
    '123 MB',
    '4.0 GB',
  ]);
});

test('durations read like those of a stopwatch', () => {
  expect([84.4, 2_400, 12_345, 185_000].map(formatDuration)).toEqual(['84 ms', '2.40 s', '12.3 s', '3 min 5 s']);
});

test('costs keep the digits that matter', () => {
  expect([0, 0.000_42, 0.0123, 12.5].map(formatCost)).toEqual(['$0', '$0.00042', '$0.0123', '$12.50']);
});

test('numbers have separators, and decimals only while small', () => {
  expect([48.52, 1_231.4].map(formatNumber)).toEqual(['48.5', '1,231']);
});

test('times are told from now, and never in the future', () => {
  const now = Date.parse('2026-11-21T12:00:00.000Z');
  expect(formatAgo('2026-11-21T12:00:05.000Z', now)).toBe('just now');
  expect(formatAgo('2026-11-21T11:56:00.000Z', now)).toBe('4 min ago');
  expect(formatAgo('2026-11-21T09:00:00.000Z', now)).toBe('3 h ago');
  expect(formatAgo('2026-11-01T09:00:00.000Z', now)).toMatch(/2026/);
});
