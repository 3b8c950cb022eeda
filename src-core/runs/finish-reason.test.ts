import { expect, test } from 'vitest';
import { countEnds, describeEnds, describeFinish, finishLine } from './finish-reason.ts';

test.each([null, undefined, '', 'null', 'stop', 'STOP', 'tool_calls', 'end_turn', 'eos'])(
  'an answer that ended with %j is ordinary',
  (reason) => {
    expect(describeFinish(reason)).toBeNull();
  },
);

test.each([
  ['length', 'cut', 'cut at max tokens'],
  ['MAX_TOKENS', 'cut', 'cut at max tokens'],
  ['content_filter', 'filtered', 'content filtered'],
  ['sensitive', 'filtered', 'content filtered'],
  ['SAFETY', 'filtered', 'content filtered'],
  ['incomplete', 'incomplete', 'incomplete'],
  ['insufficient_system_resource', 'other', 'ended with "insufficient_system_resource"'],
  ['repetition_truncation', 'other', 'ended with "repetition_truncation"'],
])('an answer that ended with %j is %s', (reason, kind, label) => {
  expect(describeFinish(reason)).toMatchObject({ kind, label, sentence: expect.stringMatching(/^The .*\.$/) });
});

test('says in one line of which model it is', () => {
  expect(finishLine('lab/x', 'length')).toBe('lab/x: cut at max tokens (length).');
  expect(finishLine('lab/x', 'content_filter')).toBe('lab/x: content filtered (content_filter).');
  expect(finishLine('lab/x', 'incomplete')).toBe('lab/x: incomplete.');
  expect(finishLine('lab/x', 'abort')).toBe('lab/x: ended with "abort".');
  expect(finishLine('lab/x', 'stop')).toBeNull();
});

test('counts how many answers ended how', () => {
  const ends = countEnds(['stop', 'length', 'length', null, 'content_filter', 'abort']);
  expect(ends).toEqual({ cut: 2, filtered: 1, incomplete: 0, other: 1 });
  expect(describeEnds(ends)).toBe('2 cut, 1 filtered, 1 ended oddly');
  expect(describeEnds(countEnds(['stop']))).toBeNull();
});
