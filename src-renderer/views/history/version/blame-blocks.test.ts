import { expect, test } from 'vitest';
import { blameBlocks } from './blame-blocks.ts';

const line = (versionNumber: number, confirmed = true) => ({
  versionId: `${versionNumber} ${confirmed}`,
  versionNumber,
  confirmed,
  author: 'Ada',
  at: '2026-11-21T10:00:00.000Z',
});

test('neighbouring lines of one version are one block', () => {
  const blocks = blameBlocks([line(1), line(1), line(3), line(1)]);
  expect(blocks.map(({ start, end, versionNumber }) => [start, end, versionNumber])).toEqual([
    [0, 2, 1],
    [2, 3, 3],
    [3, 4, 1],
  ]);
});

test('a version that is not numbered yet is a block of its own beside the one that has its number', () => {
  expect(blameBlocks([line(7), line(7, false)]).map(({ confirmed }) => confirmed)).toEqual([true, false]);
});

test('a text without lines has no blocks', () => {
  expect(blameBlocks([])).toEqual([]);
});
