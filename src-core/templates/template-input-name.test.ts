import { describe, expect, test } from 'vitest';
import { checkContent } from '../content/templates/check-content.ts';
import { renderContent } from '../content/templates/render-content.ts';
import { contentSchema, type Syntax, syntaxes } from '../contract/content.ts';
import { inputNameProblem } from '../contract/input-name.ts';
import { completeAt } from './assist/complete.ts';
import { hoverAt } from './assist/hover.ts';
import { renameInput } from './assist/rename-input.ts';
import { unfitName, unreadableName } from './template-input-name.ts';

const contentOf = (source: string, names: readonly string[], syntax: Syntax) =>
  contentSchema.parse({
    syntax,
    messages: [{ role: 'user', content: source }],
    inputs: names.map((name) => ({ name, type: 'string' })),
  });
const textOf = (source: string, names: readonly string[], syntax: Syntax, values: Readonly<Record<string, string>>) =>
  renderContent(contentOf(source, names, syntax), values).messages?.[0]?.text;

const composed = 'pr\u00e9nom';
const decomposed = 'pre\u0301nom';
const everywhere = [
  composed,
  '名前',
  'größe',
  'имя',
  'όνομα',
  'নাম',
  'ชื่อ',
  '이름',
  'اسم',
  'name_2',
  '_x',
  'Ångström',
  'ﾅﾏｴ',
];

describe.each(syntaxes)('in %s', (syntax) => {
  test.each(everywhere)('an input %s is declared, read, renamed, completed and explained', (name) => {
    const source = `Hi {{ ${name} }}{% if ${name} %}!{% endif %}`;
    expect(unfitName(name, syntax)).toBeNull();
    expect(textOf(source, [name], syntax, { [name]: 'Ada' })).toBe('Hi Ada!');
    const [problem] = checkContent(contentOf(source, [], syntax));
    const canonical = name.normalize('NFKC');
    expect(problem).toMatchObject({ code: 'undeclared', fix: { kind: 'declare', name: canonical, type: 'string' } });
    expect(checkContent(contentOf(source, [name], syntax))).toEqual([]);
    const renamed = renameInput(contentOf(source, [name], syntax), canonical, 'neu_名');
    expect(renamed.messages[0]?.content).toBe('Hi {{ neu_名 }}{% if neu_名 %}!{% endif %}');
    expect(renameInput(renamed, 'neu_名', name).messages[0]?.content).toBe(source.replaceAll(name, canonical));
    const { inputs } = contentOf(source, [name], syntax);
    const knowledge = { syntax, inputs, values: {}, samples: [], usedPaths: [] };
    const offered = completeAt(`{{ ${canonical.slice(0, 2)}`, knowledge);
    expect(offered?.kind === 'suggestions' && offered.items.map(({ label }) => label)).toContain(canonical);
    expect(hoverAt(`{{ ${canonical} }}`, 4, knowledge)).toMatchObject({ kind: 'value', input: { name: canonical } });
  });

  test('a name is the same however its accents are written: in template, declaration and values', () => {
    for (const inTemplate of [composed, decomposed]) {
      for (const declared of [composed, decomposed]) {
        for (const given of [composed, decomposed]) {
          const shown = textOf(`{{ ${inTemplate} }}`, [declared], syntax, { [given]: 'Ada' });
          expect(shown).toBe('Ada');
        }
      }
      expect(checkContent(contentOf(`{{ ${inTemplate} }}`, [composed], syntax))).toEqual([]);
      expect(textOf(`{{ ${inTemplate} }}`, [], syntax, { [decomposed]: 'Ada' })).toBe('Ada');
    }
    expect(textOf('{{ ｎａｍｅ }}', ['name'], syntax, { name: 'Ada' })).toBe('Ada');
    expect(textOf(`{{ ${composed} }}`, [composed], syntax, { [decomposed]: 'no', [composed]: 'yes' })).toBe('yes');
  });

  test('what is declared twice under two spellings is told', () => {
    const content = contentOf(`{{ ${composed} }}`, [composed, decomposed], syntax);
    expect(checkContent(content).map(({ message }) => message)).toContainEqual(expect.stringContaining('twice'));
  });
});

test('a sample gives an input in whichever spelling', () => {
  const sample = { name: 's', inputs: { [decomposed]: 'no', [composed]: 'yes', ＡＢＣ: 1 } };
  expect(
    contentSchema.parse({ messages: [{ role: 'user', content: 'x' }], samples: [sample] }).samples[0]?.inputs,
  ).toEqual({
    [composed]: 'yes',
    ABC: 1,
  });
});

test('Nunjucks takes a name of its own for the same in every spelling: loops, sets, macros and their arguments', () => {
  const source =
    `{% set ${decomposed} = "a" %}{{ ${composed} }}{% for ${decomposed} in ["b"] %}{{ ${composed} }}{% endfor %}` +
    `{% macro ＧＥＴ(${decomposed}) %}{{ ${composed} }}{% endmacro %}{{ GET(${composed}="c") }}{{ ＧＥＴ(${decomposed}="d") }}`;
  expect(textOf(source, [], 'nunjucks', {})).toBe('abcd');
  expect(checkContent(contentOf(source, [], 'nunjucks'))).toEqual([]);
  expect(textOf('{{ {ＡＢＣ: 1}.ＡＢＣ }}{{ {ＡＢＣ: 1}.ABC }}', [], 'nunjucks', {})).toBe('1');
});

test('a declaration that no template of its syntax can read names that syntax', () => {
  for (const [syntax, title] of [
    ['jinja', 'Jinja'],
    ['liquid', 'Liquid'],
    ['nunjucks', 'Nunjucks'],
  ] as const)
    expect(checkContent(contentOf('x', ['true'], syntax))[0]?.message).toContain(`No ${title} template can read`);
});

test.each(['first-name', 'is_new?', '2nd', 'straßen-name', '名-前?', 'a1-b2'])('Liquid reads %s', (name) => {
  expect(unfitName(name, 'liquid')).toBeNull();
  expect(textOf(`{{ ${name} | upcase }} {{${name}-}} !`, [name], 'liquid', { [name]: 'x' })).toBe('X x!');
  expect(checkContent(contentOf(`{{ ${name} }}`, [], 'liquid'))[0]?.fix).toMatchObject({ kind: 'declare', name });
  const renamed = renameInput(contentOf(`{{ ${name} }}`, [name], 'liquid'), name, 'neuer-name');
  expect(renamed.messages[0]?.content).toBe('{{ neuer-name }}');
  expect(renameInput(renamed, 'neuer-name', name).messages[0]?.content).toBe(`{{ ${name} }}`);
  // The same declaration under the other syntax says that it cannot be read there.
  expect(unreadableName(name, 'jinja')).not.toBeNull();
  expect(checkContent({ ...contentOf('x', [name], 'liquid'), syntax: 'jinja' })[0]).toMatchObject({
    severity: 'error',
    code: 'input_declaration',
    input: name,
  });
});

test.each([
  ['jinja', ['true', 'None', 'not', 'and', 'if', 'is', 'in', 'first-name', 'a?', '2nd', 'a b', '', 'x.y', '🚀', 'a$']],
  ['liquid', ['true', 'nil', 'empty', 'blank', 'a b', '', '42', '-x', 'x-', 'a?b', '??', 'x.y', 'x[0]', 'a|b']],
] as const)('%s refuses names that it would read as something else', (syntax, names) => {
  for (const name of names) expect(unfitName(name, syntax), name).not.toBeNull();
});

test('a name that hides what Jinja has is refused for new inputs, and one that exists is still read', () => {
  expect(unfitName('range', 'jinja')).toBe('"range" means something else in templates; an input needs another name.');
  expect(unreadableName('range', 'jinja')).toBeNull();
});

test('a remedy is offered only where it is accepted', () => {
  const long = 'x'.repeat(101);
  const [problem] = checkContent(contentOf(`{{ ${long} }}`, [], 'jinja'));
  expect(problem?.fix).toBeUndefined();
  expect(problem?.message).toBe(`Input "${long}" is used but not declared. An input name has at most 100 characters.`);
  for (const syntax of syntaxes) {
    for (const word of [
      'true',
      'x',
      'for',
      'elif',
      'else',
      'class',
      'loop',
      'self',
      'contains',
      'or',
      '_',
      'é',
      'self',
    ]) {
      for (const { fix } of checkContent(contentOf(`{{ ${word} }}`, [], syntax))) {
        if (fix?.kind === 'declare') expect(inputNameProblem(fix.name, syntax)).toBeNull();
      }
    }
  }
});
