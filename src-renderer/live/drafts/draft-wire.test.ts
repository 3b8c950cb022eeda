import { expect, test } from 'vitest';
import { contentSchema, type PromptContent } from '../../../src-core/contract/content.ts';
import { sameDraft, toShown, toStored } from './draft-wire.ts';

const accepted = contentSchema.parse({ messages: [{ role: 'user', content: 'Hello' }] });

test('a valid content is stored as it is', () => {
  const content = { ...accepted, settings: { ...accepted.settings, temperature: 1 } };
  expect(toStored({ content, typed: { tools: '[' } }, accepted)).toEqual({ content, typed: { tools: '[' } });
});

test('whatever the contract does not allow is stored as text and shown again as it was', () => {
  const broken: readonly PromptContent[] = [
    { ...accepted, messages: Array.from({ length: 201 }, () => ({ role: 'user' as const, content: 'x' })) },
    { ...accepted, inputs: [{ name: '1st place', type: 'string', required: true, description: '' }] },
    { ...accepted, settings: { ...accepted.settings, temperature: 7 } },
    { ...accepted, tools: [{ name: 'x'.repeat(65), description: '', parameters: {} }] },
    { ...accepted, samples: [{ name: 'x'.repeat(101), inputs: {} }] },
  ];
  for (const content of broken) {
    const stored = toStored({ content, typed: { tools: '[' } }, accepted);
    expect(stored.content).toBe(accepted);
    expect(contentSchema.safeParse(stored.content).success).toBe(true);
    expect(toShown(stored)).toEqual({ content, typed: { tools: '[' } });
  }
});

test('a stored text that nothing can show stays where it is', () => {
  const stored = { content: accepted, typed: { content: 'not JSON' } };
  expect(toShown(stored)).toEqual(stored);
  expect(sameDraft({ hash: 'a', typed: {} }, { hash: 'a', typed: { tools: '[' } })).toBe(false);
});
