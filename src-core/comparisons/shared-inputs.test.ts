import { expect, test } from 'vitest';
import { type InputDeclaration, inputSchema } from '../contract/content.ts';
import { sharedInputs } from './shared-inputs.ts';

const input = (name: string, more: Partial<InputDeclaration> = {}) =>
  inputSchema.parse({ name, type: 'string', ...more });

test('two prompts with an input of the same name share one field', () => {
  const shared = sharedInputs([[input('name'), input('tone')], [input('name')]]);
  expect(shared.map(({ name }) => name)).toEqual(['name', 'tone']);
});

test('an input is required when one prompt requires it, and then no default fills it', () => {
  const [shared] = sharedInputs([[input('tone', { default: 'warm' })], [input('tone')]]);
  expect(shared).toMatchObject({ required: true, default: undefined });
});

test('an input that every prompt can do without stays optional and keeps its default', () => {
  const [shared] = sharedInputs([[input('tone', { required: false })], [input('tone', { default: 'warm' })]]);
  expect(shared).toMatchObject({ required: false, default: 'warm' });
});

test('different types of the same name fall back to text', () => {
  const [shared] = sharedInputs([[input('count', { type: 'number' })], [input('count')]]);
  expect(shared?.type).toBe('string');
});

test('an enum offers only the values that every prompt allows', () => {
  const [shared] = sharedInputs([
    [input('tone', { type: 'enum', values: ['warm', 'cold', 'dry'] })],
    [input('tone', { type: 'enum', values: ['dry', 'warm'] })],
  ]);
  expect(shared?.values).toEqual(['warm', 'dry']);
});
