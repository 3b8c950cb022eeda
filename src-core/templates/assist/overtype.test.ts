import { describe, expect, it } from 'vitest';
import { alsoDeleted, overtypeAt } from './overtype.ts';

/** The text after typing into one in which `^` is the cursor. */
function typed(marked: string, keys: string): string {
  let [before = '', after = ''] = marked.split('^');
  for (const key of keys) {
    const over = overtypeAt(before, after, key);
    if (over === null) before += key;
    else {
      after = after.slice(over.remove);
      before += after.slice(0, over.step);
      after = after.slice(over.step);
    }
  }
  return `${before}^${after}`;
}

describe('typing the end of a tag that is closed already', () => {
  it.each([
    ['{{ name^ }}', ' }}', '{{ name }}^'],
    ['{{ name^ }}', '}}', '{{ name }}^'],
    ['{{name^}}', '}}', '{{name}}^'],
    ['{% if a^ %}', ' %}', '{% if a %}^'],
    ['{% if a^%}', '%}', '{% if a%}^'],
    ['{% if a^ %}', ' -%}', '{% if a -%}^'],
    ['{# note^ #}', ' #}', '{# note #}^'],
  ])('%s and %j give %s', (marked, keys, expected) => {
    expect(typed(marked, keys)).toBe(expected);
  });

  it.each([
    ['{{ {"a": 1^ }}', '}', '{{ {"a": 1}^ }}'],
    ['{{ "a^" }}', '}', '{{ "a}^" }}'],
    ['{{ a ^', '}}', '{{ a }}^'],
    ['{% if a ^', '%}', '{% if a %}^'],
    ['{{ 7 ^ }}', '%', '{{ 7 %^ }}'],
    ['a ^}', '}', 'a }^}'],
    ['{{ a }}^ }}', '}', '{{ a }}}^ }}'],
  ])('but what belongs to the tag is typed: %s and %j give %s', (marked, keys, expected) => {
    expect(typed(marked, keys)).toBe(expected);
  });
});

it.each([
  ['{{ ^ }}', 1],
  ['{% ^ %}', 1],
  ['{%^%}', 1],
  ['{#^#}', 1],
  ['{{^}}', 0],
  ['{{ a^ }}', 0],
  ['{% if ^ %}', 0],
  ['7 %^%}', 0],
])('deleting in an empty tag takes its end away too: %s, %i', (marked, expected) => {
  const [before = '', after = ''] = marked.split('^');
  expect(alsoDeleted(before, after)).toBe(expected);
});
