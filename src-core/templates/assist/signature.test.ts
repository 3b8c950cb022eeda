import { expect, it } from 'vitest';
import type { Knowledge } from './knowledge.ts';
import { signatureAt } from './signature.ts';

const knowledge: Knowledge = {
  syntax: 'jinja',
  inputs: [{ name: 'name', type: 'string', required: true, description: '' }],
  values: {},
  samples: [],
  usedPaths: [],
};

/** The active signature with its active parameter in ‹›. */
function shown(before: string, syntax: Knowledge['syntax'] = 'jinja'): string | null {
  const found = signatureAt(before, { ...knowledge, syntax });
  const signature = found?.signatures[found.active];
  if (found === null || signature === undefined) return null;
  const { label, parameters } = signature;
  const { start, end } = parameters[found.parameter] ?? { start: 0, end: 0 };
  return end === 0 ? label : `${label.slice(0, start)}‹${label.slice(start, end)}›${label.slice(end)}`;
}

it.each<[string, string | null]>([
  ['{{ name | truncate(', "text | truncate(‹length=255›, killwords=false, end='...', leeway=none)"],
  ['{{ name | truncate(9, ', "text | truncate(length=255, ‹killwords=false›, end='...', leeway=none)"],
  ['{{ name | truncate(end="(", ', "text | truncate(length=255, ‹killwords=false›, end='...', leeway=none)"],
  ['{{ name | truncate(9, end=', "text | truncate(length=255, killwords=false, ‹end='...'›, leeway=none)"],
  ['{{ name | default(range(', 'range(‹stop›)'],
  ['{{ name | default(range(1, ', 'range(start, ‹stop›, step=1)'],
  ['{{ name | default((1, ', null],
  ['{% if name is divisibleby(', 'number is divisibleby(‹num›)'],
  ['{{ name.replace("a, b", ', 'text.replace(old, ‹new›, count=-1)'],
  ['{% for x in y %}{{ loop.cycle(1, 2, ', 'loop.cycle(‹*values›)'],
  ['{% macro card(title, level=2) %}{% endmacro %}{{ card("x", ', 'card(title, ‹level=2›)'],
  ['{% set x = namespace(a=', 'namespace(‹**values›)'],
  ['{{ name | upper(', null],
  ['{{ name }} (', null],
  ['{{ (name', null],
])('at the end of %j it is %j', (before, expected) => {
  expect(shown(before)).toBe(expected);
});

it('knows filters of Liquid by their colon', () => {
  expect(shown('{{ name | replace: "a", ', 'liquid')).toBe('text | replace: old, ‹new›');
});
