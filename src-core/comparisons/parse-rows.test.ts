import { describe, expect, test } from 'vitest';
import { type InputDeclaration, inputSchema } from '../contract/content.ts';
import { detectRowFormat, parseRows } from './parse-rows.ts';

const input = (name: string, more: Partial<InputDeclaration> = {}) =>
  inputSchema.parse({ name, type: 'string', ...more });
const name = input('name');
const age = input('age', { type: 'number', required: false });
const vip = input('vip', { type: 'boolean', required: false });
const valuesOf = (text: string, inputs: readonly InputDeclaration[]) =>
  parseRows(text, inputs).rows.map(({ values }) => values);
const messagesOf = (text: string, inputs: readonly InputDeclaration[]) => {
  const { problems, rows } = parseRows(text, inputs);
  return [...problems, ...rows.flatMap((row) => row.problems)].map(({ message }) => message);
};

describe('the format is recognised', () => {
  test.each([
    ['[{"a":1}]', 'json'],
    ['{"a":1}', 'json'],
    ['{\n  "a": 1\n}', 'json'],
    ['{"a":1}\n{"a":2}\n', 'jsonl'],
    ['a,b\n1,2', 'csv'],
    ['- {a: 1}\n- {a: 2}', 'yaml'],
    ['# rows\n- a: 1\n  b: 2\n', 'yaml'],
    ['---\n- name: Ada\n', 'yaml'],
    ['- a,b\n1,2', 'csv'],
    ['- \n- x', 'csv'],
  ])('%j is %s', (text, format) => {
    expect(detectRowFormat(text)).toBe(format);
  });
});

describe('columns are inputs in whichever spelling', () => {
  const inputs = [input('prénom'), input('ABC'), input('n', { type: 'number', required: false })];
  const given = { prénom: '007', ABC: '1.10', n: 3 };

  test.each([
    ['CSV', 'pre\u0301nom,ＡＢＣ,ｎ\n007,1.10, 3 '],
    ['JSON', '[{"pre\u0301nom":"007","ＡＢＣ":1.10,"ｎ":3}]'],
    ['JSON Lines', '{"pre\u0301nom":"007","ＡＢＣ":1.10,"ｎ":"3"}\n{"ABC":"1.10","prénom":"007","n":3}'],
  ])('%s', (_format, text) => {
    expect(messagesOf(text, inputs)).toEqual([]);
    for (const values of valuesOf(text, inputs)) expect(values).toEqual(given);
  });

  test('what is given under the very name wins in JSON, and in CSV a column that occurs twice is told', () => {
    expect(valuesOf('[{"ABC":"yes","ＡＢＣ":"no","prénom":""}]', inputs)).toEqual([{ ABC: 'yes', prénom: '' }]);
    expect(messagesOf('ABC,ＡＢＣ,prénom\n1,2,3', inputs)).toContain(
      'The column "ABC" occurs twice in the first line.',
    );
  });
});

describe('YAML', () => {
  test('a list of objects is one row each, with every digit as it was written', () => {
    const rows = '- {name: 1234567890123456789}\n- {name: 007}\n- name: 1.10\n- {name: 1e21}\n';
    expect(valuesOf(rows, [name]).map((row) => row.name)).toEqual(['1234567890123456789', '007', '1.10', '1e21']);
  });

  test('a mapping is one row where the format is given', () => {
    expect(parseRows('name: Ada\n', [name], 'yaml').rows.map(({ values }) => values)).toEqual([{ name: 'Ada' }]);
  });

  test('what is no YAML, and what is no object, is said', () => {
    expect(messagesOf('- {name: Ada\n- {name: Bo}\n', [name])[0]).toMatch(/^This is not valid YAML: .*\.$/);
    expect(messagesOf('- name: Ada\n- Bo\n', [name])[0]).toMatch(/^Row 2 must be an object of inputs/);
  });
});

describe('JSON', () => {
  test('an array of objects is one row each, and one object is one row', () => {
    expect(valuesOf('[{"name":"Ada"},{"name":"Bo"}]', [name])).toEqual([{ name: 'Ada' }, { name: 'Bo' }]);
    expect(valuesOf('{"name":"Ada"}', [name])).toEqual([{ name: 'Ada' }]);
  });

  test('a syntax error is placed by line and column', () => {
    expect(messagesOf('[\n  {"name": "Ada",}\n]', [name])).toEqual([
      'This is not valid JSON: "}" is not expected at line 2, column 18.',
    ]);
    expect(messagesOf('[{"name": "Ada"', [name])[0]).toMatch(/^This is not valid JSON: it ends too early/);
  });

  test('a row that is no object is named and the others stay', () => {
    const { rows, problems } = parseRows('[{"name":"Ada"}, 7, ["x"]]', [name]);
    expect(rows).toHaveLength(1);
    expect(problems.map(({ row, message }) => [row, message])).toEqual([
      [2, 'Row 2 must be an object of inputs, as in {"name": "Ada"}, but is the number 7.'],
      [3, 'Row 3 must be an object of inputs, as in {"name": "Ada"}, but is an array.'],
    ]);
  });
});

describe('JSON Lines', () => {
  test('blank lines are skipped and a broken line is named by its number', () => {
    const { rows, problems } = parseRows('{"name":"Ada"}\n\n{"name":}\n{"name":"Bo"}', [name], 'jsonl');
    expect(rows.map(({ number, values }) => [number, values])).toEqual([
      [1, { name: 'Ada' }],
      [3, { name: 'Bo' }],
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      'Line 3 is not valid JSON: "}" is not expected at column 9.',
    ]);
  });
});

describe('CSV', () => {
  test('cells become what the inputs declare', () => {
    expect(valuesOf('name,age,vip\nAda,36,true\n"Bo, Jr.",7.5,false', [name, age, vip])).toEqual([
      { name: 'Ada', age: 36, vip: true },
      { name: 'Bo, Jr.', age: 7.5, vip: false },
    ]);
  });

  test('a byte order mark, Windows line ends, quoted line breaks and a trailing newline do not matter', () => {
    expect(valuesOf('\uFEFFname,age\r\n"Ada\nLovelace",36\r\n', [name, age])).toEqual([
      { name: 'Ada\nLovelace', age: 36 },
    ]);
  });

  test.each([';', '\t', '|'])('the separator %j is recognised', (separator) => {
    expect(valuesOf(`${['name', 'age'].join(separator)}\n${['Ada', '36'].join(separator)}`, [name, age])).toEqual([
      { name: 'Ada', age: 36 },
    ]);
  });

  test('an empty cell is an empty text, and no value for other types', () => {
    expect(valuesOf('name,age\n,7\nAda,', [name, age])).toEqual([{ name: '', age: 7 }, { name: 'Ada' }]);
  });

  test('a wrong value is an error with its row and column, and keeps what was written', () => {
    const { rows } = parseRows('name,age\nAda,36\nBo,old', [name, age]);
    expect(rows[1]?.values).toEqual({ name: 'Bo', age: 'old' });
    expect(rows[1]?.problems).toMatchObject([{ severity: 'error', row: 2, column: 'age' }]);
    expect(rows[1]?.problems[0]?.message).toMatch(/^Row 2: .*age.*number.*old/);
    expect(rows[0]?.problems).toEqual([]);
  });

  test('a row with too many values is refused and the others stay', () => {
    const { rows, problems } = parseRows('name,age\nAda, Lady,36\nBo,7', [name, age]);
    expect(rows.map(({ values }) => values)).toEqual([{ name: 'Bo', age: 7 }]);
    expect(problems[0]?.message).toMatch(/^Row 1 has 3 values for 2 columns; put double quotes/);
    expect(messagesOf('name\nLovelace, Ada\n', [name])[0]).toMatch(/^Row 1 has 2 values for 1 column; put double/);
  });

  test('a quote that is never closed is named by its row', () => {
    expect(messagesOf('name,age\nAda,1\n"Bo,2', [name, age])[0]).toBe(
      'Row 2 opens a double quote that is never closed.',
    );
  });

  test('a column without a name and a name used twice are refused', () => {
    expect(messagesOf('name,,x\n1,2,3', [name])).toContain(
      'Column 2 of the first line has no name; the first line of CSV names the inputs.',
    );
    expect(messagesOf('name,name\n1,2', [name])).toContain('The column "name" occurs twice in the first line.');
  });

  test('a missing required column is said once, not once a row', () => {
    expect(messagesOf('age\n1\n2\n3', [name, age])).toEqual([
      'The required input "name" has no column; the columns are age.',
    ]);
  });

  test('a column that no prompt declares is a warning and still passed on', () => {
    const { rows, problems } = parseRows('name,mood\nAda,good', [name]);
    expect(problems).toMatchObject([{ severity: 'warning', column: 'mood' }]);
    expect(rows[0]?.values).toEqual({ name: 'Ada', mood: 'good' });
  });
});

test('an empty text has no rows and no problems', () => {
  expect(parseRows('  \n', [name])).toMatchObject({ rows: [], problems: [] });
});

test('more than 10 000 rows are refused with the count', () => {
  const text = `name\n${'Ada\n'.repeat(10_001)}`;
  expect(messagesOf(text, [name])).toEqual(['A comparison takes at most 10000 rows, and these are 10001.']);
});

describe('nothing of a CSV text is lost in silence', () => {
  const id = input('id');
  const text = input('text');

  test('quoted empty cells, rows of separators and rows of spaces are rows', () => {
    expect(valuesOf('id,text\n1,first\n"",""\n,\n  ,  \n3,third\n', [id, text])).toEqual([
      { id: '1', text: 'first' },
      { id: '', text: '' },
      { id: '', text: '' },
      { id: '  ', text: '  ' },
      { id: '3', text: 'third' },
    ]);
    expect(valuesOf('text\na\n   \n""\nb', [text]).map((row) => row.text)).toEqual(['a', '   ', '', 'b']);
  });

  test('lines without any value at the end are left out, and that is said', () => {
    const { rows, problems } = parseRows('id,text\n1,a\n,\n , \n', [id, text]);
    expect(rows).toHaveLength(1);
    expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', 'The last 2 lines have no value at all and are left out.'],
    ]);
    expect(valuesOf('id,text\n1,a\n"",""\n', [id, text])).toHaveLength(2);
  });

  test.each([';', ',', '\t', '|', '^'])('a first line sep=%s says how the rest is separated', (separator) => {
    const rows = valuesOf(`sep=${separator}\r\nid${separator}text\r\n1${separator}x\r\n`, [id, text]);
    expect(rows).toEqual([{ id: '1', text: 'x' }]);
  });

  test('separators within quoted names do not count', () => {
    const long = input('text, as typed, by the client'.slice(0, 4));
    const { columns, rows } = parseRows('"text, as typed, by the client";id\nhello;7', [long, id]);
    expect(columns).toEqual(['text, as typed, by the client', 'id']);
    expect(rows[0]?.values).toEqual({ 'text, as typed, by the client': 'hello', id: '7' });
  });

  test('separators at the end of lines make no column; a value behind them is refused', () => {
    expect(valuesOf('id,text,,\n1,a,,\n2,b,\n', [id, text])).toEqual([
      { id: '1', text: 'a' },
      { id: '2', text: 'b' },
    ]);
    expect(messagesOf('id,text,\n1,a,c', [id, text])[0]).toMatch(/^Row 1 has 3 values for 2 columns/);
  });

  test('a row with too few values is told, and an error where one of them is required', () => {
    expect(messagesOf('id,text\n1', [id, input('text', { required: false })])).toEqual([
      'Row 1 has 1 value for 2 columns; the others are left out.',
    ]);
    expect(parseRows('id,text\n1\n2,b', [id, text]).rows[0]?.problems[0]?.message).toMatch(
      /^Row 1: Input "text" is required/,
    );
  });

  test('a column that no input has is told, with the name that was meant', () => {
    expect(messagesOf('id,txet\n1,a', [id, input('text', { required: false })])).toEqual([
      'No prompt declares an input "txet"; did you mean "text"?',
    ]);
  });

  test('old and mixed line ends lose no row', () => {
    expect(valuesOf('id,text\r1,a\r2,b', [id, text])).toHaveLength(2);
    expect(valuesOf('id,text\r\n1,a\n2,"b\r\nc"\r\n3,d', [id, text]).map((row) => row.text)).toEqual([
      'a',
      'b\nc',
      'd',
    ]);
  });

  test('a column named __proto__ is a column', () => {
    expect(Object.keys(valuesOf('__proto__,id\nx,1', [id])[0]!)).toEqual(['__proto__', 'id']);
  });
});

describe('digits survive', () => {
  const id = input('id');

  test.each(['1234567890123456789', '1.10', '1e21', '1.0'])('%s reaches a string input as written', (digits) => {
    expect(valuesOf(`[{"id":${digits}}]`, [id])).toEqual([{ id: digits }]);
    expect(valuesOf(`{"id":${digits}}\n{"id":${digits}}`, [id])).toEqual([{ id: digits }, { id: digits }]);
    expect(valuesOf(`id\n${digits}`, [id])).toEqual([{ id: digits }]);
  });

  test('a number input says when it cannot hold them', () => {
    const number = input('id', { type: 'number' });
    for (const rows of ['[{"id":1234567890123456789}]', 'id\n1234567890123456789']) {
      expect(parseRows(rows, [number]).rows[0]?.problems[0]?.message).toMatch(/more digits than a number keeps/);
    }
  });
});

test('a column is the input that looks the same, however its name is composed', () => {
  const firstName = input('prénom');
  const decomposed = 'prénom'.normalize('NFD');
  expect(valuesOf(`${decomposed}\nAda`, [firstName])).toEqual([{ prénom: 'Ada' }]);
  expect(valuesOf(`[{"${decomposed}":1.10}]`, [firstName])).toEqual([{ prénom: '1.10' }]);
});

describe('a key that stands twice is told with its row', () => {
  test.each([
    ['[{"name":"a"},{"name":"b","name":"c"}]', 'Row 2 has the key "name" twice in one object; write it once.'],
    ['{"name":"b","name":"c"}', 'Row 1 has the key "name" twice in one object; write it once.'],
    ['{"name":"a"}\n\n{"name":"b","name":"c"}', 'Line 3 has the key "name" twice in one object; write it once.'],
    [
      '{\n"rows":[{"name":"a"},{"name":"b","name":"c"}]}',
      'Line 2 has the key "name" twice in one object; write it once.',
    ],
  ])('%s', (text, message) => {
    expect(parseRows(text, [name]).problems).toMatchObject([{ severity: 'error', column: 'name', message }]);
  });

  test('in YAML and in the JSON of a cell', () => {
    expect(messagesOf('- name: a\n  name: b', [name])[0]).toContain('unique');
    const [message] = messagesOf('doc\n"{""a"":1,""a"":2}"', [input('doc', { type: 'object' })]);
    expect(message).toContain('the key "a" stands twice in one object, the second time at line 1, column 8');
  });
});

describe('rows of other tools', () => {
  const two = [{ name: 'Ada' }, { name: 'Bo' }];
  const list = JSON.stringify(two);
  test.each([
    [`{"rows":${list}}`],
    [`{"data":${list}}`],
    ['{"tests":[{"vars":{"name":"Ada"}},{"vars":{"name":"Bo"}}]}'],
    ['[{"vars":{"name":"Ada"}},{"vars":{"name":"Bo"}}]'],
    ['{"vars":{"name":"Ada"}}\n{"vars":{"name":"Bo"}}'],
    ['[{"inputs":{"name":"Ada"}},{"inputs":{"name":"Bo"}}]'],
    ['tests:\n  - vars:\n      name: Ada\n  - vars: {name: Bo}\n'],
    ['rows:\n- name: Ada\n- name: Bo\n'],
  ])('%s', (text) => {
    expect(valuesOf(text, [name])).toEqual(two);
    expect(messagesOf(text, [name])).toEqual([]);
  });

  test('what stands beside them is told', () => {
    const text = '{"description":"x","tests":[{"vars":{"name":"Ada"},"assert":[{"type":"contains","value":"A"}]}]}';
    expect(valuesOf(text, [name])).toEqual([{ name: 'Ada' }]);
    expect(parseRows(text, [name]).problems).toMatchObject([
      { severity: 'warning', message: '"description" beside "tests" is not read; only the rows are.' },
      { severity: 'warning', message: '"assert" beside "vars" is not read; only the rows are.' },
    ]);
  });

  test('an input of that name is an input', () => {
    const rows = input('rows', { type: 'object', schema: { type: 'array' } });
    expect(valuesOf(`{"rows":${list}}`, [rows])).toEqual([{ rows: two }]);
    const vars = input('vars', { type: 'object' });
    expect(valuesOf('[{"vars":{"name":"Ada"}}]', [vars])).toEqual([{ vars: { name: 'Ada' } }]);
    expect(valuesOf('{"rows":[1,2]}', [])).toEqual([{ rows: [1, 2] }]);
  });
});
