import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromptContentInput } from '../../contract/content.ts';
import type { RoleMessage } from '../../contract/messages.ts';
import { contentArbitrary, editedContent } from '../../library/versions/testing/content-arbitrary.ts';
import { timed } from '../../templates/corpus/hostile.ts';
import { hashContent, normaliseContent } from '../hash-content.ts';
import { changeSize, diffContent, type MessageChange } from './diff-content.ts';
import { countChanges, summariseChanges } from './summarise-changes.ts';

const base: PromptContentInput = {
  messages: [
    { role: 'system', content: 'You are a helpful assistant.\nAnswer in English.' },
    { role: 'user', content: 'What is {{ question }}?' },
    { role: 'assistant', content: 'It is a wonderful thing to know.' },
    { role: 'user', content: 'Now explain it to a child of {{ age }}.' },
  ],
  inputs: [{ name: 'question', type: 'string' }],
  settings: { temperature: 0.2 },
};
const [system, question, answer, followUp] = base.messages as [Message, Message, Message, Message];
type Message = Pick<RoleMessage, 'role'> & { readonly content: string };

const diff = (after: Partial<PromptContentInput>, before: Partial<PromptContentInput> = {}) =>
  diffContent(normaliseContent({ ...base, ...before }), normaliseContent({ ...base, ...after }));
const summary = (after: Partial<PromptContentInput>, before?: Partial<PromptContentInput>) =>
  summariseChanges(diff(after, before));
const outline = (messages: readonly MessageChange[]) =>
  messages.map((change) => {
    const from = 'before' in change ? change.before.index : '-';
    const to = 'after' in change ? change.after.index : '-';
    return `${change.kind}${'moved' in change && change.moved ? ' moved' : ''} ${from}>${to}`;
  });

describe('the messages of two contents', () => {
  test('are matched when edited, added and removed around each other', () => {
    const edited = { ...system, content: 'You are a helpful assistant.\nAnswer in German.' };
    const example = { role: 'assistant' as const, content: 'Bananas!' };
    const { messages } = diff({ messages: [edited, example, question, followUp] });
    expect(outline(messages)).toEqual(['changed 0>0', 'added ->1', 'same 1>2', 'removed 2>-', 'same 3>3']);
    expect(messages[0]?.lines).toEqual({ added: 1, removed: 1 });
  });

  test('that moved are told from those that others moved around', () => {
    expect(outline(diff({ messages: [question, answer, followUp, system] }).messages)).toEqual([
      'same 1>0',
      'same 2>1',
      'same 3>2',
      'same moved 0>3',
    ]);
  });

  test('are recognised when they moved and were edited', () => {
    const edited = { ...system, content: `${system.content}\nBe kind.` };
    expect(outline(diff({ messages: [question, answer, followUp, edited] }).messages)).toContain('changed moved 0>3');
  });

  test('are recognised under another role', () => {
    const { messages } = diff({ messages: [{ ...system, role: 'developer' }, question, answer, followUp] });
    expect(messages[0]).toMatchObject({
      kind: 'changed',
      before: { message: { role: 'system' } },
      after: { message: { role: 'developer' } },
    });
  });

  test('count as the same one when rewritten in place', () => {
    const rewritten = { ...system, content: 'Parle comme un pirate' };
    expect(outline(diff({ messages: [rewritten, question, answer, followUp] }).messages)[0]).toBe('changed 0>0');
  });

  test('each appear exactly once, whatever happened', () => {
    fc.assert(
      fc.property(contentArbitrary, contentArbitrary, (before, after) => {
        const { messages } = diffContent(before, after);
        const old = messages.flatMap((change) => (change.kind === 'added' ? [] : change.before.index));
        const fresh = messages.flatMap((change) => (change.kind === 'removed' ? [] : change.after.index));
        expect(old.sort()).toEqual([...before.messages.keys()]);
        expect(fresh).toEqual([...after.messages.keys()]);
      }),
    );
  });
});

describe('the fields of two contents', () => {
  test('are compared value by value, with their path', () => {
    const { fields } = diff({
      settings: { temperature: 0.7, seed: 1 },
      inputs: [
        { name: 'question', type: 'string', default: 'why' },
        { name: 'tone', type: 'string' },
      ],
      responseSchema: { type: 'object' },
    });
    expect(fields.map(({ kind, path }) => `${kind} ${path.join('.')}`)).toEqual([
      'added settings.seed',
      'changed settings.temperature',
      'added inputs.question.default',
      'added inputs.tone',
      'added responseSchema',
    ]);
    expect(fields[1]).toMatchObject({ before: 0.2, after: 0.7 });
  });

  test('show a new order of inputs, because the hash sees it too', () => {
    const inputs = [
      { name: 'a', type: 'string' as const },
      { name: 'b', type: 'string' as const },
    ];
    expect(diff({ inputs: inputs.toReversed() }, { inputs }).fields).toEqual([
      { kind: 'reordered', area: 'inputs', path: ['inputs'], before: ['a', 'b'], after: ['b', 'a'] },
    ]);
  });
});

describe('the summary of a change', () => {
  test('reads as a note that a person would write', () => {
    const edited = { ...system, content: `${system.content}\nBe kind.` };
    const change = {
      messages: [edited, question, answer, followUp],
      settings: { temperature: 0.7 },
      inputs: [...base.inputs!, { name: 'tone', type: 'string' as const }],
    };
    expect(summary(change)).toBe('Edited system message, temperature 0.2 → 0.7, added input `tone`');
    expect(changeSize(diff(change))).toEqual({ added: 3, removed: 1 });
  });

  test.each<[Partial<PromptContentInput>, string]>([
    [{}, 'No changes'],
    [{ settings: {} }, 'Cleared temperature'],
    [{ settings: { temperature: 0.2, model: 'starter', stop: ['\n'] } }, 'Set model starter, set stop sequences \\n'],
    [{ messages: [system, question, answer] }, 'Removed user message 2'],
    [
      { messages: [{ ...system, role: 'developer' }, question, answer, followUp] },
      'Changed system message → developer',
    ],
    [{ messages: [question, answer, followUp, system] }, 'Moved system message'],
    [{ inputs: [{ name: 'question', type: 'enum', values: ['a'] }] }, 'Changed input `question`'],
    [{ responseSchema: { type: 'string' }, syntax: 'liquid' }, 'Syntax jinja → liquid, added response schema'],
  ])('of %j is short and plain', (after, expected) => {
    expect(summary(after)).toBe(expected);
  });

  test('stays one line when everything changed', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ name: `input_${i}`, type: 'string' as const }));
    const line = summary({ inputs: [...base.inputs!, ...many] });
    expect(line).toMatch(/^Added input `input_0`, .* and 5 more changes$/);
    expect(line).not.toContain('\n');
  });

  test('is "No changes" exactly when the hashes are equal', () => {
    const pair = contentArbitrary.chain((before) =>
      fc.tuple(fc.constant(before), fc.oneof(editedContent(before), contentArbitrary)),
    );
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const changes = diffContent(before, after);
        expect(countChanges(changes) === 0).toBe(hashContent(before) === hashContent(after));
        expect(summariseChanges(changes) === 'No changes').toBe(countChanges(changes) === 0);
      }),
      { numRuns: 500 },
    );
  });
});

test('two prompts of 200 long messages are compared without looking at every pair of lines', () => {
  const messages = (word: string) =>
    Array.from({ length: 200 }, (_, i) => ({ role: 'user' as const, content: `${word} ${i} says. `.repeat(300) }));
  const { outcome, milliseconds } = timed(() => diff({ messages: messages('one') }, { messages: messages('two') }));
  expect(outcome.messages).toHaveLength(200);
  expect(milliseconds).toBeLessThan(10_000);
});
