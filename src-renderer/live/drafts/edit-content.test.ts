import { expect, test } from 'vitest';
import { contentSchema, type PromptContent } from '../../../src-core/contract/content.ts';
import {
  changeInput,
  changeMessage,
  declareInput,
  formatMessages,
  freeInputName,
  freeSampleName,
  keepSample,
  keysFor,
  moveMessage,
  nextRole,
  removeInput,
  removeMessage,
  removeSample,
  replaceText,
} from './edit-content.ts';

const contentOf = (...texts: readonly string[]): PromptContent =>
  contentSchema.parse({ messages: texts.map((content) => ({ role: 'user', content })) });
const textsOf = (content: PromptContent) => content.messages.map((message) => message.content);

test('a message moves up and down and stays inside', () => {
  const content = contentOf('a', 'b', 'c');
  expect(textsOf(moveMessage(content, 0, 2))).toEqual(['b', 'c', 'a']);
  expect(textsOf(moveMessage(content, 2, 0))).toEqual(['c', 'a', 'b']);
  expect(moveMessage(content, 0, 3)).toBe(content);
  expect(moveMessage(content, 0, -1)).toBe(content);
});

test('the last message cannot be removed', () => {
  const content = contentOf('only');
  expect(removeMessage(content, 0)).toBe(content);
  expect(textsOf(removeMessage(contentOf('a', 'b'), 0))).toEqual(['b']);
});

test('editing changes a copy', () => {
  const content = contentOf('a', 'b');
  expect(textsOf(changeMessage(content, 1, { content: 'B' }))).toEqual(['a', 'B']);
  expect(textsOf(content)).toEqual(['a', 'b']);
});

test('an answer follows a question', () => {
  expect(nextRole(contentOf('question'))).toBe('assistant');
  expect(nextRole(changeMessage(contentOf('answer'), 0, { role: 'assistant' }))).toBe('user');
});

test('messages keep their keys when a text that came from elsewhere moves, changes and adds some', () => {
  const before = contentOf('a', 'b', 'c').messages.map((message, index) => ({ ...message, key: `k${index}` }));
  expect(keysFor(contentOf('c', 'a', 'b'), before)).toEqual(['k2', 'k0', 'k1']);
  expect(keysFor(contentOf('a', 'changed', 'c'), before)).toEqual(['k0', 'k1', 'k2']);
  const [first, added, second] = keysFor(contentOf('a', 'new', 'b'), before.slice(0, 2));
  expect([first, second]).toEqual(['k0', 'k1']);
  expect(added).not.toMatch(/^k/);
});

test('inputs are declared once, changed by name and removed', () => {
  const declared = declareInput(contentOf('{{ tone }}'), {
    name: 'tone',
    type: 'string',
    required: true,
    description: '',
  });
  expect(declareInput(declared, { name: 'tone', type: 'number', required: true, description: '' })).toBe(declared);
  const renamed = changeInput(declared, 'tone', { name: 'mood', default: undefined });
  expect(renamed.inputs).toEqual([{ name: 'mood', type: 'string', required: true, description: '' }]);
  expect(removeInput(renamed, 'mood').inputs).toEqual([]);
  expect(freeInputName(declared)).toBe('input');
  expect(freeInputName(changeInput(declared, 'tone', { name: 'input' }))).toBe('input_2');
});

test('a sample is kept under its name, replaced and removed', () => {
  const one = keepSample(contentOf('a'), { name: 'Sample 1', inputs: { a: 1 } });
  expect(freeSampleName(one)).toBe('Sample 2');
  const two = keepSample(keepSample(one, { name: 'b', inputs: {} }), { name: 'Sample 1', inputs: { a: 2 } });
  expect(two.samples).toEqual([
    { name: 'Sample 1', inputs: { a: 2 } },
    { name: 'b', inputs: {} },
  ]);
  expect(removeSample(two, 'Sample 1').samples).toEqual([{ name: 'b', inputs: {} }]);
});

test('a stretch of one line is replaced, and nothing when the text has changed so that it is not there', () => {
  const at = { start: { line: 2, column: 3 }, end: { line: 2, column: 5 } };
  expect(textsOf(replaceText(contentOf('a', 'x\n12345'), 1, at, '__'))).toEqual(['a', 'x\n12__5']);
  const short = contentOf('a');
  expect(replaceText(short, 0, at, '__')).toBe(short);
});

test('parts and placeholders are kept by everything that the window does to messages', () => {
  const image = { type: 'image' as const, url: 'https://example.com/cat.png' };
  const content = contentSchema.parse({
    messages: [
      { placeholder: 'history', optional: true, extra: { a: 1 } },
      { role: 'user', content: [{ type: 'text', text: '{{name}}\n{{ nmae }}' }, image], extra: { b: 2 } },
    ],
  });
  expect(changeMessage(content, 1, { content: 'gone' })).toBe(content);
  expect(changeMessage(content, 0, { role: 'user' })).toBe(content);
  expect(changeMessage(content, 1, { role: 'tool' }).messages[1]).toEqual({ ...content.messages[1], role: 'tool' });
  expect(moveMessage(content, 0, 1).messages).toEqual([content.messages[1], content.messages[0]]);
  const place = { start: { line: 2, column: 4 }, end: { line: 2, column: 8 } };
  expect(replaceText(content, 1, place, 'name', 0).messages[1]?.content).toEqual([
    { type: 'text', text: '{{name}}\n{{ name }}' },
    image,
  ]);
  expect(formatMessages(content).messages[1]?.content).toEqual([
    { type: 'text', text: '{{ name }}\n{{ nmae }}' },
    image,
  ]);
  const before = content.messages.map((message, index) => ({ ...message, key: `k${index}` }));
  expect(keysFor(moveMessage(content, 0, 1), before)).toEqual(['k1', 'k0']);
});
