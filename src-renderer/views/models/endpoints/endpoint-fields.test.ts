import { expect, test } from 'vitest';
import { findEndpointPreset } from '../../../../src-core/models/presets.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import {
  type EndpointFields,
  fieldsOf,
  problemsFrom,
  readFields,
  variableThatMoves,
  withBaseUrl,
} from './endpoint-fields.ts';

const fields = (more: Partial<EndpointFields> = {}): EndpointFields => ({
  ...fieldsOf(findEndpointPreset('openai')),
  ...more,
});

test('a preset fills everything but the key', () => {
  expect(readFields(fields())).toMatchObject({
    kind: 'ok',
    changes: { title: 'OpenAI', baseUrl: 'https://api.openai.com/v1', keyEnv: null },
  });
});

test('spaces and slashes at the end of an address do not matter', () => {
  expect(readFields(fields({ baseUrl: ' https://x.example/v1// ' }))).toMatchObject({
    changes: { baseUrl: 'https://x.example/v1' },
  });
});

test('a variable counts only while it is chosen as the source of the key', () => {
  expect(readFields(fields({ keyEnv: 'MY_KEY' }))).toMatchObject({ changes: { keyEnv: null } });
  expect(readFields(fields({ keyEnv: 'MY_KEY', keyFrom: 'environment' }))).toMatchObject({
    changes: { keyEnv: 'MY_KEY' },
  });
});

test.each([
  [
    { baseUrl: 'api.openai.com' },
    'baseUrl',
    'The base URL must start with http:// or https://, as in https://api.openai.com/v1.',
  ],
  [
    { baseUrl: 'http://[half' },
    'baseUrl',
    'The base URL must start with http:// or https://, as in https://api.openai.com/v1.',
  ],
  [
    { keyFrom: 'environment', keyEnv: 'my key' },
    'keyEnv',
    'Name the environment variable that holds the key, as in OPENAI_API_KEY.',
  ],
  [{ title: 'x'.repeat(201) }, 'title', 'A title has at most 200 characters; this one has 201.'],
  [{ key: 'k'.repeat(10_001) }, 'key', 'A key has at most 10,000 characters; this one has 10,001.'],
  [{ maxConcurrency: '0' }, 'maxConcurrency', 'Requests at once must be a whole number from 1 to 256, not "0".'],
  [{ timeoutSeconds: 'soon' }, 'timeoutSeconds', 'First byte must be a whole number from 1 to 3600, not "soon".'],
  [{ idleTimeoutSeconds: '0' }, 'idleTimeoutSeconds', 'Between bytes must be a whole number from 1 to 3600, not "0".'],
  [{ maxRetries: '' }, 'maxRetries', 'Retries must be a whole number from 0 to 10, not "".'],
] as const)('fields %# are refused with a sentence at the one that is wrong', (wrong, field, problem) => {
  expect(readFields(fields(wrong))).toEqual({ kind: 'wrong', problems: { [field]: problem } });
});

test('every field that is wrong is named, not only the first', () => {
  const read = readFields(fields({ baseUrl: '', timeoutSeconds: 'soon', maxRetries: '-1' }));
  expect(read.kind === 'wrong' && Object.keys(read.problems)).toEqual(['baseUrl', 'timeoutSeconds', 'maxRetries']);
});

test('what the host refuses is told at the field that it is about', () => {
  const issues = [
    { path: 'changes.timeoutMs', message: 'Too big.' },
    { path: 'name', message: 'No field of the form.' },
  ];
  expect(problemsFrom(new AppError('invalid', 'Refused.', { issues }))).toEqual({ timeoutSeconds: 'Too big.' });
  expect(problemsFrom(new AppError('unavailable', 'Away.'))).toEqual({});
  expect(problemsFrom(new Error('Other'))).toEqual({});
});

test("a server of one's own is waited for longer than a service, as long as nobody chose otherwise", () => {
  const typed = withBaseUrl(fieldsOf(null), 'http://192.168.1.7:8080/v1', null);
  expect(typed).toMatchObject({ timeoutSeconds: '900', idleTimeoutSeconds: '300' });
  expect(withBaseUrl(typed, 'https://api.example.com/v1', null)).toMatchObject({ timeoutSeconds: '120' });
  const chosen = { ...typed, timeoutSeconds: '30' };
  expect(withBaseUrl(chosen, 'https://api.example.com/v1', null)).toMatchObject({
    timeoutSeconds: '30',
    idleTimeoutSeconds: '120',
  });
});

test('a variable is asked for again when the address moves to another origin, not when only the path changes', () => {
  const endpoint = {
    id: 'e1',
    name: 'lab',
    title: 'Lab',
    baseUrl: 'https://a.example/v1',
    preset: null,
    maxConcurrency: 1,
    timeoutMs: 1_000,
    idleTimeoutMs: 1_000,
    maxRetries: 0,
    key: null,
    keyEnv: 'LAB_KEY',
    addedAt: '2026-01-01T00:00:00.000Z',
  };
  const moved = (baseUrl: string, more: Partial<EndpointFields> = {}) =>
    variableThatMoves({ ...fieldsOf(endpoint), baseUrl, ...more }, endpoint);
  expect(moved('https://a.example/v2')).toBeNull();
  expect(moved('https://b.example/v1')).toBe('LAB_KEY');
  expect(moved('http://a.example/v1')).toBe('LAB_KEY');
  expect(moved('https://b.example/v1', { keyEnv: 'OTHER_KEY' })).toBeNull();
  expect(moved('https://b.example/v1', { keyFrom: 'store' })).toBeNull();
});
