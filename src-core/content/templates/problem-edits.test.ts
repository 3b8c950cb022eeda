import { expect, it } from 'vitest';
import { contentSchema, type Syntax } from '../../contract/content.ts';
import { mostInputs } from '../../contract/input-name.ts';
import { unfitName } from '../../templates/template-input-name.ts';
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

const names = [
  'prénom',
  'pre\u0301nom',
  '名前',
  'الاسم',
  'first-name',
  'nom-de-famille',
  'a?',
  '$user',
  '_x',
  'ｆｕｌｌ',
  'loop',
  'range',
  'not',
  'self',
  'true',
  'x'.repeat(101),
  '1st',
];
const syntaxes: readonly Syntax[] = ['jinja', 'liquid', 'nunjucks'];

it.each(syntaxes.flatMap((syntax) => names.map((name) => [syntax, name] as const)))(
  '%s offers to declare what {{ %s }} reads only where the declaration is accepted and mends it',
  (syntax, name) => {
    const content = contentSchema.parse({ syntax, messages: [{ role: 'user', content: `Hi {{ ${name} }}` }] });
    for (const { fix } of checkContent(content)) {
      if (fix?.kind !== 'declare') continue;
      const declared = contentSchema.parse({
        ...content,
        inputs: [{ name: fix.name, type: fix.type, required: false }],
      });
      expect(unfitName(fix.name, syntax)).toBeNull();
      expect(checkContent(declared).filter(({ input }) => input === fix.name)).toEqual([]);
    }
  },
);

it.each<[Syntax, string]>([
  ['jinja', 'prénom'],
  ['jinja', '名前'],
  ['liquid', 'first-name'],
  ['liquid', '名前'],
  ['nunjucks', 'prénom'],
  ['nunjucks', '$user'],
])('%s declares %s', (syntax, name) => {
  const content = contentSchema.parse({ syntax, messages: [{ role: 'user', content: `Hi {{ ${name} }}` }] });
  expect(checkContent(content)[0]?.fix).toMatchObject({ kind: 'declare', name });
});

it('proposes no name that this syntax cannot read', () => {
  expect(placed('{{ first_name }}', 'jinja', ['first-name'])[0]?.[2]).toBe('');
  expect(placed('{{ first_name }}', 'liquid', ['first-name'])[0]?.[2]).toBe('first-name');
});

it('offers no further input where a prompt has as many as it may have', () => {
  const inputs = Array.from({ length: mostInputs }, (_, at) => ({ name: `i${at}`, type: 'string' as const }));
  const content = contentSchema.parse({ messages: [{ role: 'user', content: '{{ one_more }}' }], inputs });
  const problem = checkContent(content).find(({ input }) => input === 'one_more');
  expect(problem).toMatchObject({ message: expect.stringMatching(/at most 200 inputs/) });
  expect(problem?.fix).toBeUndefined();
});
