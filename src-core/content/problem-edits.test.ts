import { expect, it } from 'vitest';
import { contentSchema, type Syntax } from '../contract/content.ts';
import { checkContent } from './check-content.ts';
import { problemsIn } from './problem-edits.ts';
import { renderContent } from './render-content.ts';

function placed(source: string, syntax: Syntax = 'jinja', inputs: readonly string[] = []) {
  const content = contentSchema.parse({
    syntax,
    messages: [{ role: 'user', content: source }],
    inputs: inputs.map((name) => ({ name, type: 'string' })),
  });
  return problemsIn(content, 0, checkContent(content)).map(({ start, end, replacements }) => [
    source.split('\n')[start.line - 1]?.slice(start.column - 1, end.column - 1),
    `${start.line}:${start.column}`,
    replacements.map(({ text }) => text).join(),
  ]);
}

it.each<[string, Syntax, readonly string[], readonly string[]]>([
  ['Hi\n{{ 1 | lower | uper("lower") }}', 'jinja', [], ['uper', '2:16', 'upper']],
  ['{{ 1 is not defind }}', 'jinja', [], ['defind', '1:13', 'defined']],
  ['{% fro a in [] %}', 'jinja', [], ['fro', '1:4', 'for']],
  ['{{ 1 | upcse }}', 'liquid', [], ['upcse', '1:8', 'upcase']],
  ['Hi\n{{ 1 | lower | uper("lower") }}', 'nunjucks', [], ['uper', '2:16', 'upper']],
  ['{{ 1 is not defind }}', 'nunjucks', [], ['defind', '1:13', 'defined']],
  ['{% fro a in [] %}', 'nunjucks', [], ['fro', '1:4', 'for']],
  ['{{ nmae.first }}', 'nunjucks', ['name'], ['nmae', '1:4', 'name']],
  ['x\n {% fro %}', 'liquid', [], ['fro', '2:5', 'for']],
  ['{{ nmae.first }}', 'jinja', ['name'], ['nmae', '1:4', 'name']],
  ['{{ nmae }}', 'liquid', ['name'], ['nmae', '1:4', 'name']],
  ['{{ topic }}', 'jinja', ['name'], ['topic', '1:4', '']],
  ['{% if 1 %}', 'jinja', [], ['if', '1:4', '']],
])('marks just the word in %j and says what may have been meant', (source, syntax, inputs, expected) => {
  expect(placed(source, syntax, inputs)[0]).toEqual(expected);
});

it('gives a misspelt word its remedy, where there is no other', () => {
  const content = contentSchema.parse({ messages: [{ role: 'user', content: 'Hi\n{{ 1 | uper }}{{ a }}' }] });
  expect(checkContent(content).map(({ fix }) => fix)).toEqual([
    { kind: 'replace', messageIndex: 0, text: 'upper', start: { line: 2, column: 8 }, end: { line: 2, column: 12 } },
  ]);
});

it('marks the name that includes a prompt with what is wrong in that prompt', () => {
  const content = contentSchema.parse({ messages: [{ role: 'user', content: 'Hi\n{% include "parts/bad" %}' }] });
  const loader = { load: (name: string) => (name === 'parts/bad' ? { source: '\n{{ x | nope }}' } : null) };
  const { problems } = renderContent(content, {}, { loader });
  const [placed] = problemsIn(content, 0, [...checkContent(content, loader), ...problems]);
  expect(placed).toMatchObject({ start: { line: 2, column: 13 }, end: { line: 2, column: 22 }, replacements: [] });
  expect(placed?.problem.message).toMatch(/included "parts\/bad"/);
});
