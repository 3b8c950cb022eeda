import { describe, expect, test } from 'vitest';
import { spreadsheetText } from './spreadsheet-text.ts';

describe('a text in a spreadsheet', () => {
  test.each([
    '=HYPERLINK("http://evil","x")',
    '=HYPERLINK("http://evil","x")\nmore',
    '=1\r\n',
    '+cmd|x',
    '-cmd|x',
    '@SUM(1)',
    '-1+1',
    '＝1+1',
    '＋1+1',
    '－1+1x',
    '＠SUM(1)',
    ' =1',
    '\u00a0=1',
    '\t=1',
    '\r=1',
    '\n=1',
    '"=1',
    "'=1",
    '" =1"',
    '\u200b=1',
    '\ufeff=1',
    '\u202e=1',
    '\u0000=1',
    '\tplain',
    '\rplain',
    '\nplain',
  ])('cannot begin a formula: %j', (text) => {
    expect(spreadsheetText(text)).toBe(`'${text}`);
  });

  test.each(['', 'plain', 'a = b', '-5', '+49', '-1.5e-3', '3', ' 7', 'x\n=1', '名前', "it's"])(
    'stays as it is: %j',
    (text) => {
      expect(spreadsheetText(text)).toBe(text);
    },
  );
});
