import { describe, expect, it } from 'vitest';
import { loaderOf, snapshotGlobals, timed } from '../corpus/hostile.ts';
import { type Inputs, type RenderOptions, TemplateError } from '../runtime/types.ts';
import { inputsOf } from '../template-inputs.ts';
import { parseLiquid, renderLiquid } from './liquid.ts';

function render(source: string, inputs: Inputs = {}, options: RenderOptions = {}) {
  const { template, problems } = parseLiquid(source);
  if (template === null) throw new TemplateError(problems[0]!);
  return renderLiquid(template, inputs, options);
}

function problemOf(source: string, inputs: Inputs = {}, options: RenderOptions = {}) {
  try {
    const { output } = render(source, inputs, options);
    return { output };
  } catch (thrown) {
    if (thrown instanceof TemplateError) return thrown.problem;
    throw thrown;
  }
}

describe('Liquid', () => {
  it.each<[string, Inputs, string]>([
    ['Hi {{ name | upcase }}!', { name: 'ada' }, 'Hi ADA!'],
    [
      '{% for d in docs %}{{ forloop.index }}. {{ d.title }}\n{% endfor %}',
      { docs: [{ title: 'A' }, { title: 'B' }] },
      '1. A\n2. B\n',
    ],
    ['{% if plan == "pro" and n > 2 %}yes{% else %}no{% endif %}', { plan: 'pro', n: 3 }, 'yes'],
    [
      '{% assign words = text | split: " " %}{{ words | size }} {{ words.first }} {{ words | join: "-" }}',
      { text: 'a b c' },
      '3 a a-b-c',
    ],
    ['{% capture x %}{{ a }}{{ a }}{% endcapture %}{{ x }}', { a: 'z' }, 'zz'],
    ['{% case x %}{% when 1 %}one{% when 2, 3 %}few{% else %}many{% endcase %}', { x: 3 }, 'few'],
    [
      '{{ list }} {{ object }} {{ nothing }}|{{ none }}|{{ yes }}',
      { list: [1, 'b'], object: { a: 1 }, none: null, yes: true },
      '1b {"a":1} ||true',
    ],
    [
      '{{ "<b>x</b>" | strip_html }} {{ 5 | plus: 2 }} {{ x | default: "d" }} {{ o | json }}',
      { o: { k: [1] } },
      'x 7 d {"k":[1]}',
    ],
    ['{{- " a " -}} b {%- if true %} c{% endif -%}', {}, ' a b c'],
    ['{% raw %}{{ x }}{% endraw %}{% comment %}x{% endcomment %}', {}, '{{ x }}'],
  ])('renders %j', (source, inputs, expected) => {
    expect(render(source, inputs).output).toBe(expected);
  });

  it('includes and renders other templates through the loader', () => {
    const loader = loaderOf({ 'shared/tone': 'Be {{ tone }}{{ x }}.', base: '<{% block body %}{% endblock %}>' });
    expect(render("{% include 'shared/tone' %}", { tone: 'kind' }, { loader }).output).toBe('Be kind.');
    expect(render("{% render 'shared/tone', tone: 'dry' %}", { tone: 'kind', x: 'leak' }, { loader }).output).toBe(
      'Be dry.',
    );
    expect(render("{% layout 'base' %}{% block body %}b{% endblock %}", {}, { loader }).output).toBe('<b>');
    const frame = loaderOf({ frame: 'Hi {% block who %}all{% endblock %}.' });
    const own = "{% layout 'frame' %}{% block who %}you and {{ block.super }}{% endblock %}";
    expect(render(own, {}, { loader: frame }).output).toBe('Hi you and all.');
    expect(
      render("{% for i in (1..2) %}{% include 'shared/tone' %}{% endfor %}", { tone: 'a' }, { loader }).output,
    ).toBe('Be a.Be a.');
  });

  it('says which inputs are read, where from, and maps output back to them', () => {
    const source = 'Hi {{ user.name }}\n{% assign a = other %}{% for d in docs %}{{ d }}{% endfor %}{{ a }}';
    const { template } = parseLiquid(source);
    expect(inputsOf(template!).map(({ name, paths }) => [name, paths[0]?.path, paths[0]?.start])).toEqual([
      ['user', 'user.name', { line: 1, column: 7 }],
      ['other', 'other', { line: 2, column: 15 }],
      ['docs', 'docs', { line: 2, column: 35 }],
    ]);
    const { output, usedInputs, sourceMap } = render(source, { user: { name: 'Ada' }, docs: ['x'], unused: 1 });
    expect(usedInputs).toEqual(['user', 'docs']);
    const shown = sourceMap.map(({ start, end, input, line }) => [output.slice(start, end), input, line]);
    expect(shown).toEqual([
      ['Hi ', null, 1],
      ['Ada', 'user.name', 1],
      ['\n', null, 1],
      ['x', 'docs[]', 2],
    ]);
  });

  it('reports problems with code, position and template', () => {
    expect(problemOf('a\n {% if %}x')).toMatchObject({ code: 'syntax', start: { line: 2, column: 7 } });
    for (const [source, line, column] of [
      ['{{ a | nosuch }}', 1, 8],
      ["x\n{{ a | append: '| nosuch'\n   | nosuch: 1 }}", 3, 6],
      ['{% assign b = a\n  | upcase | nosuch %}', 2, 14],
      ['{% liquid\n  assign b = 1\n  echo b | nosuch\n%}', 3, 12],
      ['{% if a %}\n{% for x in (1..3) %}{{ x |nosuch}}{% endfor %}{% endif %}', 2, 28],
    ] as const)
      expect(problemOf(source), source).toMatchObject({
        code: 'unknown',
        message: 'There is no filter "nosuch".',
        start: { line, column },
        end: { line, column: column + 6 },
      });
    expect(problemOf('{% nosuch %}')).toMatchObject({ code: 'unknown' });
    expect(problemOf('{{ a.b }}', {}, { strict: true })).toMatchObject({
      code: 'undefined',
      start: { line: 1, column: 4 },
    });
    expect(problemOf("x {% include 'gone' %}")).toMatchObject({
      code: 'include',
      message: 'There is no template "gone".',
    });
    const loader = loaderOf({ a: "{% include 'b' %}", b: "\n{% include 'a' %}" });
    expect(problemOf("{% include 'a' %}", {}, { loader })).toMatchObject({
      code: 'include',
      template: 'b',
      message: 'Templates include each other in a circle: "a" → "b" → "a".',
      start: { line: 2, column: 1 },
    });
  });
});

describe('Liquid problems', () => {
  it.each<[string, string, string | undefined, string]>([
    ['{{ a | upcse }}', 'There is no filter "upcse".', 'Did you mean "upcase"?', '1:8'],
    ['\n{% fro a in b %}', 'There is no statement "fro".', 'Did you mean "for"?', '2:1'],
    ['{% if a %}{% elseif b %}{% endif %}', 'There is no statement "elseif".', 'Write "elsif".', '1:11'],
    ['{% if a %}{% else if b %}{% endif %}', '"else if" is no statement.', 'Write "elsif".', '1:1'],
    [
      '{% if a = 1 %}{% endif %}',
      'Only a filter or an operator may follow the value here.',
      'Compare with "==".',
      '1:10',
    ],
    [
      '{% if a && b %}{% endif %}',
      'Only a filter or an operator may follow the value here.',
      'Write "and" or "or".',
      '1:10',
    ],
    ['a\n{% for x in y %}', 'The "for" is not closed.', 'Add {% endfor %} where it ends.', '2:1'],
    ['{% if %}{% endif %}', 'A value is missing here.', undefined, '1:6'],
    ['{% for x %}{% endfor %}', 'The "for" has not the form {% for item in list %}.', undefined, '1:1'],
    ['a{% endif %}', 'There is no open "if" for this "endif".', undefined, '1:2'],
    ['{% set a = 1 %}', 'There is no statement "set".', 'Write {% assign name = value %}.', '1:1'],
    ['{% raw %}', 'The "raw" is not closed.', 'Add {% endraw %} where it ends.', '1:1'],
  ])('%j says what is wrong and what to write', (source, message, hint, at) => {
    const { template, problems } = parseLiquid(source);
    expect(template).toBeNull();
    expect(
      problems.map(({ start, ...problem }) => [problem.message, problem.hint, `${start.line}:${start.column}`]),
    ).toEqual([[message, hint, at]]);
  });

  it('name the limit that was exceeded', () => {
    expect(problemOf('{{ a }}'.repeat(20_001))).toMatchObject({ code: 'limit', limit: 'nodes' });
    expect(problemOf(`${'{% if a %}'.repeat(65)}${'{% endif %}'.repeat(65)}`)).toMatchObject({ limit: 'nesting' });
    expect(problemOf('{% for i in (1..9) %}{{ i }}{% endfor %}', {}, { limits: { steps: 5 } })).toMatchObject({
      limit: 'steps',
      message: 'The template exceeds the limit "steps": at most 5 steps.',
    });
    expect(problemOf('{{ (1..n) | size }}', { n: 10_001 })).toMatchObject({ code: 'limit', limit: 'range' });
    expect(problemOf('{{ a }}{{ a }}', { a: 'xxxx' }, { limits: { output: 7 } })).toMatchObject({ limit: 'output' });
  });

  it('in strict mode are undefined values, apart from conditions and `default`', () => {
    const strict = (source: string) => problemOf(source, { user: { name: 'Ada', none: null } }, { strict: true });
    for (const source of ['{{ a }}', '{{ user.nme }}', '{% for x in a %}{% endfor %}', '{% assign x = a %}'])
      expect(strict(source), source).toMatchObject({ code: 'undefined' });
    for (const source of [
      '{{ a | default: "" }}',
      '{% if a %}{% endif %}',
      '{% if a.b == nil %}{% endif %}',
      '{{ user.none }}',
    ])
      expect(strict(source), source).toEqual({ output: '' });
    expect(strict('{{ user.nme }}')).toMatchObject({ message: '"user.nme" is undefined.' });
  });
});

describe('the source map of Liquid', () => {
  const stretches = (source: string, inputs: Inputs, options: RenderOptions = {}) => {
    const { output, sourceMap } = render(source, inputs, options);
    return sourceMap.flatMap(({ start, end, input, template }) =>
      input === null ? [] : [[output.slice(start, end), input, template]],
    );
  };

  it('takes text back to inputs through loops, `assign` and includes', () => {
    const loader = loaderOf({ card: '<{{ d.title }}>' });
    const source =
      "{% assign first = docs | first %}{{ first.title | upcase }}{% for d in docs %}{% include 'card' %}{% assign d = 1 %}{{ d.title }}{% endfor %}{{ n | plus: 1 }}{% echo n %}";
    expect(stretches(source, { docs: [{ title: 'x' }], n: 1 }, { loader })).toEqual([
      ['X', 'docs[].title', null],
      ['x', 'docs[].title', null],
      ['2', 'n', null],
      ['1', 'n', null],
    ]);
  });

  it('leaves out names that are set', () => {
    expect(stretches('{% capture a %}{{ b }}{% endcapture %}{{ a }}{% increment c %}{{ c }}', { a: 1, b: 2 })).toEqual(
      [],
    );
  });
});

/** A list of 300 items in a list 300 times in a list 300 times: 27 million items that need hardly any memory. */
const listsInLists = ['a', 'b', 'c', 'd']
  .map((name, index) => {
    const item = index === 0 ? 'i' : (['a', 'b', 'b'][index - 1] ?? '');
    return `{% assign ${name} = "" | split: "" %}{% for i in (1..300) %}{% assign ${name} = ${name} | push: ${item} %}{% endfor %}`;
  })
  .join('');

describe('hostile Liquid', () => {
  const bases = [
    'x',
    'list',
    'text',
    '"a"',
    'number',
    'missing',
    'forloop',
    'x.a',
    'list[0]',
    '(1..3)',
    'empty',
    'blank',
  ];
  const names = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    'call',
    'apply',
    'push',
    'liquid',
    'environments',
    'filters',
  ];
  const inputs = JSON.parse(
    '{"x": {"a": {}}, "list": [{}], "text": "t", "number": 1, "__proto__": {"polluted": "yes"}}',
  ) as Inputs;

  it('reaches nothing through members, filters or tags of any name', () => {
    const before = snapshotGlobals();
    const sources = [
      ...bases.flatMap((base) =>
        names.flatMap((name) => [
          `{{ ${base}.${name} }}`,
          `{{ ${base}["${name}"] }}`,
          `{{ ${base}.${name}.constructor }}`,
        ]),
      ),
      // `push` is a Liquid filter of its own.
      ...names
        .filter((name) => name !== 'push')
        .flatMap((name) => [
          `{{ "a" | ${name} }}`,
          `{{ "a" | ${name}: "b" }}`,
          `{% ${name} %}`,
          `{{ list | map: "${name}" }}`,
          `{{ list | where: "${name}" }}`,
          `{{ list | sort: "${name}" | first | json }}`,
          `{{ list | sum: "${name}" }}`,
        ]),
      ...names.flatMap((name) => [
        `{% include "${name}" %}`,
        `{% assign ${name} = 1 %}{{ x.${name} }}`,
        `{% capture ${name} %}1{% endcapture %}{{ x.${name} }}`,
        `{% increment ${name} %}{{ x.${name} }}`,
      ]),
      '{{ polluted }}{{ x.polluted }}{{ list.polluted }}',
      '{% assign __proto__ = x %}{{ polluted }}',
      '{{ "process.exit()" | where_exp: "x", "x.constructor" }}',
      '{{ list | where_exp: "i", "i.constructor" | size }}',
    ];
    for (const source of sources) {
      const outcome = problemOf(source, inputs);
      if ('output' in outcome) expect(outcome.output, source).toMatch(/^(0|1|-1|\{\}|\[\]|)$/);
    }
    expect(snapshotGlobals()).toEqual(before);
  });

  it('never treats a value as a template', () => {
    expect(render('{{ text }}', { text: '{{ 7 | times: 7 }}{% if %}' }).output).toBe('{{ 7 | times: 7 }}{% if %}');
  });

  it.each<[string, string, Inputs?]>([
    ['nested loops', '{% for a in (1..10000) %}{% for b in (1..10000) %}x{% endfor %}{% endfor %}'],
    ['empty nested loops', '{% for a in (1..100000) %}{% for b in (1..100000) %}{% endfor %}{% endfor %}'],
    ['an endless range', '{% for a in (1..9999999999) %}{% endfor %}'],
    ['doubling', '{% assign s = "a" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s | size }}'],
    [
      'a capture that doubles',
      '{% assign x = "a" %}{% for i in (1..60) %}{% capture x %}{{ x }}{{ x }}{% endcapture %}{% endfor %}',
    ],
    ['long output', '{% for i in (1..9999) %}{{ long }}{% endfor %}', { long: 'a'.repeat(1_000_000) }],
    ['long replacement', '{{ long | replace: "a", long }}', { long: 'a'.repeat(100_000) }],
    [
      'a list that doubles',
      '{% assign l = "a" | split: "" %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}',
    ],
    ['deep nesting', `${'{% if true %}'.repeat(9_000)}${'{% endif %}'.repeat(9_000)}`],
    ['deep brackets', `{{ ${'x['.repeat(40_000)}1${']'.repeat(40_000)} }}`],
    ['a long source', 'a'.repeat(300_000)],
    ['open tags', '{% '.repeat(80_000)],
    ['open outputs', '{{'.repeat(120_000)],
    ['deep data', '{{ x | json }}{{ x }}', { x: JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) }],
    ['an include of itself', "{% include 'self' %}"],
    ['a render of itself', "{% render 'self-render' %}"],
    ['includes that double', "{% include 'd0' %}"],
    ['open tags to strip', '{{ x | strip_html }}', { x: '<script'.repeat(140_000) }],
    ['a wide date', '{{ "2020-01-01" | date: "%999999999d" }}'],
    ...['{{ c }}', '{{ c | json }}', '{{ c | join }}', '{{ c | sort }}', '{% if c == d %}{% endif %}'].map(
      (use): [string, string] => [`lists in lists that are read by ${use}`, `${listsInLists}${use}`],
    ),
    ['many filters', `{{ "a"${' | upcase'.repeat(25_000)} }}`],
  ])('ends %s in time with an error or a bounded output', (_, source, given = {}) => {
    const doubling = Array.from({ length: 15 }, (_, level) => [
      `d${level}`,
      `{% include 'd${level + 1}' %}`.repeat(20),
    ]);
    const loader = loaderOf({
      self: "{% include 'self' %}",
      'self-render': "{% render 'self-render' %}",
      ...Object.fromEntries(doubling),
    });
    const { outcome, milliseconds } = timed(() => problemOf(source, given, { loader }));
    expect(milliseconds).toBeLessThan(10_000);
    if ('output' in outcome) expect(outcome.output.length).toBeLessThanOrEqual(2 * 1024 * 1024);
    else expect(['limit', 'include', 'type', 'syntax']).toContain(outcome.code);
  });
});
