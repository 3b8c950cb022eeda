import { expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { contentSchema } from '../../contract/content.ts';
import type { Json } from '../../contract/shared.ts';
import { createLosses } from '../losses.ts';
import { createInputNames } from '../text/names.ts';
import { mustacheToJinja } from './mustache-to-jinja.ts';
import type { MustacheType } from './section-types.ts';

function convert(text: string, types: Readonly<Record<string, MustacheType>> = {}) {
  const losses = createLosses();
  const converted = mustacheToJinja(text, createInputNames(losses), losses, new Map(Object.entries(types)));
  return { ...converted, losses: losses.all() };
}

function render(text: string, values: Readonly<Record<string, Json>>, types?: Readonly<Record<string, MustacheType>>) {
  const { template, inputs } = convert(text, types);
  const content = contentSchema.parse({ messages: [{ role: 'user', content: template }], inputs });
  const { messages, problems } = renderContent(content, values);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return messages![0]!.text;
}

// The expected texts are what mustache 4.2.0 prints, without HTML escapes.
test.each<[string, Readonly<Record<string, Json>>, string]>([
  ['Hi {{name}}, {{{name}}}, {{&name}}, {{ name }}!', { name: '<K>' }, 'Hi <K>, <K>, <K>, <K>!'],
  [
    '{{#items}}* {{name}}\n{{/items}}{{^items}}none\n{{/items}}',
    { items: [{ name: 'a' }, { name: 'b' }] },
    '* a\n* b\n',
  ],
  ['{{#items}}* {{name}}\n{{/items}}{{^items}}none\n{{/items}}', { items: [] }, 'none\n'],
  ['{{#items}}* {{name}}\n{{/items}}{{^items}}none\n{{/items}}', {}, 'none\n'],
  ['{{#names}}\n- {{.}}\n{{/names}}\nend', { names: ['a', 'b'] }, '- a\n- b\nend'],
  ['{{#context}}\nContext: {{context}}\n{{/context}}\nQ: {{q}}', { context: 'C', q: 'x' }, 'Context: C\nQ: x'],
  ['{{#context}}\nContext: {{context}}\n{{/context}}\nQ: {{q}}', { q: 'x' }, 'Q: x'],
  ['{{#strict}}Be strict, {{who}}.{{/strict}}{{who}}', { strict: true, who: 'A' }, 'Be strict, A.A'],
  ['{{#strict}}Be strict, {{who}}.{{/strict}}{{who}}', { strict: false, who: 'A' }, 'A'],
  ['a\n  {{! gone }}  \nb\n{{! here }} c', {}, 'a\nb\n c'],
  ['a\r\n{{! gone }}\r\nb', {}, 'a\nb'],
  ['{{user.name}} {{#user}}{{city}}{{/user}}', { user: { name: 'N', city: 'X' } }, 'N X'],
  ['{{#rows}}{{#cells}}[{{.}}]{{/cells}};{{/rows}}', { rows: [{ cells: [1, 2] }, { cells: [] }] }, '[1][2];;'],
  [
    '{{#rows}}{{name}} of {{team}}, {{/rows}}{{team}}',
    { team: 'T', rows: [{ name: 'a' }, { name: 'b', team: 'U' }] },
    'a of T, b of U, T',
  ],
  ['{{#rows}}{{items}}{{first-name}}{{/rows}}', { rows: [{ items: 3, 'first-name': 'F' }] }, '3F'],
  ['{ {{x}} } { {{{x}}} } {%- x %} {# c #} {{{x}}}}', { x: 1 }, '{ 1 } { 1 } {%- x %} {# c #} 1}'],
  ['{{#rows}}{{item}}/{{/rows}}', { rows: [{ item: 1 }] }, '1/'],
])('%j prints what Mustache does', (text, values, expected) => {
  expect(render(text, values)).toBe(expected);
});

test('declared types say what a section means', () => {
  const values = { user: {}, on: true, list: [] as Json[] };
  const types = { user: 'object', on: 'boolean', list: 'array' } as const;
  expect(render('{{#user}}u{{name}}{{/user}}{{^user}}-{{/user}}{{on}}{{#list}}x{{/list}}', values, types)).toBe(
    'utrue',
  );
});

test('inputs have the types that the template shows', () => {
  const { inputs, losses } = convert('{{a}}{{b.c}}{{#d}}{{e}}{{/d}}{{#f}}{{a}}{{/f}}');
  expect(inputs).toEqual([
    { name: 'a', type: 'string' },
    { name: 'b', type: 'object' },
    { name: 'd', type: 'object', schema: { type: 'array' }, required: false },
    { name: 'f', type: 'boolean', required: false },
  ]);
  expect(losses.map(({ what, where }) => [what, where])).toEqual([
    ['mustache-section', 'd'],
    ['mustache-section', 'f'],
  ]);
});

test('a partial is an include, and keeps its indentation', () => {
  expect(convert('{{>shared/Rules}}').template).toBe('{% include "shared/rules" %}');
  expect(convert('a\n  {{> rules }}\nb').template).toBe(
    'a\n{% filter indent("  ", true) %}{% include "rules" %}{% endfilter %}b',
  );
});

test.each([
  ['{{=<% %>=}} <% x %>', /Other delimiters.*line 1/],
  ['a\n{{#x}} y', /section \{\{#x\}\} of line 2 is never closed/],
  ['{{/x}}', /closes a section that was not opened/],
  ['{{#a}}{{#b}}{{/a}}{{/b}}', /\{\{\/b\}\}/],
  ['{{x', /never closed/],
  ['{{ }}', /no name/],
  ['{{#a}}'.repeat(60), /50 levels/],
])('%j is refused with its line', (text, message) => {
  expect(() => convert(text)).toThrow(message);
});

test('names of no input and of objects are only names', () => {
  expect(
    render('{{__proto__}}{{constructor}}{{toString}}', { constructor: 'c', toString: 't', ['__proto__']: 'p' }),
  ).toBe('pct');
  expect(convert('{{#a}}{{__proto__.x}}{{/a}}').template).toContain('item.__proto__.x');
});

test('a long line of many tags takes no time in proportion to its square', () => {
  const start = performance.now();
  convert('{{x}} {{! c }}'.repeat(40_000));
  // A quarter of a second on a quiet machine; its square would be minutes.
  expect(performance.now() - start).toBeLessThan(10_000);
});
