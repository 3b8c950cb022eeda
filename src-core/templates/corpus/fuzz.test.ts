import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../engine.ts';
import { inputsOf } from '../template-inputs.ts';
import { loaderOf, runHostile, snapshotGlobals } from './hostile.ts';

const name = fc.constantFrom(
  'a',
  'b',
  'items',
  'user',
  'text',
  'n',
  'missing',
  'constructor',
  '__proto__',
  'loop',
  'self',
  'caller',
  'ns',
);
const literal = fc.oneof(
  fc.integer({ min: -5, max: 1000 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(Math.abs(value))),
  fc.string({ maxLength: 8 }).map((text) => `'${text.replace(/['\\\n\r]/g, '_')}'`),
  fc.constantFrom('true', 'false', 'none', '[]', '{}', "''", '()'),
);
const filter = fc.constantFrom(
  ...[
    'abs',
    'attr("a")',
    'batch(2)',
    'capitalize',
    'center(9)',
    'default("d")',
    'dictsort',
    'e',
    'filesizeformat',
    'first',
    'float',
    'format(1)',
    'groupby("a")',
  ],
  ...[
    'indent(2)',
    'int',
    'items',
    'join(",")',
    'json',
    'last',
    'length',
    'list',
    'lower',
    'map("upper")',
    'map(attribute="a")',
    'max',
    'min',
    'pprint',
    'reject("odd")',
  ],
  ...[
    'replace("a","b")',
    'reverse',
    'round',
    'safe',
    'select("string")',
    'selectattr("a")',
    'slice(2)',
    'sort',
    'string',
    'striptags',
    'sum',
    'title',
    'tojson',
    'trim',
  ],
  ...[
    'truncate(4)',
    'unique',
    'upper',
    'urlencode',
    'urlize',
    'wordcount',
    'wordwrap(5)',
    'xmlattr',
    'yaml',
    'dump',
    'nosuch',
    'constructor',
    '__proto__',
  ],
);
const test = fc.constantFrom(
  'defined',
  'none',
  'odd',
  'divisibleby 2',
  'string',
  'in [1]',
  'mapping',
  'iterable',
  'sameas 1',
  'callable',
  'nosuch',
  'eq(1)',
  'toString',
);
const method = fc.constantFrom(
  'upper()',
  'split()',
  'items()',
  'keys()',
  'get("a")',
  'append(1)',
  'format(1, a=2)',
  'join(["x"])',
  'replace("a", "b")',
  'pop()',
  'strip()',
  'update(a=1)',
);
const operator = fc.constantFrom(
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '**',
  '~',
  '==',
  '!=',
  '<',
  '>=',
  'and',
  'or',
  'in',
  'not in',
);

const { block } = fc.letrec<{ expression: string; block: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'expression' },
    name,
    literal,
    fc.tuple(tie('expression'), operator, tie('expression')).map(([left, sign, right]) => `${left} ${sign} ${right}`),
    fc.tuple(tie('expression'), filter).map(([value, word]) => `${value}|${word}`),
    fc.tuple(tie('expression'), test).map(([value, word]) => `(${value} is ${word})`),
    fc.tuple(tie('expression'), method).map(([value, call]) => `(${value}).${call}`),
    fc.tuple(tie('expression'), name).map(([value, attribute]) => `(${value}).${attribute}`),
    fc.tuple(tie('expression'), tie('expression')).map(([value, key]) => `(${value})[${key}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([from, to]) => `items[${from}:${to}]`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([yes, when, no]) => `(${yes} if ${when} else ${no})`),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(literal, tie('expression')), { maxLength: 3 })
      .map((pairs) => `{${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')}}`),
    fc
      .tuple(fc.constantFrom('range', 'dict', 'm', 'loop', 'caller', 'namespace', 'cycler', 'super'), tie('expression'))
      .map(([callee, value]) => `${callee}(${value})`),
    tie('expression').map((value) => `(not ${value})`),
    tie('expression').map((value) => `-${value}`),
  ),
  block: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'block' },
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      'text\n',
      '  ',
      '{# comment #}',
      "{% include 'part' %}",
      "{% include 'self' ignore missing %}",
      "{% import 'lib' as lib %}",
      '{% break %}',
      '{% raw %}{{ a }}{% endraw %}',
    ),
    tie('expression').map((value) => `{{ ${value} }}`),
    tie('expression').map((value) => `{{- ${value} -}}`),
    fc.tuple(tie('block'), tie('block')).map(([first, second]) => first + second),
    fc
      .tuple(tie('expression'), tie('block'), tie('block'))
      .map(([when, yes, no]) => `{% if ${when} %}${yes}{% else %}${no}{% endif %}`),
    fc
      .tuple(name, tie('expression'), tie('block'))
      .map(([item, list, body]) => `{% for ${item} in ${list} %}${body}{% endfor %}`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('block'))
      .map(([list, when, body]) => `{% for a in ${list} if ${when} recursive %}${body}{% endfor %}`),
    fc.tuple(name, tie('expression')).map(([target, value]) => `{% set ${target} = ${value} %}`),
    fc.tuple(name, tie('block')).map(([target, body]) => `{% set ${target} %}${body}{% endset %}`),
    fc.tuple(name, tie('expression')).map(([target, value]) => `{% set ns.${target} = ${value} %}`),
    fc
      .tuple(tie('expression'), tie('block'))
      .map(([value, body]) => `{% macro m(a, b=${value}) %}${body}{% endmacro %}`),
    fc.tuple(tie('expression'), tie('block')).map(([value, body]) => `{% call(x) m(${value}) %}${body}{% endcall %}`),
    fc.tuple(filter, tie('block')).map(([word, body]) => `{% filter ${word} %}${body}{% endfilter %}`),
    fc.tuple(tie('expression'), tie('block')).map(([value, body]) => `{% with a = ${value} %}${body}{% endwith %}`),
    fc.tuple(name, tie('block')).map(([title, body]) => `{% block ${title} %}${body}{% endblock %}`),
    tie('expression').map((value) => `{% do ${value} %}`),
  ),
}));

/** Cuts, doubles or replaces a stretch of a template, so that it is nearly valid. */
const mutated = fc
  .tuple(
    block,
    fc.nat(),
    fc.nat(12),
    fc.constantFrom(
      '',
      '{{',
      '}}',
      '{%',
      '%}',
      '(',
      ')',
      "'",
      '|',
      '.',
      '\\',
      '{% endfor %}',
      '\u0000',
      '\ud800',
      '[',
      '{% else %}',
    ),
  )
  .map(([source, at, length, insert]) => {
    const start = source.length === 0 ? 0 : at % source.length;
    return source.slice(0, start) + insert + source.slice(start + length);
  });

const inputs = {
  items: [1, 'two', null, [3], { a: 1 }],
  user: { name: 'Ada', a: { b: [1, 2] } },
  text: 'Hello <b>World</b>',
  n: 3,
};
const loader = loaderOf({
  part: '{{ a }}{{ loop.index }}',
  self: "{% include 'self' %}",
  lib: '{% macro f(x) %}{{ x }}{% endmacro %}',
});

/** Runs one template; everything but a typed error passes through and fails the property. */
function survive(source: string) {
  const start = performance.now();
  const outcome = runHostile(source, inputs, { loader });
  const { template } = parseTemplate(source);
  if (template !== null) inputsOf(template);
  // Generous, because the machine may be busy: a template that never ends would take far longer.
  expect(performance.now() - start).toBeLessThan(10_000);
  if (outcome.kind === 'output') expect(outcome.output).not.toMatch(/\[object \w+\]|\[native code\]/);
}

const prelude = '{% set ns = namespace(a=1) %}{% macro m(a) %}{{ a }}{{ caller }}{% endmacro %}';

describe('templates from a grammar', () => {
  it('end within budget, throw only typed errors and change no global', { timeout: 60_000 }, () => {
    const before = snapshotGlobals();
    fc.assert(
      fc.property(block, (source) => survive(prelude + source)),
      { numRuns: 2_500 },
    );
    expect(snapshotGlobals()).toEqual(before);
  });

  it('do so when they are broken', { timeout: 60_000 }, () => {
    const before = snapshotGlobals();
    fc.assert(fc.property(mutated, survive), { numRuns: 2_500 });
    expect(snapshotGlobals()).toEqual(before);
  });

  it('do so when they are any text', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{%}{{#-+ ab.|()[]\'"\\\n0:,='), maxLength: 80 }), survive),
      { numRuns: 2_000 },
    );
  });
});
