import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromptContent, PromptContentInput } from '../../contract/content.ts';
import { isPlaceholder } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import { contentArbitrary, editedContent } from '../../library/versions/testing/content-arbitrary.ts';
import { AppError } from '../../scope/errors.ts';
import { canonicalJson, normaliseContent } from '../hash-content.ts';
import type { MergeChoice } from './merge-conflict.ts';
import { type ContentMerge, mergeContent, resolveMerge } from './merge-content.ts';

const system = { role: 'system' as const, content: 'You are a helpful assistant.\nAnswer in English.\nNever guess.' };
const question = { role: 'user' as const, content: 'What is {{ question }}?' };
const answer = { role: 'assistant' as const, content: 'It is a wonderful thing to know.' };
const start: PromptContentInput = {
  messages: [system, question, answer],
  inputs: [{ name: 'question', type: 'string' }],
  settings: { temperature: 0.2, model: 'starter' },
};
const make = (changes: Partial<PromptContentInput> = {}) => normaliseContent({ ...start, ...changes });
const merge = (ours: Partial<PromptContentInput>, theirs: Partial<PromptContentInput>) =>
  mergeContent(make(), make(ours), make(theirs));
const kindly = { ...system, content: system.content.replace('helpful', 'kind') };
const sure = { ...system, content: system.content.replace('Never guess', 'Be sure') };

function clean(merged: ContentMerge): PromptContent {
  if (merged.kind === 'clean') return merged.content;
  throw new Error(`Conflicts: ${merged.conflicts.map((conflict) => conflict.where).join(', ')}`);
}

function attempt<Result>(run: () => Result): Result | AppError {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}

function conflictsOf(merged: ContentMerge) {
  return merged.kind === 'clean' ? [] : merged.conflicts;
}

describe('a merge without conflicts', () => {
  test('takes edits of one message from both sides', () => {
    const content = clean(merge({ messages: [kindly, question, answer] }, { messages: [sure, question, answer] }));
    expect(content.messages[0]?.content).toBe('You are a kind assistant.\nAnswer in English.\nBe sure.');
  });

  test('follows a message that one side moved, gave another role and the other edited', () => {
    const moved = { ...system, role: 'developer' as const };
    const content = clean(merge({ messages: [question, answer, moved] }, { messages: [kindly, question, answer] }));
    expect(content.messages).toEqual([question, answer, { ...kindly, role: 'developer' }]);
  });

  test('removes what one side removed and keeps what either added', () => {
    const last = { role: 'user' as const, content: 'Thank you.' };
    const first = { role: 'developer' as const, content: 'Internal only.' };
    const content = clean(
      merge({ messages: [first, system, question] }, { messages: [system, question, answer, last] }),
    );
    expect(content.messages).toEqual([first, system, question, last]);
  });

  test('takes settings, inputs and schemas field by field', () => {
    const content = clean(
      merge(
        {
          settings: { temperature: 0.7, model: 'starter' },
          inputs: [
            { name: 'question', type: 'string', default: 'why' },
            { name: 'tone', type: 'string' },
          ],
        },
        {
          settings: { temperature: 0.2, model: 'openai/gpt-4o', seed: 7 },
          inputs: [
            { name: 'question', type: 'string', description: 'What to ask.' },
            { name: 'age', type: 'number' },
          ],
          responseSchema: { type: 'object' },
        },
      ),
    );
    expect(content.settings).toEqual({ temperature: 0.7, model: 'openai/gpt-4o', seed: 7, fallbacks: [] });
    expect(content.inputs.map((input) => input.name)).toEqual(['question', 'age', 'tone']);
    expect(content.inputs[0]).toMatchObject({ default: 'why', description: 'What to ask.' });
    expect(content.responseSchema).toEqual({ type: 'object' });
  });

  test('has an input once that both added', () => {
    const tone = { name: 'tone', type: 'string' as const };
    const age = { name: 'age', type: 'number' as const };
    const content = clean(merge({ inputs: [...start.inputs!, tone] }, { inputs: [tone, ...start.inputs!, age] }));
    expect(content.inputs.map((input) => input.name)).toEqual(['tone', 'question', 'age']);
  });
});

describe('a conflict', () => {
  test('is found per hunk and decided per hunk', () => {
    const ours = { ...system, content: 'You are a kind assistant.\nAnswer in English.\nNever ever guess.' };
    const theirs = { ...system, content: 'You are a rude assistant.\nAnswer in English.\nGuess.' };
    const merged = merge({ messages: [ours, question, answer] }, { messages: [theirs, question, answer] });
    expect(conflictsOf(merged).map(({ id, where }) => [id, where])).toEqual([
      ['messages/0/text/0', 'system message, line 1'],
      ['messages/0/text/2', 'system message, line 3'],
    ]);
    const text = (first: MergeChoice, second: MergeChoice) =>
      resolveMerge(merged, { 'messages/0/text/0': first, 'messages/0/text/2': second }).messages[0]?.content;
    expect(text({ take: 'theirs' }, { take: 'base' })).toBe(
      'You are a rude assistant.\nAnswer in English.\nNever guess.',
    );
    expect(text({ take: 'edited', value: '' }, { take: 'both' })).toBe('Answer in English.\nNever ever guess.\nGuess.');
    expect(text({ take: 'edited', value: 'Hi\nyou' }, { take: 'ours' })).toBe(
      'Hi\nyou\nAnswer in English.\nNever ever guess.',
    );
  });

  test('is a value that both changed', () => {
    const merged = merge({ settings: { temperature: 0 } }, { settings: { temperature: 1, model: 'starter' } });
    expect(conflictsOf(merged)).toEqual([
      {
        kind: 'value',
        id: 'settings/temperature',
        where: 'temperature',
        path: ['settings', 'temperature'],
        base: 0.2,
        ours: 0,
        theirs: 1,
      },
    ]);
    const resolved = resolveMerge(merged, { 'settings/temperature': { take: 'edited', value: 0.5 } });
    expect(resolved.settings).toEqual({ temperature: 0.5, model: null, fallbacks: [] });
  });

  test('is a message that one side removed and the other edited', () => {
    const merged = merge({ messages: [question, answer] }, { messages: [kindly, question, answer] });
    const id = 'messages/0';
    expect(conflictsOf(merged)).toMatchObject([{ id, kind: 'messages', base: [system], ours: [], theirs: [kindly] }]);
    const messages = (choice: MergeChoice) => resolveMerge(merged, { [id]: choice }).messages;
    expect(messages({ take: 'ours' })).toEqual([question, answer]);
    expect(messages({ take: 'both' })).toEqual([kindly, question, answer]);
    expect(messages({ take: 'base' })).toEqual([system, question, answer]);
  });

  test('is an input that one side removed and the other edited', () => {
    const theirs = [{ name: 'question', type: 'string' as const, default: 'why' }];
    const merged = merge({ inputs: [] }, { inputs: theirs });
    expect(conflictsOf(merged).map(({ id, where }) => [id, where])).toEqual([['inputs/question', 'input `question`']]);
    expect(resolveMerge(merged, { 'inputs/question': { take: 'ours' } }).inputs).toEqual([]);
    expect(resolveMerge(merged, { 'inputs/question': { take: 'theirs' } }).inputs).toMatchObject(theirs);
  });

  test('is two different messages added at one place, where what both added alike is settled', () => {
    const [thanks, bye, hello] = ['Thank you.', 'Good bye!', 'Hello.'].map((content) => ({
      role: 'user' as const,
      content,
    }));
    const merged = merge(
      { messages: [system, question, answer, thanks!, bye!] },
      { messages: [system, question, answer, thanks!, hello!] },
    );
    expect(conflictsOf(merged)).toMatchObject([
      { where: 'messages added after assistant message', base: [], ours: [bye], theirs: [hello] },
    ]);
    const id = conflictsOf(merged)[0]!.id;
    expect(resolveMerge(merged, { [id]: { take: 'both' } }).messages.slice(3)).toEqual([thanks, bye, hello]);
  });

  test('is an order that both changed differently', () => {
    const merged = merge({ messages: [question, system, answer] }, { messages: [system, answer, question] });
    expect(conflictsOf(merged)).toMatchObject([{ id: 'messages#order', kind: 'order' }]);
    expect(resolveMerge(merged, { 'messages#order': { take: 'theirs' } }).messages).toEqual([system, answer, question]);
  });

  test('is a prompt that would have no message left', () => {
    const two = make({ messages: [system, question] });
    const merged = mergeContent(two, make({ messages: [system] }), make({ messages: [question] }));
    expect(conflictsOf(merged)).toMatchObject([{ id: 'messages', base: [system, question] }]);
    expect(resolveMerge(merged, { messages: { take: 'both' } }).messages).toEqual([system, question]);
  });

  test('that is undecided, unknown or decided impossibly is refused with a sentence', () => {
    const merged = merge({ settings: { temperature: 0 } }, { settings: { temperature: 1 } });
    const refusal = (choices: Record<string, MergeChoice>) => {
      const thrown = attempt(() => resolveMerge(merged, choices));
      return thrown instanceof AppError ? `${thrown.code}: ${thrown.message}` : thrown;
    };
    expect(refusal({})).toBe('conflict: Choose a side for what both changed: temperature.');
    expect(refusal({ 'settings/seed': { take: 'ours' } })).toBe('invalid: This merge has no conflict "settings/seed".');
    expect(refusal({ 'settings/temperature': { take: 'both' } })).toMatch(
      /^invalid: The choice for temperature should be/,
    );
    expect(refusal({ 'settings/temperature': { take: 'edited', value: 'hot' } })).toMatch(
      /^invalid: .*settings\.temperature/,
    );
  });
});

const edits = contentArbitrary.chain((base) =>
  fc.record({ base: fc.constant(base), ours: editedContent(base), theirs: editedContent(base) }),
);
const unrelated = fc.record({ base: contentArbitrary, ours: contentArbitrary, theirs: contentArbitrary });
const threeSides = fc.oneof({ weight: 3, arbitrary: edits }, { weight: 1, arbitrary: unrelated });

test('choices that leave no message are refused', () => {
  const two = make({ messages: [system, question] });
  const merged = mergeContent(two, make({ messages: [kindly] }), make({ messages: [question] }));
  expect(merged).toMatchObject({ kind: 'conflict', preview: { messages: [kindly] } });
  expect(attempt(() => resolveMerge(merged, { 'messages/0': { take: 'theirs' } }))).toMatchObject({ code: 'invalid' });
  expect(resolveMerge(merged, { 'messages/0': { take: 'ours' } }).messages).toEqual([kindly]);
});

describe('for any three contents', () => {
  test('a side that changed nothing, or the same, gives the other side', () => {
    const two = contentArbitrary.chain((base) =>
      fc.tuple(fc.constant(base), fc.oneof(editedContent(base), contentArbitrary)),
    );
    fc.assert(
      fc.property(two, ([base, side]) => {
        expect(mergeContent(base, side, base)).toEqual({ kind: 'clean', content: side });
        expect(mergeContent(base, base, side)).toEqual({ kind: 'clean', content: side });
        expect(mergeContent(base, side, side)).toEqual({ kind: 'clean', content: side });
      }),
      { numRuns: 500 },
    );
  });

  test('it does not matter whose side is called ours', () => {
    fc.assert(
      fc.property(threeSides, ({ base, ours, theirs }) => {
        const [one, other] = [mergeContent(base, ours, theirs), mergeContent(base, theirs, ours)];
        if (one.kind === 'clean') expect(other).toEqual(one);
        const swapped = conflictsOf(one).map((conflict) => ({
          ...conflict,
          ours: conflict.theirs,
          theirs: conflict.ours,
        }));
        expect(conflictsOf(other)).toEqual(swapped);
      }),
      { numRuns: 500 },
    );
  });

  test('no line and no part that only one side has is dropped: it is in the result or in a conflict', () => {
    const lines = (content: PromptContent) => new Set(content.messages.flatMap(linesOf));
    const linesOf = (message: MessageTemplate): readonly string[] => {
      const extra = message.extra === undefined ? [] : [canonicalJson(message.extra)];
      if (isPlaceholder(message)) return [...extra, message.placeholder];
      if (typeof message.content === 'string') return [...extra, ...message.content.split('\n')];
      return [...extra, ...message.content.map(canonicalJson)];
    };
    fc.assert(
      fc.property(threeSides, ({ base, ours, theirs }) => {
        const merged = mergeContent(base, ours, theirs);
        const result = lines(merged.kind === 'clean' ? merged.content : merged.preview);
        const inConflict = canonicalJson(conflictsOf(merged));
        const isKept = (line: string) =>
          result.has(line) || inConflict.includes(line) || inConflict.includes(JSON.stringify(line).slice(1, -1));
        for (const side of [ours, theirs]) {
          for (const line of lines(side)) if (!lines(base).has(line)) expect(isKept(line)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('choosing a side everywhere decides every conflict, and no input is touched', () => {
    fc.assert(
      fc.property(threeSides, fc.constantFrom('base', 'ours', 'theirs'), ({ base, ours, theirs }, take) => {
        const before = JSON.stringify([base, ours, theirs]);
        const merged = mergeContent(base, ours, theirs);
        const conflicts = conflictsOf(merged);
        expect(new Set(conflicts.map((conflict) => conflict.id)).size).toBe(conflicts.length);
        const choices = Object.fromEntries(conflicts.map(({ id }) => [id, { take } as MergeChoice]));
        const resolved = attempt(() => resolveMerge(structuredClone(merged), choices));
        if (resolved instanceof AppError) expect(resolved.message).toMatch(/no message left/);
        else expect(resolved).toEqual(normaliseContent(resolved));
        expect(JSON.stringify([base, ours, theirs])).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});
