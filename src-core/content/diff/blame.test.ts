import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromptContentInput } from '../../contract/content.ts';
import { timed } from '../../templates/corpus/hostile.ts';
import { normaliseContent } from '../hash-content.ts';
import { blameLines, blameMessages } from './blame.ts';

const origin = (versionNumber: number) => ({
  versionId: `v${versionNumber}`,
  versionNumber,
  confirmed: true,
  author: versionNumber % 2 ? 'ada' : 'bob',
  at: `2026-11-${String(versionNumber).padStart(2, '0')}T10:00:00.000Z`,
});
const texts = (...all: string[]) => all.map((text, i) => ({ ...origin(i + 1), text }));
const numbers = (lines: readonly { readonly versionNumber: number }[]) => lines.map((line) => line.versionNumber);

describe('the blame of a text', () => {
  test('names the version that last changed each line, with its author and time', () => {
    const lines = blameLines(texts('a\nb\nc', 'a\nB\nc', 'first\na\nB\nc\nlast'));
    expect(numbers(lines)).toEqual([3, 1, 2, 1, 3]);
    expect(lines[2]).toEqual({
      text: 'B',
      versionId: 'v2',
      versionNumber: 2,
      confirmed: true,
      author: 'bob',
      at: '2026-11-02T10:00:00.000Z',
    });
  });

  test('gives a line that went and came back to the version that brought it back', () => {
    expect(numbers(blameLines(texts('a\nb', 'a', 'a\nb')))).toEqual([1, 3]);
  });

  test('is empty without history or text', () => {
    expect(blameLines([])).toEqual([]);
    expect(blameLines(texts('a', ''))).toEqual([]);
  });

  test('has every line of the last text, each from a version that has the line', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (all) => {
        const lines = blameLines(texts(...all));
        expect(lines.map((line) => line.text).join('\n')).toBe(all.at(-1));
        for (const line of lines) expect(all[line.versionNumber - 1]!.split('\n')).toContain(line.text);
      }),
      { numRuns: 300 },
    );
  });

  test('of 1 000 versions of a 500-line text ends quickly', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `Line ${i} of the prompt`);
    const history = Array.from({ length: 1_000 }, (_, i) => {
      lines[(i * 37) % lines.length] = `Line changed by version ${i + 1}`;
      return { ...origin(i + 1), text: lines.join('\n') };
    });
    const { outcome: blamed, milliseconds } = timed(() => blameLines(history));
    expect(milliseconds).toBeLessThan(10_000);
    expect(blamed.find((line) => line.text === 'Line changed by version 1000')?.versionNumber).toBe(1_000);
    expect(new Set(numbers(blamed)).size).toBe(500);
  });
});

test('the blame of messages follows them when they move, change their role or get company', () => {
  const contents: PromptContentInput['messages'][] = [
    [
      { role: 'system', content: 'You are kind.\nBe brief.\nNever guess.' },
      { role: 'user', content: 'Hello {{ name }}' },
    ],
    [
      { role: 'user', content: 'Hello {{ name }}' },
      { role: 'developer', content: 'You are kind.\nBe very brief.\nNever guess.' },
    ],
    [
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: 'Hello {{ name }}\nHow are you?' },
      { role: 'developer', content: 'You are kind.\nBe very brief.\nNever guess.' },
    ],
  ];
  const history = contents.map((messages, i) => ({ ...origin(i + 1), content: normaliseContent({ messages }) }));
  expect(blameMessages(history).map(({ role, lines }) => [role, numbers(lines)])).toEqual([
    ['assistant', [3]],
    ['user', [1, 3]],
    ['developer', [1, 2, 1]],
  ]);
});
