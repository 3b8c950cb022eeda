import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromptContentInput } from '../contract/content.ts';
import { AppError } from '../scope/errors.ts';
import { canonicalContent, canonicalJson, hashContent, hashText, normaliseContent } from './hash-content.ts';

const greeting: PromptContentInput = { messages: [{ role: 'user', content: 'Hello {{ name }}' }] };

describe('the hash of a content', () => {
  test('never changes between releases, or every stored version would lose its identity', () => {
    expect(canonicalContent(greeting)).toBe(
      '{"inputs":[],"messages":[{"content":"Hello {{ name }}","role":"user"}],"responseSchema":null,"samples":[],' +
        '"settings":{"fallbacks":[],"model":null},"syntax":"jinja","tools":[]}',
    );
    expect(hashContent(greeting)).toBe('e8ff889c211064dea9a0a7ad999a8ef1f02bba9008c3998fcf803a9aed5f4bb0');
  });

  test('ignores whether a default is said, absent or undefined', () => {
    const spelledOut: PromptContentInput = {
      ...greeting,
      syntax: 'jinja',
      inputs: [],
      settings: { model: null, fallbacks: [], temperature: undefined, stop: [] },
      tools: [],
      responseSchema: null,
      samples: [],
    };
    expect(hashContent(spelledOut)).toBe(hashContent(greeting));
  });

  test('ignores the order of keys but not the order of messages', () => {
    const schema = (value: Record<string, string>): PromptContentInput => ({ ...greeting, responseSchema: value });
    expect(hashContent(schema({ a: '1', b: '2' }))).toBe(hashContent(schema({ b: '2', a: '1' })));
    const other = { role: 'system' as const, content: 'Be brief.' };
    expect(hashContent({ messages: [other, ...greeting.messages] })).not.toBe(
      hashContent({ messages: [...greeting.messages, other] }),
    );
  });

  test('tells every part of the snapshot apart', () => {
    const changed: PromptContentInput[] = [
      { ...greeting, syntax: 'liquid' },
      { ...greeting, inputs: [{ name: 'name', type: 'string' }] },
      { ...greeting, settings: { temperature: 0 } },
      { ...greeting, settings: { fallbacks: ['starter'] } },
      { ...greeting, tools: [{ name: 'clock' }] },
      { ...greeting, responseSchema: {} },
      { ...greeting, samples: [{ name: 'one', inputs: {} }] },
      { messages: [{ role: 'user', content: 'Hello {{ name }} ' }] },
      { messages: [{ role: 'system', content: 'Hello {{ name }}' }] },
    ];
    const hashes = new Set([greeting, ...changed].map(hashContent));
    expect(hashes.size).toBe(changed.length + 1);
  });

  test('survives half an emoji, which storage would replace as well', () => {
    const broken: PromptContentInput = { messages: [{ role: 'user', content: 'cut \ud83d here \u{1f600}' }] };
    const stored = normaliseContent(broken);
    expect(stored.messages[0]?.content).toBe('cut \ufffd here \u{1f600}');
    expect(hashContent(broken)).toBe(hashContent(stored));
  });

  test('stays the same after a round trip through its canonical JSON', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }),
        fc.jsonValue(),
        (texts, value) => {
          const content = {
            messages: texts.map((text) => ({ role: 'user' as const, content: text })),
            inputs: [{ name: 'x', type: 'object' as const, default: value as string }],
          };
          const stored = JSON.parse(canonicalContent(content)) as PromptContentInput;
          expect(hashContent(stored)).toBe(hashContent(content));
        },
      ),
    );
  });

  test('is refused, with the field, for what is no content', () => {
    const bad = { messages: [{ role: 'robot', content: '' }] } as unknown as PromptContentInput;
    expect(() => hashContent(bad)).toThrow(AppError);
    expect(() => hashContent(bad)).toThrow(/"messages\.0\.role"/);
  });
});

test('a text hashes as SHA-256 of its UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(hashText(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    }),
  );
});

test('canonical JSON sorts keys by UTF-16 code units and writes numbers as RFC 8785 says', () => {
  expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 })).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}',
  );
  expect(canonicalJson([4.35, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[4.35,1e+30,4.5,0.002,1e-27,0]');
});
