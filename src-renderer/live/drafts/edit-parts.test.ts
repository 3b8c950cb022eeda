import { describe, expect, test } from 'vitest';
import { contentSchema, type PromptContent, type PromptContentInput } from '../../../src-core/contract/content.ts';
import type { MediaPart, MessagePart } from '../../../src-core/contract/messages.ts';
import { toShown, toStored } from './draft-wire.ts';
import { changePart, changePlaceholder, hashesIn, insertPart, movePart, removePart, withSource } from './edit-parts.ts';
import { partKeysFor, placeOfPart } from './part-keys.ts';

const contentOf = (content: NonNullable<PromptContentInput['messages'][number]['content']>): PromptContent =>
  contentSchema.parse({ messages: [{ role: 'user', content }] });
const partsIn = (content: PromptContent) => content.messages[0]?.content;

const text = (value: string): MessagePart => ({ type: 'text', text: value });
const image: MediaPart = { type: 'image', url: 'https://example.com/cat.png' };
const hash = 'a'.repeat(64);

describe('parts of a message', () => {
  test('a text gets parts beside it, and is a plain text again when they are gone', () => {
    const both = insertPart(contentOf('What is this?'), 0, 1, image);
    expect(partsIn(both)).toEqual([text('What is this?'), image]);
    expect(partsIn(removePart(both, 0, 1))).toBe('What is this?');
    expect(partsIn(removePart(removePart(both, 0, 1), 0, 0))).toBe('');
  });

  test('an empty text makes room for an image, but not for another text', () => {
    expect(partsIn(insertPart(contentOf(''), 0, 1, image))).toEqual([image]);
    expect(partsIn(insertPart(contentOf(''), 0, 1, text('')))).toEqual([text(''), text('')]);
  });

  test('a text part with parameters of its own stays a part', () => {
    const content = contentOf([{ ...text('a'), extra: { cache: true } } as MessagePart, image]);
    expect(partsIn(removePart(content, 0, 1))).toEqual([{ ...text('a'), extra: { cache: true } }]);
  });

  test('parts move inside their message and no further', () => {
    const content = contentOf([text('a'), image, text('b')]);
    expect(partsIn(movePart(content, 0, 0, 2))).toEqual([image, text('b'), text('a')]);
    for (const [from, to] of [
      [0, 3],
      [0, -1],
      [1, 1],
      [7, 0],
    ] as const)
      expect(movePart(content, 0, from, to)).toBe(content);
  });

  test('one part is changed, and what is not there or not changed is left alone', () => {
    const content = contentOf([text('a'), image]);
    expect(partsIn(changePart(content, 0, 0, () => text('A')))).toEqual([text('A'), image]);
    expect(changePart(content, 0, 5, () => text('A'))).toBe(content);
    expect(changePart(content, 0, 1, (part) => part)).toBe(content);
    expect(changePart(content, 9, 0, () => text('A'))).toBe(content);
  });

  test('another source takes the place of the one before; name and detail stay', () => {
    const named: MediaPart = { ...image, name: 'قطة.png', detail: 'low', mediaType: 'image/png' };
    expect(withSource(named, { hash }, 'image/webp')).toEqual({
      type: 'image',
      name: 'قطة.png',
      detail: 'low',
      mediaType: 'image/webp',
      hash,
    });
    expect(withSource(named, { input: 'photo' })).not.toHaveProperty('url');
    expect(hashesIn(contentOf([{ type: 'image', hash }, { type: 'file', hash }, image]))).toEqual([hash]);
  });

  test('a placeholder is renamed and made optional; false is left out', () => {
    const content = contentSchema.parse({ messages: [{ placeholder: 'history' }] });
    const optional = changePlaceholder(content, 0, { optional: true });
    expect(optional.messages).toEqual([{ placeholder: 'history', optional: true }]);
    expect(changePlaceholder(optional, 0, { placeholder: '履歴', optional: false }).messages).toEqual([
      { placeholder: '履歴' },
    ]);
    expect(changePlaceholder(contentOf('a'), 0, { placeholder: 'b' })).toEqual(contentOf('a'));
  });
});

describe('keys of parts', () => {
  const before = { parts: [text('a'), image, text('b')], keys: ['k0', 'k1', 'k2'] };

  test('stay with parts that move, change and come back equal from elsewhere', () => {
    const [a, , b] = before.parts;
    expect(partKeysFor([b!, a!, image], before)).toEqual(['k2', 'k0', 'k1']);
    expect(partKeysFor([text('a!'), image, b!], before)).toEqual(['k0', 'k1', 'k2']);
    expect(partKeysFor(structuredClone([b!, image, a!]), before)).toEqual(['k2', 'k1', 'k0']);
    expect(partKeysFor([image, text('b')], before)).toEqual(['k1', 'k2']);
  });

  test('are new for new parts; the first part of a message has that of the message', () => {
    const [first, second] = partKeysFor([text('a'), image], { parts: [], keys: [] });
    expect(first).toBe('');
    expect(second).toMatch(/^[0-9a-f-]{36}$/);
    const [, added] = partKeysFor([before.parts[0]!, { ...image }, image, before.parts[2]!], before);
    expect(added).not.toMatch(/^k/);
  });

  test('tell where a part is after an edit', () => {
    const content = contentOf([text('a'), image, text('b')]);
    const moved = movePart(content, 0, 0, 2);
    expect(placeOfPart(content.messages[0], moved.messages[0], 0)).toBe(2);
    const removed = removePart(content, 0, 1);
    expect(placeOfPart(content.messages[0], removed.messages[0], 1)).toBeNull();
  });
});

test('unfinished addresses, names of inputs and of tools are stored with the draft and shown again', () => {
  const accepted = contentOf('before');
  const shown = {
    ...accepted,
    messages: [
      { placeholder: '' },
      {
        role: 'user' as const,
        content: [
          { type: 'image' as const, url: 'htt' },
          { type: 'audio' as const, input: '' },
        ],
      },
      {
        role: 'assistant' as const,
        content: [{ type: 'tool_call' as const, id: '', name: '', arguments: '{' }],
        extra: { a: 1 },
      },
    ],
  };
  const stored = toStored({ content: shown, typed: {} }, accepted);
  expect(stored.content).toBe(accepted);
  expect(toShown(stored)).toEqual({ content: shown, typed: {} });
});
