import { expect, test } from 'vitest';
import { type InputDeclaration, inputSchema } from '../../../../src-core/contract/content.ts';
import { readFormRow, readOptions, readRows } from './read-draft.ts';

const input = (name: string, more: Partial<InputDeclaration> = {}) =>
  inputSchema.parse({ name, type: 'string', ...more });
const inputs = [input('name'), input('age', { type: 'number', required: false }), input('tone', { default: 'warm' })];
const text = (value: string) => ({
  rowsFrom: 'text' as const,
  formRows: [],
  text: value,
  format: 'auto' as const,
  skipBroken: false,
});

test('a row of the form is typed, and empty optional fields are no values', () => {
  expect(readFormRow({ name: 'Ada', age: '36', tone: '' }, inputs)).toEqual({
    values: { name: 'Ada', age: 36 },
    problems: {},
  });
  expect(readFormRow({ name: 'Ada' }, inputs).values).toEqual({ name: 'Ada' });
});

test('a wrong value of the form is said at its input', () => {
  expect(readFormRow({ name: 'Ada', age: 'old' }, inputs).problems.age).toMatch(/age.*number.*old/);
});

test('prompts without inputs run one empty row', () => {
  expect(readRows({ ...text(''), rowsFrom: 'form', formRows: [{}] }, [])).toMatchObject({ rows: [{}], problem: null });
  expect(readRows(text(''), [])).toMatchObject({ rows: [{}], problem: null });
});

test('an empty text asks for the required input', () => {
  expect(readRows(text(''), inputs).problem).toBe('Paste at least one row with a value for "name".');
});

test('broken rows stop the comparison until they are left out', () => {
  const pasted = text('name,age\nAda,1\nBo,old');
  expect(readRows(pasted, inputs)).toMatchObject({
    rows: [],
    problem: '1 row has a problem: correct it, or leave it out.',
  });
  expect(readRows({ ...pasted, skipBroken: true }, inputs)).toMatchObject({
    rows: [{ name: 'Ada', age: 1 }],
    problem: null,
  });
});

test('a text that is wrong as a whole cannot be left out', () => {
  expect(readRows({ ...text('[{"name":'), skipBroken: true }, inputs).problem).toMatch(/^This is not valid JSON/);
});

const noSampling = { temperature: '', topP: '', maxTokens: '', seed: '', stop: '' };
const blank = { sampling: noSampling, concurrency: '8', title: '' };

test('empty overrides override nothing, typed ones become numbers', () => {
  expect(readOptions(blank)).toEqual({ options: { sampling: {}, concurrency: 8, title: '' }, problems: {} });
  const sampling = { ...noSampling, temperature: '0,7', maxTokens: '64', stop: 'END\n' };
  expect(readOptions({ ...blank, sampling }).options?.sampling).toEqual({
    temperature: 0.7,
    maxTokens: 64,
    stop: ['END'],
  });
});

test.each([
  ['temperature', '3', 'Temperature must be a number from 0 to 2, not "3".'],
  ['maxTokens', '1.5', 'Max tokens must be a whole number from 1 to 1,000,000, not "1.5".'],
  ['seed', 'x', 'Seed must be a whole number from 0 to 4,294,967,295, not "x".'],
  ['stop', 'a\n'.repeat(17), 'At most 16 stop sequences are possible, and these are 17.'],
] as const)('%s is refused at its own field', (name, wrong, problem) => {
  const read = readOptions({ ...blank, sampling: { ...noSampling, [name]: wrong } });
  expect(read).toEqual({ options: null, problems: { [name]: problem } });
});

test.each([
  [{ concurrency: '0' }, { concurrency: 'Cells at once must be a whole number from 1 to 256, not "0".' }],
  [{ concurrency: '' }, { concurrency: 'Cells at once must be a whole number from 1 to 256, not "".' }],
  [{ title: 'x'.repeat(201) }, { title: 'A title has at most 200 characters; this one has 201.' }],
])('option %# is refused at its own field', (wrong, problems) => {
  expect(readOptions({ ...blank, ...wrong }).problems).toEqual(problems);
});

test('every option that is wrong is told, not only the first', () => {
  const sampling = { ...noSampling, temperature: 'hot', seed: '-1' };
  expect(Object.keys(readOptions({ sampling, concurrency: 'all', title: 'x'.repeat(999) }).problems)).toEqual([
    'temperature',
    'seed',
    'concurrency',
    'title',
  ]);
});
