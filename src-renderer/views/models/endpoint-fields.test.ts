import { expect, test } from 'vitest';
import { findEndpointPreset } from '../../../src-core/models/presets.ts';
import { type EndpointFields, fieldsOf, readFields, variableThatMoves, withBaseUrl } from './endpoint-fields.ts';

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
  [{ baseUrl: 'api.openai.com' }, 'The base URL must start with http:// or https://, as in https://api.openai.com/v1.'],
  [
    { keyFrom: 'environment', keyEnv: 'my key' },
    'Name the environment variable that holds the key, as in OPENAI_API_KEY.',
  ],
  [{ maxConcurrency: '0' }, 'Requests at once must be a whole number from 1 to 256, not "0".'],
  [{ timeoutSeconds: 'soon' }, 'First byte must be a whole number from 1 to 3600, not "soon".'],
  [{ idleTimeoutSeconds: '0' }, 'Between bytes must be a whole number from 1 to 3600, not "0".'],
  [{ maxRetries: '' }, 'Retries must be a whole number from 0 to 10, not "".'],
] as const)('%j is refused with a sentence', (wrong, problem) => {
  expect(readFields(fields(wrong))).toEqual({ kind: 'wrong', problem });
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
