import { expect, test } from 'vitest';
import { mergeContent, resolveMerge } from '../../../../src-core/content/merge/merge-content.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { contentSchema } from '../../../../src-core/contract/content.ts';
import { choicesFor, chosenResult, contextOf, readValue, sideText, stepConflict, takesFor } from './merge-choices.ts';

const content = (text: string, settings: object = {}): PromptContent =>
  contentSchema.parse({ messages: [{ role: 'system', content: text }], settings });

const merge = (() => {
  const result = mergeContent(
    content('one\ntwo\nthree', { temperature: 0.1, stop: ['a'] }),
    content('one\nours\nthree', { temperature: 0.2, stop: ['b'] }),
    content('one\ntheirs\nthree', { temperature: 0.3, stop: ['c'] }),
  );
  if (result.kind !== 'conflict') throw new Error('These sides conflict.');
  return result;
})();
const conflictOf = (path: string) => merge.conflicts.find(({ id }) => id.includes(path)) ?? expect.fail(path);
const text = conflictOf('text');
const temperature = conflictOf('temperature');
const stop = conflictOf('stop');

test('both sides can be kept of lines and lists, not of a single value', () => {
  expect(takesFor(text)).toContain('both');
  expect(takesFor(stop)).toContain('both');
  expect(takesFor(temperature)).not.toContain('both');
});

test('the result shows what a choice makes of the conflict', () => {
  expect(chosenResult(text, { take: 'both' })).toBe('ours\ntheirs');
  expect(chosenResult(temperature, { take: 'theirs' })).toBe(0.3);
  expect(chosenResult(stop, { take: 'both' })).toEqual(['b', 'c']);
  expect(sideText(temperature, 'base')).toBe('0.1');
});

test('an edited text and an edited value end up in the merged content', () => {
  const edited = readValue(text, 'mine');
  const number = readValue(temperature, '0.7');
  if (!('value' in edited) || !('value' in number)) expect.fail('Both can be read.');
  const merged = resolveMerge(merge, {
    [text.id]: { take: 'edited', value: edited.value },
    [temperature.id]: { take: 'edited', value: number.value },
    [stop.id]: { take: 'ours' },
  });
  expect(merged.messages[0]?.content).toBe('one\nmine\nthree');
  expect(merged.settings.temperature).toBe(0.7);
});

test('an edited value that is no JSON is a problem, not a choice', () => {
  expect(readValue(temperature, '0.')).toHaveProperty('problem');
});

test('stepping goes to the next undecided conflict and round', () => {
  const { conflicts } = merge;
  const decided = { [conflicts[1]?.id ?? '']: { take: 'ours' } } as const;
  expect(stepConflict(conflicts, decided, 0, 1)).toBe(2);
  expect(stepConflict(conflicts, decided, 2, 1)).toBe(0);
  expect(stepConflict(conflicts, decided, 0, -1)).toBe(2);
});

test('answers to conflicts that are gone are forgotten', () => {
  expect(choicesFor([text], { [text.id]: { take: 'ours' }, gone: { take: 'base' } })).toEqual({
    [text.id]: { take: 'ours' },
  });
});

test('changed lines are shown with the lines around them', () => {
  if (merge.kind !== 'conflict') expect.fail('These sides conflict.');
  expect(contextOf(text, merge.base)).toEqual({ before: ['one'], after: ['three'] });
  expect(contextOf(temperature, merge.base)).toBeNull();
});
