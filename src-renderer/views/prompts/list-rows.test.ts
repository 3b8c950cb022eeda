import { expect, test } from 'vitest';
import type { PromptSummary } from '../../../src-core/contract/prompts.ts';
import { flatRows, folderRows, type ListRow } from './list-rows.ts';

const promptOf = (name: string) => ({ id: name, name }) as PromptSummary;
const prompts = ['support/refund/reply', 'zebra', 'support/greeting', 'art/poem', 'apple'].map(promptOf);
const linesOf = (rows: readonly ListRow[]) =>
  rows.map((row) => '  '.repeat(row.depth) + (row.kind === 'folder' ? `${row.name}/ ${row.count}` : row.prompt.name));

test('folders come first by name, prompts in the order they came', () => {
  expect(linesOf(folderRows(prompts, []))).toEqual([
    'art/ 1',
    '  art/poem',
    'support/ 2',
    '  refund/ 1',
    '    support/refund/reply',
    '  support/greeting',
    'zebra',
    'apple',
  ]);
});

test('nothing shows below a closed folder, which still counts it', () => {
  expect(linesOf(folderRows(prompts, ['support/']))).toEqual(['art/ 1', '  art/poem', 'support/ 2', 'zebra', 'apple']);
});

test('a flat list keeps the order', () => {
  expect(linesOf(flatRows(prompts))).toEqual(prompts.map((prompt) => prompt.name));
});
