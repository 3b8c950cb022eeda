import { expect, test } from 'vitest';
import { createThinkingStream, type Spoken } from './thinking.ts';

/** Feeds the text in pieces of `size` characters and joins what comes out. */
function split(
  text: string,
  size: number,
  { thinking = false, stopped = false } = {},
): { reasoning: string; answer: string } {
  const stream = createThinkingStream(thinking);
  const pieces: Spoken[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(...stream.push(text.slice(at, at + size)));
  pieces.push(...stream.end(stopped));
  return joined(pieces);
}

function joined(pieces: readonly Spoken[]): { reasoning: string; answer: string } {
  let told = { reasoning: '', answer: '' };
  for (const piece of pieces) {
    if (piece.kind === 'replace') told = { reasoning: piece.reasoning, answer: piece.output };
    if (piece.kind === 'delta') told = { ...told, answer: told.answer + piece.text };
    if (piece.kind === 'reasoning') told = { ...told, reasoning: told.reasoning + piece.text };
  }
  return told;
}

const cases: readonly (readonly [string, string, string, string])[] = [
  ['thoughts before the answer', '<think>\nTwo and two.\n</think>\n\nFour.', 'Two and two.', 'Four.'],
  ['white space before the tag', '\n\n<think>a b</think>c', 'a b', 'c'],
  ['an empty block, as models that may not think send it', '<think>\n\n</think>\n\nFour.', '', 'Four.'],
  ['thoughts with tags of their own', '<think>if a < b, </thin> air</think>ok', 'if a < b, </thin> air', 'ok'],
  ['thoughts that were cut off', '<think>Let me see ', 'Let me see', ''],
  ['an answer without thoughts', '  Four <think>is</think> it.', '', '  Four <think>is</think> it.'],
  ['an answer that begins like the tag', '<thin ice>', '', '<thin ice>'],
  ['half a tag and no more', '<thi', '', '<thi'],
];

test.each(cases)('%s', (_name, text, reasoning, answer) => {
  for (const size of [1, 2, 3, 7, 100]) expect(split(text, size)).toEqual({ reasoning, answer });
});

test('a text that begins inside the thoughts ends them with the closing tag', () => {
  for (const size of [1, 5, 100])
    expect(split('\nHm. Yes.\n</think>\nIt is.', size, { thinking: true })).toEqual({
      reasoning: 'Hm. Yes.',
      answer: 'It is.',
    });
});

test('thoughts come out as they arrive', () => {
  const stream = createThinkingStream(false);
  expect(stream.push('<think>One')).toEqual([{ kind: 'reasoning', text: 'One' }]);
  expect(stream.push(' two')).toEqual([{ kind: 'reasoning', text: ' two' }]);
  expect(stream.push('</think>')).toEqual([]);
  expect(stream.push('Three')).toEqual([{ kind: 'delta', text: 'Three' }]);
});

const rescued: readonly (readonly [string, string, boolean, string, string])[] = [
  ['thoughts that no tag ended, of a model that stopped', '<think>Forty-two', false, '', '<think>Forty-two'],
  ['a text that was to begin with thoughts and did not', 'Forty-two.', true, '', 'Forty-two.'],
  ['a block of thoughts, and one without an end', '<think>a</think><think>b', false, 'a', '<think>b'],
  ['a closing tag behind the answer', 'Forty-two.</think>', false, '', 'Forty-two.'],
  ['thoughts that were ended properly', '<think>Hm.</think>', false, 'Hm.', ''],
  ['harmony thoughts', '<|channel|>analysis<|message|>Hm.<|end|>', false, 'Hm.', ''],
];

test.each(rescued)('never an empty answer where text came: %s', (_name, text, thinking, reasoning, answer) => {
  for (const size of [1, 2, 5, 100])
    expect(split(text, size, { thinking, stopped: true })).toEqual({ reasoning, answer });
});

const lone: readonly (readonly [string, string, string, string])[] = [
  ['on a line of its own', 'Hm.\n</think>\nYes.', 'Hm.', 'Yes.'],
  ['right behind the thoughts', 'Hm.</think>Yes.', 'Hm.', 'Yes.'],
  ['in capitals', 'Hm.\n</THINK>\n\nYes.', 'Hm.', 'Yes.'],
  ['before Chinese', '嗯。\n</think>\n\n是的。', '嗯。', '是的。'],
  ['of another name', 'Hm.\n</thought>\nYes.', 'Hm.', 'Yes.'],
  ['at the very start', '</think>\n\nYes.', '', 'Yes.'],
  ['behind a letter whose lower case is longer', 'İİİ\n</think>\nİ', 'İİİ', 'İ'],
];

test.each(lone)('a closing tag alone ends thoughts: %s', (_name, text, reasoning, answer) => {
  for (const size of [1, 2, 5, 100]) expect(split(text, size, { stopped: true })).toEqual({ reasoning, answer });
});

test.each([
  'Put a </think> tag there.',
  'It ends with </think>.',
  'The tag "</think>" ends it.',
  'The tag (</think>) ends it.',
  'In code: `</think>`\n',
  '```\nHm.\n</think>\n```\n',
  'First <think>, then\n</think>\nand so on.',
  'a [link](b) and a < b, </thin> air, </',
])('a closing tag in prose stays: %s', (text) => {
  for (const size of [1, 2, 5, 100])
    expect(split(text, size, { stopped: true })).toEqual({ reasoning: '', answer: text });
});

test('text without tags comes out as it arrives', () => {
  const stream = createThinkingStream(false);
  for (const text of ['a', 'nalysis', ' of', '\n\n', 'data'])
    expect(stream.push(text)).toEqual([{ kind: 'delta', text }]);
});
