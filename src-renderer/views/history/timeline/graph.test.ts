import { expect, test } from 'vitest';
import { laneCount, layoutGraph } from './graph.ts';

const node = (id: string, ...parents: string[]) => ({ id, parents });

test('a straight history stays on one lane', () => {
  const rows = layoutGraph([node('3', '2'), node('2', '1'), node('1')]);
  expect(rows.map(({ lane }) => lane)).toEqual([0, 0, 0]);
  expect(rows[0]).toEqual({ lane: 0, above: [], below: [{ from: 0, to: 0 }] });
  expect(rows[2]).toEqual({ lane: 0, above: [{ from: 0, to: 0 }], below: [] });
  expect(laneCount(rows)).toBe(1);
});

test('versions edited from an old one stand beside each other until they meet', () => {
  const rows = layoutGraph([node('3', '1'), node('2', '1'), node('1')]);
  expect(rows.map(({ lane }) => lane)).toEqual([0, 1, 0]);
  expect(rows[2]?.above).toEqual([
    { from: 0, to: 0 },
    { from: 1, to: 0 },
  ]);
  expect(laneCount(rows)).toBe(2);
});

test('a merge leads to both of its parents', () => {
  const rows = layoutGraph([node('4', '3', '2'), node('3', '1'), node('2', '1'), node('1')]);
  expect(rows[0]?.below).toEqual([
    { from: 0, to: 0 },
    { from: 0, to: 1 },
  ]);
  expect(rows.map(({ lane }) => lane)).toEqual([0, 0, 1, 0]);
});

test('the lane of a branch that ended is used again', () => {
  const rows = layoutGraph([
    node('5', '4'),
    node('4', '3', '2'),
    node('3', '1'),
    node('2', '1'),
    node('1', '0'),
    node('0'),
  ]);
  expect(rows.at(-1)?.lane).toBe(0);
  expect(laneCount(rows)).toBe(2);
});

test('a parent that is not on the page leaves its line open', () => {
  const rows = layoutGraph([node('9', '8')]);
  expect(rows[0]?.below).toEqual([{ from: 0, to: 0 }]);
});
