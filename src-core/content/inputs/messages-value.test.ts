import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatMessageSchema, roles } from '../../contract/messages.ts';
import { readMessages } from './messages-value.ts';

const problemOf = (message: unknown) => {
  const read = readMessages([message]);
  return 'problem' in read ? `${JSON.stringify(read.at)} ${read.problem}` : null;
};
const texts = fc.oneof(
  fc.constantFrom('', 'a', '{}', 'image/png', 'ab'.repeat(32), 'https://example.com/a', 'data:,x'),
  fc
    .tuple(fc.constantFrom(39, 40, 41, 199, 200, 201, 254, 255, 256, 499, 500, 501), fc.constantFrom('n', 'é', '𝒏'))
    .map(([length, letter]) => letter.repeat(length)),
);
const anything = fc.oneof({ weight: 8, arbitrary: texts }, fc.constantFrom(null, 3, true, [], {}, undefined));
const media = { url: anything, hash: anything, mediaType: anything, name: anything, detail: anything };
const typed = (type: string) => ({ type: fc.constant(type) });
const valuePart = fc.oneof(
  fc.record({ ...typed('text'), text: anything }),
  ...['image', 'audio', 'file', 'video'].map((type) =>
    fc.record({ ...typed(type), ...media }, { requiredKeys: ['type'] }),
  ),
  fc.record(
    { ...typed('tool_call'), id: anything, name: anything, arguments: anything },
    { requiredKeys: ['type', 'name'] },
  ),
  fc.record(
    { ...typed('tool_result'), id: anything, name: anything, content: anything },
    { requiredKeys: ['type', 'content'] },
  ),
);
const valueMessage = fc.record({
  role: fc.constantFrom(...roles),
  content: fc.oneof(anything, fc.array(valuePart, { maxLength: 3 })),
});

describe('the value of an input of messages', () => {
  test('passes exactly when the contract takes it as a rendered message, and comes out as the contract reads it', () => {
    let passed = 0;
    fc.assert(
      fc.property(valueMessage, (message) => {
        const read = readMessages([message]);
        const expected = chatMessageSchema.safeParse(message);
        expect('value' in read).toBe(expected.success);
        if (!('value' in read)) return;
        passed += 1;
        expect(chatMessageSchema.parse(read.value[0])).toEqual(read.value[0]);
        expect(read.value[0]).toEqual(expected.data);
      }),
      { numRuns: 3_000 },
    );
    expect(passed).toBeGreaterThan(100);
  });

  test.each<[message: object, sentence: string]>([
    [
      { role: 'assistant', content: [{ type: 'tool_call', id: 'i'.repeat(501), name: 'a' }] },
      '[0,"content",0,"id"] is refused: message 1 has a part 1 that has a wrong "id": it has 501 characters, and may have at most 500',
    ],
    [
      { role: 'assistant', content: [{ type: 'tool_call', name: 'n'.repeat(201) }] },
      '"name": it has 201 characters, and may have at most 200',
    ],
    [
      { role: 'assistant', content: [{ type: 'tool_call', name: '' }] },
      '[0,"content",0,"name"] is refused: message 1 has a part 1 that has a wrong "name": it is empty',
    ],
    [{ role: 'tool', content: [{ type: 'tool_result', id: 3, content: '' }] }, '"id": it is no text; 3 came'],
    [
      { role: 'user', content: [{ type: 'file', url: 'https://e.com/a', name: 'n'.repeat(256) }] },
      '"name": it has 256 characters, and may have at most 255',
    ],
    [
      { role: 'user', content: [{ type: 'image', url: 'https://e.com/a', detail: 'n'.repeat(41) }] },
      '"detail": it has 41 characters, and may have at most 40',
    ],
    [
      { role: 'user', content: [{ type: 'tool_call', name: 'a' }] },
      '[0,"content",0,"type"] is refused: message 1 has a part 1 that is a tool call, but the role is "user": only an assistant message can',
    ],
    [
      { role: 'system', content: [{ type: 'tool_result', content: 'r' }] },
      'is a tool result, but the role is "system": give the message the role tool',
    ],
    [{ role: 'robot', content: '' }, 'has no role of system, developer, user, assistant, tool; "robot" came'],
    [{ role: 'user', content: null }, 'has no content that is a text or a list of parts; null came'],
  ])('that is refused is told with its place, what was expected and what came: %#', (message, sentence) => {
    expect(problemOf(message)).toContain(sentence);
  });
});
