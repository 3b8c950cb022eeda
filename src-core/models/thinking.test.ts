import fc from 'fast-check';
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

const kinds: readonly (readonly [string, string, string, string])[] = [
  ['reasoning', '<reasoning>\nHm.\n</reasoning>\n\nYes.', 'Hm.', 'Yes.'],
  ['analysis, in capitals', '<ANALYSIS>Hm.</ANALYSIS>Yes.', 'Hm.', 'Yes.'],
  ['thinking', '<thinking>Hm.</thinking>Yes.', 'Hm.', 'Yes.'],
  ['the channel of Gemma', '<|channel>thought\nHm.\n<channel|>Yes.', 'Hm.', 'Yes.'],
  ['an empty channel of Gemma', '<|channel>thought\n<channel|>Yes.', '', 'Yes.'],
  ['a channel of Gemma that its template opened', 'Hm.\n<channel|>Yes.', 'Hm.', 'Yes.'],
  ['LongCat', '<longcat_think>Hm.</longcat_think>Yes.', 'Hm.', 'Yes.'],
];

test.each(kinds)('thoughts in the tags of %s', (_name, text, reasoning, answer) => {
  for (const size of [1, 2, 5, 100]) expect(split(text, size, { stopped: true })).toEqual({ reasoning, answer });
});

const blocks: readonly (readonly [string, string, string, string])[] = [
  [
    'a second block on a line of its own',
    '<think>One.</think>\n\nFirst.\n\n<think>\nTwo.\n</think>\n\nSecond.',
    'One.\n\nTwo.',
    'First.\n\nSecond.',
  ],
  [
    'a second block within a line',
    '<think>One.</think>First. <think>Two.</think> Second.',
    'One.\n\nTwo.',
    'First. Second.',
  ],
  ['three blocks', '<think>1</think>A.\n<think>2</think>B.\n<think>3</think>C.', '1\n\n2\n\n3', 'A.\nB.\nC.'],
  ['a block behind a few words', 'Let me see.\n<think>Hm.</think>\nYes.', 'Hm.', 'Let me see.\nYes.'],
  ['two blocks behind a few words', 'Well.\n<think>1</think>\n<think>2</think>\nYes.', '1\n\n2', 'Well.\nYes.'],
  ['a second channel of Gemma', '<|channel>thought\n1<channel|>A<|channel>thought\n2<channel|>B', '1\n\n2', 'AB'],
  ['a second block of reasoning', '<reasoning>1</reasoning>A.\n<reasoning>2</reasoning>B.', '1\n\n2', 'A.\nB.'],
  ['a block at the end', '<think>1</think>Yes.\n<think>2</think>', '1\n\n2', 'Yes.\n'],
  ['a block within a block', '<think>a <think>b</think> c</think>Yes.', 'a <think>b\n\nc', 'Yes.'],
  [
    'a block within a later block',
    '<think>1</think>A.\n<think>a\n<think>b</think>\nc\n</think>\nB.',
    '1\n\na\n<think>b\n\nc',
    'A.\nB.',
  ],
  ['an opening tag twice', '<think>\n<think>\nHm.</think>\nYes.', '<think>\nHm.', 'Yes.'],
  [
    'an opening tag spoken of in thoughts',
    '<think>They ask of <think> tags.</think>Yes.',
    'They ask of <think> tags.',
    'Yes.',
  ],
];

test.each(blocks)('blocks within an answer are thoughts: %s', (_name, text, reasoning, answer) => {
  for (const size of [1, 2, 3, 7, 1_000]) expect(split(text, size, { stopped: true })).toEqual({ reasoning, answer });
});

const literal: readonly (readonly [string, string])[] = [
  ['in code', 'Write this.\n```\n<think>a</think>\n```\nDone.'],
  ['in code of another kind', 'Write this.\n~~~xml\n<think>\na\n</think>\n~~~\n'],
  ['in a line of code', 'Write.\n`<think>a</think>`, then go on.'],
  ['as an example that was announced', 'The form is:\n\n<think>\nthoughts\n</think>\n\nanswer'],
  ['in a sentence', 'Models write <think>a</think> before they answer.'],
  ['behind a sentence, of a model that does not think', 'Models do. <think>a</think> is a form.'],
  ['a word that is a part of the answer', 'Verdict.\n<reasoning>\nIt fits.\n</reasoning>\n<analysis>Deep.</analysis>'],
  ['a token in quotes', 'It writes "<|channel>thought" and "<channel|>".'],
  ['without an end', 'Yes.\n<think>\nand then nothing.'],
];

test.each(literal)('tags that an answer speaks of stay: %s', (_name, text) => {
  for (const size of [1, 2, 5, 1_000])
    for (const stopped of [true, false])
      expect(split(text, size, { stopped })).toEqual({ reasoning: '', answer: text });
});

test('tags that the answer of a model that thinks speaks of stay, too', () => {
  const said = 'Write `<think>`, then\n```\n<think>a</think>\n```\nand </think> ends it.';
  for (const size of [1, 2, 5, 1_000])
    expect(split(`<think>About <think> tags.</think>\n${said}`, size, { stopped: true })).toEqual({
      reasoning: 'About <think> tags.',
      answer: said,
    });
});

test('a later block without an end is text of a model that stopped, and thoughts of one that was cut off', () => {
  const text = '<think>1</think>Yes.\n<think>2 and';
  for (const size of [1, 3, 100]) {
    expect(split(text, size, { stopped: true })).toEqual({ reasoning: '1', answer: 'Yes.\n<think>2 and' });
    expect(split(text, size)).toEqual({ reasoning: '1\n\n2 and', answer: 'Yes.\n' });
  }
});

test('no letter of any mixture of tags and words is lost, however it is cut', () => {
  const part = fc.constantFrom(
    '<think>',
    '</think>',
    '<analysis>',
    '</analysis>',
    '<|channel>thought',
    '<channel|>',
    'a',
    'b. ',
    '\n',
    '`',
    '```\n',
    ': ',
    '<',
    '[think]',
    '[/think]',
  );
  const letters = (text: string) => [...text].filter((letter) => letter === 'a' || letter === 'b').length;
  const plain = (text: string) =>
    text.replace(/<\/?(?:think|analysis)>|<\|channel>thought|<channel\|>|\[\/?think\]/g, '');
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 14 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (parts, size, stopped) => {
        const text = parts.join('');
        const { reasoning, answer } = split(text, size, { stopped });
        expect(letters(plain(reasoning + answer))).toBe(letters(plain(text)));
        expect({ reasoning, answer }).toEqual(split(text, 1, { stopped }));
      },
    ),
    { numRuns: 2_000 },
  );
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
