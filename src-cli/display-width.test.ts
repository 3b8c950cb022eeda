import { expect, test } from 'vitest';
import { displayWidth } from './display-width.ts';
import { formatTable } from './output.ts';

test.each([
  ['abc', 3],
  ['prénom', 6],
  ['e\u0301', 1],
  ['名前', 4],
  ['ｆｕｌｌ', 8],
  ['한국어', 6],
  ['สวัสดี', 4],
  ['😀', 2],
])('%s takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('a table is straight with wide characters, and a line end in a cell makes no row', () => {
  const table = formatTable(
    ['NAME', 'NOTE'],
    [
      ['名前', 'one\nprod  v9'],
      ['ab', '\u001B[2Jtwo'],
    ],
  );
  expect(table.split('\n')).toEqual(['NAME  NOTE', '名前  one prod  v9', 'ab    <U+001B>[2Jtwo']);
});
