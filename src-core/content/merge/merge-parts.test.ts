import { expect, test } from 'vitest';
import type { PromptContentInput } from '../../contract/content.ts';
import type { MessageTemplateInput } from '../../contract/messages.ts';
import { normaliseContent } from '../hash-content.ts';
import { mergeContent, resolveMerge } from './merge-content.ts';

const image = { type: 'image' as const, url: 'https://example.com/cat.png' };
const text = { type: 'text' as const, text: 'What is this?' };
const user = { role: 'user' as const, content: [text, image] };
const history = { placeholder: 'history' };
const make = (messages: MessageTemplateInput[], more: Partial<PromptContentInput> = {}) =>
  normaliseContent({ messages, ...more });
const merge = (base: MessageTemplateInput[], ours: MessageTemplateInput[], theirs: MessageTemplateInput[]) =>
  mergeContent(make(base), make(ours), make(theirs));

test('the parts of a message are taken from the side that changed them', () => {
  const closer = { ...user, content: [text, { ...image, detail: 'high' }] };
  const merged = merge([user], [closer], [{ ...user, role: 'assistant' }]);
  expect(merged).toMatchObject({ kind: 'clean', content: { messages: [{ ...closer, role: 'assistant' }] } });
});

test('parts that both changed are for a person, as a whole; both sides can be kept', () => {
  const closer = { ...user, content: [text, { ...image, detail: 'high' }] };
  const longer = { ...user, content: [text, image, { type: 'file' as const, hash: 'a'.repeat(64) }] };
  const merged = merge([user], [closer], [longer]);
  if (merged.kind === 'clean') throw new Error('There is no conflict.');
  expect(merged.conflicts).toEqual([
    {
      kind: 'value',
      id: 'messages/0/content',
      where: 'user message, content',
      path: ['messages', '0', 'content'],
      base: user.content,
      ours: closer.content,
      theirs: longer.content,
    },
  ]);
  expect(merged.preview.messages).toEqual([closer]);
  expect(resolveMerge(merged, { 'messages/0/content': { take: 'theirs' } }).messages).toEqual([longer]);
  expect(resolveMerge(merged, { 'messages/0/content': { take: 'both' } }).messages[0]?.content).toHaveLength(5);
});

test('a text that one side gave a part and the other edited is for a person', () => {
  const plain = { role: 'user' as const, content: 'What is this?' };
  const merged = merge([plain], [user], [{ ...plain, content: 'What is this?\nBe brief.' }]);
  expect(merged).toMatchObject({
    kind: 'conflict',
    conflicts: [{ kind: 'value', theirs: 'What is this?\nBe brief.' }],
  });
});

test('a placeholder is merged field by field, and goes and comes as messages do', () => {
  expect(
    merge([history, user], [{ placeholder: 'thread' }, user], [{ ...history, optional: true }, user]),
  ).toMatchObject({ kind: 'clean', content: { messages: [{ placeholder: 'thread', optional: true }, user] } });
  expect(merge([user], [history, user], [user])).toMatchObject({
    kind: 'clean',
    content: { messages: [history, user] },
  });
  const gone = merge([history, user], [user], [{ ...history, optional: true }, user]);
  expect(gone).toMatchObject({ kind: 'conflict', conflicts: [{ kind: 'messages', where: 'placeholder `history`' }] });
});

test('extra of a message, of the whole and of the settings is taken from the side that changed it', () => {
  const [base, ours, theirs] = [
    make([user]),
    make([{ ...user, extra: { cache: true } }], { settings: { extra: { top_k: 4 } } }),
    make([user], { extra: { tool: 'x' } }),
  ];
  expect(mergeContent(base, ours, theirs)).toMatchObject({
    kind: 'clean',
    content: { messages: [{ extra: { cache: true } }], settings: { extra: { top_k: 4 } }, extra: { tool: 'x' } },
  });
});
