import { expect, it } from 'vitest';
import { checkContent } from '../../../../src-core/content/templates/check-content.ts';
import { contentSchema } from '../../../../src-core/contract/content.ts';
import { nextProblem } from './next-problem.ts';

const content = contentSchema.parse({
  messages: [
    { role: 'system', content: 'fine' },
    { role: 'user', content: '{{ b }}\n{{ 12 }} {{ bb }} {{ a }}' },
    { role: 'user', content: '{{ c }}' },
  ],
});
const problems = checkContent(content);
const step = (from: readonly [number, number, number] | null, by: 1 | -1) => {
  const [index = 0, line = 0, column = 0] = from ?? [];
  const next = nextProblem(content, problems, from && { index, line, column }, by);
  return next && [next.index, next.line, next.column];
};

it('goes through the problems of all messages in their order, and round', () => {
  expect(step(null, 1)).toEqual([1, 1, 4]);
  expect(step([1, 1, 4], 1)).toEqual([1, 2, 13]);
  expect(step([1, 2, 13], 1)).toEqual([1, 2, 22]);
  expect(step([1, 2, 22], 1)).toEqual([2, 1, 4]);
  expect(step([2, 1, 4], 1)).toEqual([1, 1, 4]);
});

it('goes back as well', () => {
  expect(step(null, -1)).toEqual([2, 1, 4]);
  expect(step([2, 1, 4], -1)).toEqual([1, 2, 22]);
  expect(step([0, 1, 1], -1)).toEqual([2, 1, 4]);
});

it('goes nowhere when there is nothing wrong', () => {
  expect(nextProblem(content, [], null, 1)).toBeNull();
});

it('goes through the parts of a message in their order', () => {
  const parts = contentSchema.parse({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: '{{ a }}' },
          { type: 'image', url: 'https://example.com/a.png' },
          { type: 'text', text: 'x {{ b }}' },
        ],
      },
      { role: 'user', content: '{{ c }}' },
    ],
  });
  const found = checkContent(parts);
  const [first, second, third] = [
    { index: 0, part: 0, line: 1, column: 4 },
    { index: 0, part: 2, line: 1, column: 6 },
    { index: 1, line: 1, column: 4 },
  ];
  expect(nextProblem(parts, found, null, 1)).toEqual(first);
  expect(nextProblem(parts, found, first!, 1)).toEqual(second);
  expect(nextProblem(parts, found, second!, 1)).toEqual(third);
  expect(nextProblem(parts, found, third!, -1)).toEqual(second);
});
