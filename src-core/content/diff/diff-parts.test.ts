import { expect, test } from 'vitest';
import type { PromptContentInput } from '../../contract/content.ts';
import type { MessageTemplateInput } from '../../contract/messages.ts';
import { normaliseContent } from '../hash-content.ts';
import { blameMessages } from './blame.ts';
import { contentDocument } from './content-document.ts';
import { changeSize, diffContent } from './diff-content.ts';
import { summariseChanges } from './summarise-changes.ts';
import { unifiedDiff } from './unified-diff.ts';

const image = { type: 'image' as const, url: 'https://example.com/cat.png' };
const text = { type: 'text' as const, text: 'What is this?\nAnswer briefly.' };
const content = (messages: MessageTemplateInput[], more: Partial<PromptContentInput> = {}) =>
  normaliseContent({ messages, ...more });
const system = { role: 'system' as const, content: 'You are kind.' };
const before = content([system, { placeholder: 'history' }, { role: 'user', content: [text, image] }]);

test('a changed part is a changed line of its message, and a placeholder is an entry of its own', () => {
  const after = content([
    system,
    { placeholder: 'history', optional: true },
    { role: 'user', content: [text, { ...image, detail: 'high' }] },
  ]);
  const diff = diffContent(before, after);
  expect(diff.messages.map(({ kind }) => kind)).toEqual(['same', 'changed', 'changed']);
  expect(diff.messages[2]?.lines).toEqual({ added: 1, removed: 1 });
  expect(changeSize(diff)).toEqual({ added: 2, removed: 2 });
  expect(summariseChanges(diff)).toBe('Edited placeholder `history`, edited user message');
  expect(unifiedDiff(before, after, { before: 'a', after: 'b' })).toContain(
    '-[image url https://example.com/cat.png]\n+[image url https://example.com/cat.png detail=high]',
  );
});

test('a text that becomes parts, and a part that only looks like a text, are told apart', () => {
  const plain = content([{ role: 'user', content: '[text]\nHi\n[image url https://example.com/cat.png]' }]);
  const parts = content([{ role: 'user', content: [{ type: 'text', text: 'Hi' }, image] }]);
  expect(diffContent(plain, parts).messages[0]).toMatchObject({ kind: 'changed' });
  expect(unifiedDiff(plain, parts, { before: 'a', after: 'b' })).not.toBe('');
});

test('a placeholder that was renamed, moved or removed is recognised, and never taken for a message', () => {
  const renamed = content([system, { placeholder: 'thread' }, { role: 'user', content: [text, image] }]);
  expect(summariseChanges(diffContent(before, renamed))).toBe('Edited placeholder `thread`');
  const moved = content([{ placeholder: 'history' }, system, { role: 'user', content: [text, image] }]);
  expect(summariseChanges(diffContent(before, moved))).toMatch(/^Moved (placeholder `history`|system message)$/);
  const replaced = content([system, { role: 'user', content: 'history' }, { role: 'user', content: [text, image] }]);
  expect(summariseChanges(diffContent(before, replaced))).toBe('Added user message 1, removed placeholder `history`');
});

test('extra is compared key by key, of the whole and of the settings', () => {
  const after = content([...before.messages], { extra: { a: 1 }, settings: { extra: { top_k: 4, a: true } } });
  const again = content([...before.messages], { extra: { a: 2 }, settings: { extra: { top_k: 5, a: true } } });
  expect(summariseChanges(diffContent(before, after))).toBe('Set extra {"top_k":4,"a":true}, added extra');
  expect(summariseChanges(diffContent(after, again))).toBe('Top_k 4 → 5, changed extra `a`');
  expect(contentDocument(after)).toContain('settings.extra:');
});

test('blame follows the lines of parts', () => {
  const origin = (versionNumber: number) => ({
    versionId: `v${versionNumber}`,
    versionNumber,
    confirmed: true,
    author: 'Ada',
    at: '2026-01-01T00:00:00.000Z',
  });
  const later = content([
    system,
    { placeholder: 'history' },
    { role: 'user', content: [text, image, { type: 'file', hash: 'a'.repeat(64) }] },
  ]);
  const blamed = blameMessages([
    { ...origin(1), content: before },
    { ...origin(2), content: later },
  ]);
  expect(blamed.map(({ role }) => role)).toEqual(['system', 'placeholder', 'user']);
  expect(blamed[1]?.lines.map((line) => line.text)).toEqual(['[placeholder history]']);
  expect(blamed[2]?.lines.map((line) => line.versionNumber)).toEqual([1, 1, 1, 1, 2]);
});
