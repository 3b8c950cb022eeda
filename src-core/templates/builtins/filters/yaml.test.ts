import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../../contract/shared.ts';
import { parseTemplate, renderTemplate } from '../../engine.ts';

const yaml = (value: Json, indent = 2) =>
  renderTemplate(parseTemplate('{{ v|yaml(n) }}').template!, { v: value, n: indent }).output;

it('writes blocks in the order of the keys, with lists at the margin of their key', () => {
  const value = {
    name: 'Ada',
    tags: ['a', 'b'],
    none: null,
    empty: [[], {}],
    nested: { m: 1.5, deep: [{ x: 1, z: 2 }] },
  };
  expect(yaml(value)).toBe(
    'name: Ada\ntags:\n- a\n- b\nnone: null\nempty:\n- []\n- {}\nnested:\n  m: 1.5\n  deep:\n  - x: 1\n    z: 2',
  );
  expect(yaml({ a: { b: { c: 1 } } }, 4)).toBe('a:\n    b:\n        c: 1');
});

it('keeps text of several lines readable', () => {
  expect(yaml({ code: 'def f():\n    pass\n' })).toBe('code: |\n  def f():\n      pass');
  expect(yaml({ text: 'one\n\ntwo' })).toBe('text: |-\n  one\n\n  two');
  expect(yaml({ list: ['  deep\nx'] })).toBe('list:\n- |2-\n    deep\n  x');
});

it('quotes what would be read as something else', () => {
  expect(yaml(['yes', '1.0', '', '- x', 'a: b', "it's", '2024-01-01', '---', '\u2028'])).toBe(
    `- 'yes'\n- '1.0'\n- ''\n- '- x'\n- 'a: b'\n- it's\n- '2024-01-01'\n- '---'\n- "\\u2028"`,
  );
  expect(yaml([100, 1e22, -0.5])).toBe('- 100\n- 1.0e+22\n- -0.5');
});

it('is read back as what it was', () => {
  const awkward = [
    'true',
    'null',
    '~',
    '0x1f',
    '1e3',
    '# c',
    'a #b',
    '|',
    '*a',
    '!t',
    '? x',
    '...',
    ' a\n b',
    '\na',
    'a\n\n',
    '\ta',
  ];
  const text = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'grapheme' }));
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 12 }), (given, indent) => {
      expect(parse(`${yaml(given, indent)}\n`)).toEqual(given);
    }),
    { numRuns: 1000 },
  );
});
