import { expect, it } from 'vitest';
import { foldsOf } from './folding.ts';

const folds = (source: string) => foldsOf(source).map(({ start, end }) => [start, end]);

it('folds blocks and each of their branches, the line that ends them left in sight', () => {
  expect(folds('{% if a %}\nx\ny\n{% elif b %}\nz\n{% else %}\nw\n{% endif %}')).toEqual([
    [1, 3],
    [4, 5],
    [6, 7],
  ]);
  expect(folds('{% for a in b %}\n{% if a %}\nx\n{% endif %}\n{% endfor %}')).toEqual([
    [2, 3],
    [1, 4],
  ]);
});

it('folds long comments and raw parts, in which no tag counts', () => {
  expect(foldsOf('{# a\n{% if b %}\n#}\n{% raw %}\n{% if c %}\n{% endraw %}')).toEqual([
    { start: 1, end: 3, isComment: true },
    { start: 4, end: 5, isComment: false },
  ]);
});

it('folds sections under Markdown headings up to the next of their level', () => {
  expect(folds('# A\none\n## B\ntwo\n\n# C\nthree')).toEqual([
    [1, 4],
    [3, 4],
    [6, 7],
  ]);
});

it.each(['{% if a %}x{% endif %}', '{% set a = 1 %}\n\n', 'text', '{% endif %}\n{% else %}', '#hash\ntag'])(
  'finds nothing in %j',
  (source) => {
    expect(folds(source)).toEqual([]);
  },
);
