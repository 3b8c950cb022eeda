import { describe, expect, test } from 'vitest';
import type { ImportedPrompt } from '../imported.ts';
import { createLosses } from '../losses.ts';
import { detectedAs, lossLines, readFiles, refusalOf } from '../testing/read-and-write.ts';
import { jsonRows } from './json-rows.ts';
import { table } from './table.ts';

async function rowsOf(name: string, text: string) {
  const { data } = await readFiles({ [name]: text });
  return data!;
}

describe('tables', () => {
  test('are separated by comma, semicolon, tab, bar, or what a first line says', async () => {
    const wanted = { columns: ['a', 'b'], rows: [{ a: '1', b: 'x, y' }] };
    expect(await rowsOf('t.csv', 'a,b\n1,"x, y"\n')).toEqual({ ...wanted, delimiter: ',' });
    expect(await rowsOf('t.csv', 'a;b\r\n1;x, y\r\n')).toEqual({ ...wanted, delimiter: ';' });
    expect(await rowsOf('t.csv', 'a\tb\r1\tx, y\r')).toEqual({ ...wanted, delimiter: '\t' });
    expect(await rowsOf('t.csv', 'a|b\n1|x, y')).toEqual({ ...wanted, delimiter: '|' });
    expect(await rowsOf('t.csv', 'sep=^\na^b\n1^x, y')).toEqual({ ...wanted, delimiter: '^' });
    expect(await rowsOf('t.tsv', 'a\tb\n1\tx, y')).toEqual({ ...wanted, delimiter: '\t' });
  });

  test('keep every value as text: zeros, dates, formulas, blanks and line ends in quotes', async () => {
    const data = await rowsOf(
      't.csv',
      'id,when,sum,text\n007,2024-01-02,=1+1," two\nlines ""q"" "\n1e3,,TRUE,日本語 👩‍👩‍👧\n',
    );
    expect(data.rows).toEqual([
      { id: '007', when: '2024-01-02', sum: '=1+1', text: ' two\nlines "q" ' },
      { id: '1e3', when: '', sum: 'TRUE', text: '日本語 👩‍👩‍👧' },
    ]);
  });

  test('with uneven rows keep what they have and tell the rest', async () => {
    const imported = await readFiles({ 't.csv': 'a,b,c\n1,2\n\n,,\n1,2,3,4\n1,2,3,,\n' });
    expect(imported.data!.rows).toEqual([
      { a: '1', b: '2' },
      { a: '1', b: '2', c: '3' },
      { a: '1', b: '2', c: '3' },
    ]);
    expect(lossLines(imported)).toEqual(['dropped value line 5']);
    expect(imported.problems).toEqual([{ message: 'The row has 4 values for 3 columns.', line: 5 }]);
  });

  test('with columns of no name, the same name or a dangerous one get names', async () => {
    const imported = await readFiles({ 't.csv': ',a,a,__proto__,größe,\n1,2,3,4,5,\n' });
    expect(imported.data!.columns).toEqual(['column_1', 'a', 'a_2', 'column_4', 'größe']);
    expect(Object.keys(imported.data!.rows[0]!)).toHaveLength(5);
    expect(lossLines(imported)).toEqual([
      'approximated column-renamed column 1',
      'approximated column-renamed column 3',
      'approximated column-renamed column 4',
    ]);
  });

  test('of one column take every line whole', async () => {
    const data = await rowsOf('t.csv', 'question\nHello, you\n"quoted, ""yes"""\n\nWhat?\n');
    expect(data.rows.map(({ question }) => question)).toEqual(['Hello, you', 'quoted, "yes"', 'What?']);
  });

  test('with an open quote are read and told', async () => {
    const imported = await readFiles({ 't.csv': 'a,b\n1,"never closed\n2,3\n' });
    expect(imported.problems).toEqual([{ message: 'It opens a double quote that is never closed.', line: 2 }]);
    expect(lossLines(imported)).toEqual(['approximated row line 2']);
  });

  test('with only a first line have no rows; an empty one and a zipped one are refused', async () => {
    expect(await rowsOf('t.csv', 'a,b\n')).toEqual({ columns: ['a', 'b'], rows: [], delimiter: ',' });
    expect(await refusalOf({ 't.csv': '\n' }, 'csv')).toEqual({
      message: 't.csv is empty: its first line must name the columns.',
      reason: 'empty',
    });
    expect(await refusalOf({ 't.csv': 'PK\u0003\u0004\u0000' }, 'csv')).toMatchObject({ reason: 'zip-not-csv' });
  });

  test('in an encoding that was guessed say so', async () => {
    expect(lossLines(await readFiles({ 't.csv': 'a\nZoë' }, { encoding: 'macintosh' }))).toEqual([
      'approximated encoding',
    ]);
    expect(lossLines(await readFiles({ 't.csv': 'a\nZoë' }, { encoding: 'utf-16le' }))).toEqual([]);
  });

  test('of a hundred thousand rows take no time in proportion to their square', async () => {
    const text = `a,b\n${'1,"two ""three"""\n'.repeat(100_000)}`;
    const started = performance.now();
    expect((await rowsOf('t.csv', text)).rows).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('rows of JSON', () => {
  test('are a list, a list under a name, or one a line', async () => {
    const wanted = { columns: ['q', 'n'], rows: [{ q: 'a', n: 1 }, { q: 'b' }], delimiter: null };
    expect(await rowsOf('r.json', '[{"q":"a","n":1},{"q":"b"}]')).toEqual(wanted);
    expect(await rowsOf('r.json', '{"meta": 1, "rows": [{"q":"a","n":1},{"q":"b"}]}')).toEqual(wanted);
    expect(await rowsOf('r.jsonl', '{"q":"a","n":1}\r\n\r\n{"q":"b"}')).toEqual(wanted);
    expect(await rowsOf('r.ndjson', '{"q":"a","n":1}')).toEqual({
      columns: ['q', 'n'],
      rows: [{ q: 'a', n: 1 }],
      delimiter: null,
    });
  });

  test('lose bad lines and what is no object, and are refused where nothing is left', async () => {
    const imported = await readFiles({ 'r.jsonl': '{"q":1}\n[1]\n{"q"\n5\n{"q":{"__proto__":1},"__proto__":2}\n' });
    expect(imported.data!.columns).toEqual(['q']);
    expect(imported.data!.rows).toHaveLength(2);
    expect(lossLines(imported).toSorted()).toEqual([
      'dropped row line 2',
      'dropped row line 3',
      'dropped row line 4',
      'dropped value __proto__',
    ]);
    expect(await refusalOf({ 'r.jsonl': '[1]\n[2]\n' }, 'jsonl')).toEqual({
      message: 'r.jsonl has no rows: it must be a list of objects, or one object a line.',
      reason: 'no-rows',
    });
    expect(await refusalOf({ 'r.json': '[1, 2]' }, 'json')).toMatchObject({ reason: 'no-rows' });
  });
});

test('text is no table, and a pasted table needs its tabs', () => {
  expect(detectedAs('x.md', 'a,b\n1,2\n3,4\n')).toBe('markdown');
  expect(detectedAs('x.txt', 'Dear all,\nthanks, and bye,\nme\n')).toBeNull();
  expect(detectedAs('pasted', 'a\tb\n1\t2\n3\t4\n')).toBe('tsv');
});

test('written rows are read again, and no spreadsheet runs them', async () => {
  const inputs = { text: 'a "b",\n c', zero: '007', empty: '', sum: '=1+1', list: ['x'], n: -1 };
  const prompt = {
    name: 'desk/ask',
    content: {
      samples: [
        { name: 'x', inputs },
        { name: 'y', inputs: { text: ' z' } },
      ],
    },
  } as unknown as ImportedPrompt;
  const losses = createLosses();
  const [csv] = table.write!([prompt], losses);
  expect(csv!.path).toBe('desk/ask.csv');
  expect((await rowsOf('x.csv', csv!.text)).rows).toEqual([
    { text: 'a "b",\n c', zero: '007', empty: '', sum: "'=1+1", list: '["x"]', n: '-1' },
    { text: ' z', zero: '', empty: '', sum: '', list: '', n: '' },
  ]);
  const [lines] = jsonRows.write!([prompt], losses);
  expect((await rowsOf('x.jsonl', lines!.text)).rows).toEqual([inputs, { text: ' z' }]);
  expect(losses.all()).toHaveLength(1);
});
