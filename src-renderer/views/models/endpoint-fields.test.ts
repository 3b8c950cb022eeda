import { expect, test } from 'vitest';
import { findEndpointPreset } from '../../../src-core/models/presets.ts';
import { type EndpointFields, fieldsOf, readFields } from './endpoint-fields.ts';

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
  [{ timeoutSeconds: 'soon' }, 'Time-out must be a whole number from 1 to 600, not "soon".'],
  [{ maxRetries: '' }, 'Retries must be a whole number from 0 to 10, not "".'],
] as const)('%j is refused with a sentence', (wrong, problem) => {
  expect(readFields(fields(wrong))).toEqual({ kind: 'wrong', problem });
});
