import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotGlobals } from '../corpus/hostile.ts';
import { parseTemplate, renderTemplate } from '../engine.ts';
import { TemplateError } from '../runtime/types.ts';
import { sharedInputs } from './corpus/row.ts';
import { renderedByNunjucks } from './testing/oracle.ts';

const atoms = fc.constantFrom(
  ...[
    '1',
    '0',
    '2.5',
    '"a"',
    '"2"',
    '""',
    'true',
    'false',
    'none',
    'undefined',
    'missing',
    '[]',
    '[1, 2]',
    '["b", none]',
    '{}',
  ],
  ...[
    '{a: 1}',
    'name',
    'n',
    'neg',
    'xs',
    'words',
    'user',
    'user.name',
    'users[0].age',
    'xs[1]',
    'scores',
    'text',
    'nothing',
    'zero',
    'f',
    'pairs',
  ],
);
const binary = fc.constantFrom(
  ...[
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
    '===',
    '!==',
    '<',
    '<=',
    '>',
    '>=',
    'and',
    'or',
    'in',
    'not in',
  ],
);
const filters = fc.constantFrom(
  ...[
    'abs',
    'length',
    'upper',
    'title',
    'join(",")',
    'sort',
    'reverse',
    'first',
    'last',
    'dump',
    'default("d")',
    'default("d", true)',
    'round(1)',
  ],
  ...[
    'int',
    'float(0)',
    'list',
    'sum',
    'batch(2)',
    'slice(2)',
    'groupby("role")',
    'select',
    'reject',
    'trim',
    'truncate(3)',
    'replace("a", "b")',
    'wordcount',
    'string',
    'escape',
    'urlencode',
    'dictsort',
    'center(7)',
    'indent(1)',
  ],
);
const tests = fc.constantFrom(
  'defined',
  'undefined',
  'none',
  'string',
  'number',
  'odd',
  'even',
  'eq(1)',
  'gt(1)',
  'truthy',
  'falsy',
  'iterable',
  'mapping',
  'divisibleby(2)',
);
const members = fc.constantFrom(
  '.name',
  '.length',
  '[0]',
  '[-1]',
  '["a"]',
  '.a',
  '.toUpperCase()',
  '.slice(1)',
  '.join("-")',
  '.includes("a")',
  '.split("")',
  '.indexOf(1)',
  '.nosuch',
  '.toString()',
);

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      atoms,
      fc.tuple(inner, binary, inner).map(([left, operator, right]) => `${left} ${operator} ${right}`),
      fc.tuple(inner, filters).map(([value, filter]) => `${value} | ${filter}`),
      fc.tuple(inner, members).map(([value, member]) => `(${value})${member}`),
      fc.tuple(inner, tests).map(([value, test]) => `(${value} is ${test})`),
      inner.map((value) => `not ${value}`),
      inner.map((value) => `-(${value})`),
      inner.map((value) => `(${value})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
    ),
  };
});

const statement = fc.oneof(
  expression.map((value) => `{{ ${value} }}`),
  fc.tuple(expression, expression).map(([test, shown]) => `{% if ${test} %}{{ ${shown} }}{% else %}e{% endif %}`),
  fc
    .tuple(expression, expression)
    .map(([list, shown]) => `{% for a in ${list} %}{{ loop.index }}{{ ${shown} }}{{ a }};{% else %}none{% endfor %}`),
  expression.map((list) => `{% for k, v in ${list} %}{{ k }}={{ v }};{% endfor %}`),
  fc
    .tuple(expression, expression)
    .map(([value, shown]) => `{% set n = ${value} %}{% set m %}{{ ${shown} }}{% endset %}{{ n }}{{ m }}`),
  fc
    .tuple(expression, expression)
    .map(([a, b]) => `{% macro m(p, q=2) %}{{ p }}{{ q }}{% endmacro %}{{ m(${a}, q=${b}) }}`),
  fc.tuple(expression, expression).map(([a, b]) => `{% switch ${a} %}{% case ${b} %}x{% default %}y{% endswitch %}`),
);

function ours(source: string): string | null {
  const { template } = parseTemplate(source, { syntax: 'nunjucks' });
  if (template === null) return null;
  try {
    return renderTemplate(template, sharedInputs).output;
  } catch (thrown) {
    if (thrown instanceof TemplateError) return null;
    throw thrown;
  }
}

/** Text of the host's own that nobody can print alike: the source of its functions. */
const showsFunction = (output: string | null): boolean =>
  output !== null && /function |\[object Function\]/.test(output);

describe('generated nunjucks templates', () => {
  it('render as in real nunjucks, or fail where it fails', () => {
    fc.assert(
      fc.property(statement, (source) => {
        const expected = renderedByNunjucks({ template: source });
        const actual = ours(source);
        fc.pre(!showsFunction(expected) && !showsFunction(actual) && !/escape \| dictsort/.test(source));
        expect(actual, source).toBe(expected);
      }),
      { numRuns: 1_000, seed: 20_260_101 },
    );
  }, 60_000);

  it('end with output or a typed error whatever their text is, and change nothing of the host', () => {
    const before = snapshotGlobals();
    const pieces = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{%',
        '%}',
        '{#',
        '#}',
        '-%}',
        '{%-',
        'if',
        'for',
        'in',
        'endif',
        'endfor',
        'set',
        'macro',
        'endmacro',
        'raw',
        'endraw',
        'switch',
        'case',
        'call',
        'block',
      ],
      ...[
        'name',
        'xs',
        '"a"',
        "'",
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '|',
        '.',
        ',',
        '=',
        '==',
        '+',
        '-',
        '~',
        'not',
        'is',
        ' ',
        '\n',
        'caller',
        'loop',
        '__proto__',
        'constructor',
        'r/a/',
        '\\',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        ours(parts.join(' '));
        ours(parts.join(''));
      }),
      { numRuns: 1_500 },
    );
    expect(snapshotGlobals()).toEqual(before);
  });
});
