import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loaderOf, runHostile, snapshotGlobals } from '../corpus/hostile.ts';
import { names, payloadInputs, payloads } from '../corpus/payloads.ts';
import { listMethods } from './methods/list.ts';
import { numberMethods } from './methods/number.ts';
import { objectMethods } from './methods/object.ts';
import { textMethods } from './methods/text.ts';
import { regexMethods } from './regex/regex-methods.ts';

let before = snapshotGlobals();
beforeEach(() => {
  before = snapshotGlobals();
});
afterEach(() => {
  expect(snapshotGlobals()).toEqual(before);
  expect('reached' in globalThis).toBe(false);
  expect('polluted' in {}).toBe(false);
});

const render = (template: string, includes: Readonly<Record<string, string>> = {}) =>
  runHostile(template, payloadInputs, { syntax: 'nunjucks', loader: loaderOf(includes) });

/** Output that shows something of the host: the source of a function, a class, the environment. */
const hostWords =
  /native code|=>|\bclass \w+ \{|function \w*\(|process\.|\/usr\/|node_modules|\[object (?!Object\]|Function\])/;

/** Expressions for every kind of value that a nunjucks template can hold. */
const bases = [
  ...[
    "''",
    "'text'",
    '0',
    '1.5',
    'true',
    'none',
    'missing',
    '[]',
    '[1]',
    '{}',
    '{"a": 1}',
    'x',
    'x.nested',
    'list',
    'text',
    'number',
  ],
  ...[
    'range',
    'range(3)',
    'cycler',
    'cycler(1)',
    'cycler(1).next',
    'joiner',
    'joiner(",")',
    'macro',
    'macro()',
    '"".toUpperCase',
    'r/a/g',
    '"a".match(r/a/)',
    '[].push',
  ],
  ...[
    '{}.hasOwnProperty',
    '(1).toFixed',
    '("<"|e)',
    '(list|groupby("k"))',
    '(text|list)',
    '(list|batch(1))',
    '(x|dictsort)',
    'imported',
    'undefined',
    'env',
    'loop',
    'caller',
    'super',
    'self',
    'this',
    'context',
    'frame',
    'runtime',
  ],
];
/** Names that nothing has, whatever it is. */
const forbidden = [
  ...[
    'constructor',
    '__proto__',
    'prototype',
    'call',
    'apply',
    'bind',
    'caller',
    'callee',
    'arguments',
    'name',
    '__defineGetter__',
    '__defineSetter__',
    '__lookupGetter__',
    '__lookupSetter__',
  ],
  ...[
    'isPrototypeOf',
    'propertyIsEnumerable',
    'toLocaleString',
    'map',
    'filter',
    'reduce',
    'forEach',
    'find',
    'some',
    'every',
    'flatMap',
    'entries',
    'keys',
    'values',
    'copyWithin',
    'then',
    'raw',
    'fromCharCode',
    'env',
    'ctx',
    'lookup',
    'getVariables',
  ],
];
const prelude = '{% macro macro() %}m{% endmacro %}{% import "part" as imported %}';

const allowed = new Set([
  ...[...textMethods.keys(), ...listMethods.keys(), ...numberMethods.keys()],
  ...[...objectMethods.keys(), ...regexMethods.keys()],
  ...['source', 'flags', 'lastIndex', 'global', 'ignoreCase', 'multiline', 'sticky'],
  ...['dotAll', 'hasIndices', 'unicode', 'unicodeSets', 'index', 'input', 'groups'],
  ...['length', 'next', 'reset', 'current', 'p', 'a', 'nested', 'k'],
]);

const attempts = [
  `{{ range.constructor("globalThis.reached = true")() }}`,
  `{{ ({}).constructor.constructor("return process")().mainModule }}`,
  `{{ [].constructor.from([1]) }}`,
  `{{ "".constructor.fromCharCode(65) }}`,
  `{{ (1).constructor.constructor("globalThis.reached = 1")() }}`,
  `{{ cycler.constructor("return process.env")() }}`,
  `{% macro m() %}{% endmacro %}{{ m.constructor("globalThis.reached = 1")() }}`,
  `{% set x = {} %}{% set y = x.__proto__ %}{{ y.polluted }}`,
  `{% set __proto__ = {polluted: 1} %}{{ {}.polluted }}`,
  `{{ {"__proto__": {polluted: 1}}.polluted }}`,
  `{{ {"constructor": 1, "__proto__": 2}.toString.constructor }}`,
  `{% for __proto__ in [{polluted: 1}] %}{{ {}.polluted }}{% endfor %}`,
  `{% macro m(__proto__) %}{{ {}.polluted }}{% endmacro %}{{ m({polluted: 1}) }}`,
  `{% macro m(a) %}{{ {}.polluted }}{% endmacro %}{{ m(__proto__={polluted: 1}) }}`,
  `{{ ["polluted"] | groupby("__proto__") | length }}{{ {}.polluted }}`,
  `{{ caller.constructor("1")() }}`,
  `{% macro m() %}{{ caller.constructor("globalThis.reached = 1")() }}{% endmacro %}{% call m() %}{% endcall %}`,
  `{{ "a" | constructor }}`,
  `{{ "a" | __proto__ }}`,
  `{{ "a" | toString }}`,
  `{{ "a" is constructor }}`,
  `{{ "a" is hasOwnProperty("a") }}`,
  `{{ ["a"] | select("constructor") }}`,
  `{{ ["a"] | select("__proto__") }}`,
  `{{ ["a"] | select("toString") }}`,
  `{{ [{}] | selectattr("constructor") | length }}`,
  `{{ [{}] | sum("constructor") }}`,
  `{{ a");globalThis.reached=true;(" }}`,
  `{{ a"+globalThis.reached+" }}`,
  `{% for a);globalThis.reached=(1 in [1] %}{% endfor %}`,
  `{% macro m(a){globalThis.reached=1} %}{% endmacro %}`,
  `{% block a(){};globalThis.reached=1;function%20b %}{% endblock %}`,
  `{% set a;globalThis.reached=1;b = 1 %}`,
  `{% import "part" as a;globalThis.reached=1 %}`,
  `{{ "\\u2028\\";globalThis.reached=1;//" and "" }}`,
  `{{ r/(a+)+$/.constructor("globalThis.reached = 1")() }}`,
  `{{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" | replace(r/(a+)+!$/, "") }}`,
  `{{ env.opts }}{{ context.env }}{{ runtime.memberLookup }}{{ lineno }}{{ cb }}{{ this }}{{ process }}{{ globalThis }}{{ require }}`,
  `{{ getTest }}{{ hole_0 }}{{ t_1 }}{{ frame.parent }}{{ output }}{{ parentTemplate }}{{ __keywords }}`,
];

describe('hostile nunjucks templates', () => {
  it(`reach nothing of the host with any of ${payloads.length} payloads for Jinja`, () => {
    const leaks = payloads.flatMap(({ template, includes }) => {
      const outcome = render(template, includes);
      return outcome.kind === 'output' && hostWords.test(outcome.output) ? [[template, outcome.output]] : [];
    });
    expect(leaks).toEqual([]);
  });

  it('see no inherited member on any kind of value, in any way of access', () => {
    const accesses = bases.flatMap((base) =>
      forbidden.flatMap((name) => [
        `{{ (${base}).${name} }}`,
        `{{ (${base})['${name}'] }}`,
        `{{ (${base})['${name.slice(0, 2)}' ~ '${name.slice(2)}'] }}`,
        `{{ (${base})[['${name}']] }}`,
        `{{ (${base}).${name}('globalThis.reached = true') }}`,
        `{{ (${base}).${name}.constructor('globalThis.reached = true')() }}`,
        `{{ [${base}] | join('', '${name}') }}`,
        `{% for v in [${base}] | sort(attribute='${name}.constructor') %}{{ v.${name} }}{% endfor %}`,
      ]),
    );
    const leaks = accesses.flatMap((access) => {
      const outcome = render(prelude + access, { part: '{% macro p() %}{% endmacro %}' });
      // The inputs have a key "__proto__" of their own.
      if (outcome.kind === 'error' || ['', 'yes', '[object Object]'].includes(outcome.output)) return [];
      return [[access, outcome.output]];
    });
    expect(leaks.filter(([access = '']) => !access.includes('(x).__proto__'))).toEqual([]);
  });

  it('find methods from the fixed lists only', () => {
    const everything = [
      ...names,
      ...[Object, Array, String, Number, Boolean, Function, RegExp, Promise, Map, Symbol].flatMap(({ prototype }) =>
        Object.getOwnPropertyNames(prototype),
      ),
    ].filter((name) => /^\w+$/.test(name) && !allowed.has(name));
    const values = [
      "''",
      '0',
      'true',
      '[]',
      '{}',
      'range',
      'cycler(1)',
      'joiner()',
      'macro',
      'macro()',
      '"".trim',
      'r/a/',
      '"a".match(r/a/)',
    ];
    const found = values.flatMap((value) =>
      [...new Set(everything)].filter((name) => {
        const outcome = render(`${prelude}{{ (${value}).${name} is defined }}`, { part: '' });
        return outcome.kind === 'error' || outcome.output !== 'false';
      }),
    );
    expect(found).toEqual([]);
  });

  it.each(attempts)('%s gives nothing of the host', (template) => {
    const outcome = render(template, { part: '' });
    if (outcome.kind === 'output') expect(outcome.output.replace(/^(?:[01]|NaN)$/, '')).toBe('');
  });

  it('never runs functions, getters or classes that a careless caller passes as input', () => {
    let ran = 0;
    const careless = {
      run: () => {
        ran += 1;
      },
      get trap() {
        ran += 1;
        return 'trapped';
      },
      object: {
        get inner() {
          ran += 1;
          return 1;
        },
        toString: () => {
          ran += 1;
          return 'text';
        },
      },
    };
    for (const template of [
      '{{ run }}',
      '{{ run() }}',
      '{{ trap }}',
      '{{ object.inner }}',
      '{{ object }}',
      '{{ object ~ "" }}',
      '{{ object | dump }}',
    ])
      runHostile(template, careless as never, { syntax: 'nunjucks' });
    expect(ran).toBe(0);
  });
});
