import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentSchema, type PromptContent, type PromptContentInput } from '../contract/content.ts';
import { documentOf, partsOf, templatesOf } from '../contract/message-texts.ts';
import type { MessageTemplateInput } from '../contract/messages.ts';
import { contentArbitrary, plainContentArbitrary } from '../library/versions/testing/content-arbitrary.ts';
import { canonicalContent, hashContent, normaliseContent } from './hash-content.ts';

const photo = { type: 'image' as const, url: 'https://example.com/cat.png' };
const of = (...messages: MessageTemplateInput[]): PromptContentInput => ({ messages });
const problemOf = (...messages: MessageTemplateInput[]) => contentSchema.safeParse(of(...messages)).error?.issues[0];

describe('a content of format 1', () => {
  // Computed by release 0.1.0.
  test('keeps its hash, or every stored version would lose its identity', () => {
    expect(hashContent(of({ role: 'user', content: 'Hello {{ name }}' }))).toBe(
      'e8ff889c211064dea9a0a7ad999a8ef1f02bba9008c3998fcf803a9aed5f4bb0',
    );
    expect(
      hashContent({
        messages: [
          { role: 'system', content: 'Be kind.\r\nBe brief.' },
          { role: 'tool', content: '' },
        ],
        inputs: [{ name: 'name', type: 'string', default: 'Ada' }],
        settings: { model: 'starter', temperature: 0.2, stop: ['END'] },
        tools: [{ name: 'look_up', parameters: { type: 'object' } }],
        responseSchema: { type: 'object' },
        samples: [{ name: 'one', inputs: { name: 'Bo' } }],
        syntax: 'liquid',
      }),
    ).toBe('8a877a5605f9dff849e1194dc47f8b9ee899295db812bcaa42c72525da2ddd16');
  });

  test('has the canonical form that it had: no key of format 2 appears', () => {
    fc.assert(
      fc.property(plainContentArbitrary, (content) => {
        const { messages, settings, ...fields } = JSON.parse(canonicalContent(content)) as PromptContent;
        for (const message of messages) expect(Object.keys(message)).toEqual(['content', 'role']);
        expect(Object.keys(settings)).not.toContain('extra');
        expect(Object.keys(fields).sort()).toEqual(['inputs', 'responseSchema', 'samples', 'syntax', 'tools']);
      }),
    );
  });

  test('says the same with each text as the only part of its message', () => {
    fc.assert(
      fc.property(plainContentArbitrary, (content) => {
        const messages = normaliseContent(content).messages.map((message) => ({
          role: message.role!,
          content: [...partsOf(message)],
          extra: {},
        }));
        expect(hashContent({ ...content, messages, extra: {} })).toBe(hashContent(content));
      }),
    );
  });
});

describe('the one form of a content', () => {
  test('leaves out what means nothing', () => {
    const spelledOut = of(
      { placeholder: 'history', optional: false, extra: {} },
      { role: 'user', content: [{ type: 'text', text: 'Hi', extra: {} }, photo] },
      { role: 'assistant', content: [] },
    );
    expect(normaliseContent(spelledOut).messages).toEqual([
      { placeholder: 'history' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }, photo] },
      { role: 'assistant', content: '' },
    ]);
  });

  test('tells every part and every field of it apart', () => {
    const contents = [
      of({ role: 'user', content: [photo] }),
      of({ role: 'user', content: [{ ...photo, detail: 'high' }] }),
      of({ role: 'user', content: [{ ...photo, extra: { a: 1 } }] }),
      of({ role: 'user', content: [photo], extra: { a: 1 } }),
      of({ role: 'user', content: [{ ...photo, type: 'file' }] }),
      of({ role: 'user', content: [{ type: 'image', hash: 'a'.repeat(64) }] }),
      of({ role: 'user', content: [{ type: 'image', input: 'photo' }] }),
      of({ placeholder: 'history' }),
      of({ placeholder: 'history', optional: true }),
      { ...of({ placeholder: 'history' }), extra: { a: 1 } },
      { ...of({ placeholder: 'history' }), settings: { extra: { a: 1 } } },
    ];
    expect(new Set(contents.map(hashContent)).size).toBe(contents.length);
  });

  test('is the same when it is normalised, stored and read again', () => {
    fc.assert(
      fc.property(contentArbitrary, (content) => {
        expect(normaliseContent(content)).toEqual(content);
        const read = contentSchema.parse(JSON.parse(canonicalContent(content)));
        expect(normaliseContent(read)).toEqual(content);
        expect(hashContent(read)).toBe(hashContent(content));
      }),
    );
  });

  test('has plain ends of lines in every text of every part', () => {
    const content = normaliseContent(
      of({
        role: 'assistant',
        content: [
          { type: 'text', text: 'a\r\nb' },
          { type: 'tool_call', name: 'x', arguments: '{\r}' },
          { type: 'tool_result', content: 'c\rd' },
        ],
      }),
    );
    expect(templatesOf(content.messages[0]!).map(({ text }) => text)).toEqual(['a\nb', '{\n}', 'c\nd']);
  });
});

describe('what a message cannot be is told by name', () => {
  test.each<[MessageTemplateInput, string, RegExp]>([
    [
      { role: 'user', content: [{ type: 'image', url: 'data:image/png;base64,AAAA' }] },
      'url',
      /blobs of the workspace/,
    ],
    [{ role: 'user', content: [{ type: 'image', url: 'file:///etc/passwd' }] }, 'url', /http:\/\//],
    [{ role: 'user', content: [{ type: 'image', url: 'https://a b' }] }, 'url', /no blanks/],
    [{ role: 'user', content: [{ type: 'image', url: `https://a/${'x'.repeat(9_000)}` }] }, 'url', /8192/],
    [{ role: 'user', content: [{ type: 'image', hash: 'ABC' }] }, 'hash', /64 lower-case hex/],
    [{ role: 'user', content: [{ type: 'image' }] }, '0', /exactly one of url, hash or input/],
    [{ role: 'user', content: [{ ...photo, input: 'photo' }] }, '0', /exactly one of url, hash or input/],
    [{ role: 'user', content: Array.from({ length: 101 }, () => photo) }, 'content', /100/],
    [{ role: 'user', content: 'Hi', placeholder: 'history' } as never, 'placeholder', /not both/],
    [{ placeholder: 'no name' }, 'placeholder', /input name/],
    [{ role: 'robot', content: 'Hi' } as never, 'role', /expected one of/],
    [{ role: 'user', content: 'Hi', extra: { a: 'x'.repeat(65_536) } }, 'extra', /65536 bytes/],
    [
      { role: 'user', content: 'Hi', extra: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) },
      'extra',
      /32 levels/,
    ],
  ])('%#', (message, last, sentence) => {
    const problem = problemOf(message);
    expect(problem?.message).toMatch(sentence);
    expect(String(problem?.path.at(-1))).toBe(last);
    expect(problem?.path.slice(0, 2)).toEqual(['messages', 0]);
  });
});

test('a message reads as lines, each part behind a line of its own', () => {
  const [message] = normaliseContent(
    of({
      role: 'assistant',
      content: [
        { type: 'text', text: 'Look:\nhere' },
        { ...photo, name: 'a cat.png', detail: 'low' },
        { type: 'tool_call', id: 'call_1', name: 'look_up', arguments: '{"a":1}' },
        { type: 'tool_result', id: 'call_1', content: 'found' },
      ],
      extra: { cache: true },
    }),
  ).messages;
  expect(documentOf(message!)).toBe(
    [
      '[extra {"cache":true}]',
      '[text]',
      'Look:',
      'here',
      '[image url https://example.com/cat.png name="a cat.png" detail=low]',
      '[tool_call look_up id=call_1]',
      '{"a":1}',
      '[tool_result id=call_1]',
      'found',
    ].join('\n'),
  );
  expect(documentOf({ placeholder: 'history', optional: true })).toBe('[placeholder history optional]');
});
