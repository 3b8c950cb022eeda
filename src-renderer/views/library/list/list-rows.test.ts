import { expect, test } from 'vitest';
import type { PromptSummary } from '../../../../src-core/contract/prompts.ts';
import { flatRows, folderRows, type ListRow } from './list-rows.ts';

const promptOf = (name: string) => ({ id: name, name }) as PromptSummary;
const folders = [
  { folder: '', prompts: 5, direct: 2 },
  { folder: 'art', prompts: 1, direct: 1 },
  { folder: 'support', prompts: 2, direct: 1 },
  { folder: 'support/refund', prompts: 1, direct: 1 },
];
const read: Readonly<Record<string, readonly string[]>> = {
  '': ['apple'],
  art: ['art/poem'],
  support: ['support/greeting'],
  'support/refund': ['support/refund/reply'],
};
const promptAt = (folder: string, index: number) => {
  const name = read[folder]?.[index];
  return name === undefined ? undefined : promptOf(name);
};
const lineOf = (row: ListRow): string => {
  if (row.kind === 'folder') return `${row.name}/ ${row.count}`;
  return row.kind === 'prompt' ? row.prompt.name : `not read: ${row.folder}#${row.index}`;
};
const linesOf = (rows: readonly ListRow[]) => rows.map((row) => '  '.repeat(row.depth) + lineOf(row));

test('folders come first by name, then the prompts beside them, with a place for each that is not read yet', () => {
  expect(linesOf(folderRows(folders, [], promptAt))).toEqual([
    'art/ 1',
    '  art/poem',
    'support/ 2',
    '  refund/ 1',
    '    support/refund/reply',
    '  support/greeting',
    'apple',
    'not read: #1',
  ]);
});

test('nothing shows below a closed folder, which still counts it', () => {
  expect(linesOf(folderRows(folders, ['support/'], promptAt))).toEqual([
    'art/ 1',
    '  art/poem',
    'support/ 2',
    'apple',
    'not read: #1',
  ]);
});

test('a flat list keeps the order', () => {
  const prompts = ['zebra', 'art/poem', 'apple'].map(promptOf);
  expect(linesOf(flatRows(prompts))).toEqual(['zebra', 'art/poem', 'apple']);
});
