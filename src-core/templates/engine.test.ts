import { describe, expect, it } from 'vitest';
import { parseJsonInputs, parseTemplate, renderTemplate, TemplateError } from './engine.ts';
import type { Inputs, ParseOptions, Problem, RenderOptions, Template } from './runtime/types.ts';

function parsed(source: string, options: ParseOptions = {}): Template {
  const { template, problems } = parseTemplate(source, options);
  if (template === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  return template;
}

function render(source: string, inputs: Inputs = {}, options: RenderOptions & ParseOptions = {}): string {
  return renderTemplate(parsed(source, options), inputs, options).output;
}

function problemOf(source: string, inputs: Inputs = {}, options: RenderOptions = {}): Problem {
  try {
    render(source, inputs, options);
  } catch (thrown) {
    if (thrown instanceof TemplateError) return thrown.problem;
    throw thrown;
  }
  throw new Error('The template was rendered.');
}

const loaderOf = (sources: Readonly<Record<string, string>>) => ({
  load: (name: string) => (Object.hasOwn(sources, name) ? { source: sources[name] ?? '' } : null),
});

describe('rendering', () => {
  it('prints values as Python does', () => {
    expect(render('{{ [1, 1.0, true, none, "it\'s"] }} {{ 4 / 2 }} {{ 7 // 2 }} {{ 2 ** 100 }}')).toBe(
      '[1, 1.0, True, None, "it\'s"] 2.0 3 1267650600228229401496703205376',
    );
  });

  it('keeps what a loop sets inside the loop, and a namespace outside', () => {
    const source =
      '{% set a = 0 %}{% set ns = namespace(b=0) %}{% for i in range(3) %}{% set a = i %}{% set ns.b = i %}{% endfor %}{{ a }}{{ ns.b }}';
    expect(render(source)).toBe('02');
  });

  it('asks the `if` of a loop as late as possible, so that it sees what the loop did', () => {
    const source =
      '{% set ns = namespace(seen=[]) %}{% for x in xs if x not in ns.seen %}{% set ns.seen = ns.seen + [x] %}{{ x }}{% endfor %}';
    expect(render(source, { xs: ['a', 'b', 'a', 'c', 'b'] })).toBe('abc');
  });

  it('calls macros with defaults, keywords, extra arguments and a caller', () => {
    const source =
      "{% macro m(a, b='-') %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}[{{ caller('x') }}]{% endmacro %}{% call(y) m(1, 2, 3, k=4) %}<{{ y }}>{% endcall %}";
    expect(render(source)).toBe("12(3,){'k': 4}[<x>]");
  });

  it('renders blocks of a child inside its parent, with what the parent had', () => {
    const loader = loaderOf({ base: 'A{% block body %}base{% endblock %}Z' });
    expect(render('{% extends "base" %}{% block body %}child+{{ super() }}{% endblock %}', {}, { loader })).toBe(
      'Achild+baseZ',
    );
  });

  it('gives an include the variables around it and an import only globals', () => {
    const loader = loaderOf({ part: '[{{ x }}{{ y }}]', lib: '{% macro m() %}({{ x }}){% endmacro %}' });
    const source =
      '{% set y = 2 %}{% include "part" %}{% import "lib" as lib %}{{ lib.m() }}{% from "lib" import m with context %}{{ m() }}';
    expect(render(source, { x: 1 }, { loader })).toBe('[12]()(1)');
  });

  it('gives an include its own default inputs for names that nobody else sets', () => {
    const loader = { load: () => ({ source: '{{ tone }}/{{ name }}', inputs: { tone: 'calm', name: 'nobody' } }) };
    expect(render('{% include "a" %}', { name: 'Ada' }, { loader })).toBe('calm/Ada');
  });

  it('reads the same text after any kind of newline', () => {
    expect(render('a\r\nb\rc\n{{ x }}\n', { x: 1 })).toBe('a\nb\nc\n1\n');
  });

  it('counts characters, not UTF-16 units', () => {
    expect(render('{{ s|length }}{{ s[1] }}{{ s[::-1] }}{{ s|center(5) }}|', { s: '😀é😀' })).toBe('3é😀é😀 😀é😀 |');
  });

  it('trims around blocks when it is asked to', () => {
    const source = '  {% if true %}\n  x\n  {% endif %}\ny';
    expect(render(source, {}, { trimBlocks: true, lstripBlocks: true })).toBe('  x\ny');
    expect(render(source)).toBe('  \n  x\n  \ny');
  });

  it('has what chat templates expect only when it is asked to', () => {
    const options = { chatTemplate: true, now: Date.UTC(2026, 10, 21) };
    expect(render("{{ {'a': '<é>'}|tojson }} {{ strftime_now('%d %b %Y') }}", {}, options)).toBe(
      '{"a": "<é>"} 21 Nov 2026',
    );
    expect(render("{{ {'a': '<é>'}|tojson }}")).toBe('{"a": "\\u003c\\u00e9\\u003e"}');
    expect(problemOf("{{ raise_exception('no system role') }}", {}, options)).toMatchObject({
      code: 'raised',
      message: 'no system role',
    });
  });

  it('reads floats of JSON text as floats', () => {
    const inputs = parseJsonInputs('{"price": 10.0, "big": 12345678901234567890, "n": 3}') as Inputs;
    expect(render('{{ price }} {{ big }} {{ n }}', inputs)).toBe('10.0 12345678901234567890 3');
  });

  it('tells which inputs were read, in the order of reading', () => {
    const source = '{% if a %}{{ b }}{% else %}{{ c }}{% endif %}{{ d is defined }}';
    expect(renderTemplate(parsed(source), { c: 1, b: 2, a: false, e: 3 }).usedInputs).toEqual(['a', 'c']);
  });

  it('never changes its inputs', () => {
    const inputs = { list: [1], dict: { a: 1 } };
    expect(render('{% do list.append(2) %}{% do dict.update(b=2) %}{{ list }}{{ dict }}', inputs)).toBe(
      "[1, 2]{'a': 1, 'b': 2}",
    );
    expect(inputs).toEqual({ list: [1], dict: { a: 1 } });
  });

  it('renders one parsed template twice alike', () => {
    const template = parsed('{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{% import "x" as x %}');
    const loader = loaderOf({ x: '' });
    expect([1, 2].map(() => renderTemplate(template, {}, { loader }).output)).toEqual(['1', '1']);
  });
});

describe('undefined values', () => {
  it('print nothing, are false and are empty', () => {
    expect(render('[{{ a }}{{ a.b is defined }}]', { a: {} })).toBe('[{}False]');
    expect(render('{{ "y" if a else "n" }}{% for x in a %}x{% endfor %}{{ a|default("d") }}')).toBe('nd');
  });

  it('fail when something is read from them', () => {
    expect(problemOf('x\n{{ user.name.first }}', { user: {} })).toMatchObject({
      code: 'undefined',
      start: { line: 2, column: 4 },
    });
  });

  it('fail on any use in strict mode but `is defined` and `default`', () => {
    const strict = { strict: true };
    expect(render('{{ a is defined }}{{ a|default("d") }}{{ "x" if false }}', {}, strict)).toBe('Falsed');
    for (const source of [
      '{{ a }}',
      '{% if a %}{% endif %}',
      '{% for x in a %}{% endfor %}',
      '{{ a == 1 }}',
      '{{ a ~ "" }}',
      '{{ a|length }}',
      '{{ a in range(3) }}',
    ]) {
      expect(problemOf(source, {}, strict).code).toBe('undefined');
    }
  });
});

describe('errors', () => {
  it.each<readonly [string, Partial<Problem>]>([
    ['{{ a', { code: 'syntax', start: { line: 1, column: 1 }, hint: 'Write }} after it.' }],
    ['a\n{% if x %}b', { code: 'syntax', start: { line: 2, column: 4 }, hint: 'Write {% endif %} where it ends.' }],
    ['{% for x of y %}{% endfor %}', { code: 'syntax', message: '"of" is here, but "in" was expected.' }],
    ['{% fro x in y %}', { code: 'syntax', hint: 'Did you mean "for"?' }],
    [
      '{{ x|\n  uper }}',
      {
        start: { line: 2, column: 3 },
        end: { line: 2, column: 7 },
        code: 'unknown',
        message: 'There is no filter "uper".',
        hint: 'Did you mean "upper"?',
      },
    ],
    [
      '{{ x\n + (y is\n  not defind) }}',
      { start: { line: 3, column: 7 }, end: { line: 3, column: 13 }, code: 'unknown', hint: 'Did you mean "defined"?' },
    ],
    ['{% break %}', { code: 'syntax' }],
    ['{% block a %}{% endblock %}{% block a %}{% endblock %}', { code: 'syntax' }],
  ])('of %s are found while parsing', (source, expected) => {
    const { template, problems } = parseTemplate(source);
    expect(template).toBeNull();
    expect(problems.at(-1)).toMatchObject({ severity: 'error', ...expected });
  });

  it('warn about a filter that does not exist where it may never be reached', () => {
    const { template, problems } = parseTemplate('{% if x %}{{ x|nope }}{% endif %}ok');
    expect(problems).toMatchObject([{ severity: 'warning', code: 'unknown' }]);
    expect(template === null ? null : renderTemplate(template, {}).output).toBe('ok');
  });

  it.each<readonly [string, Partial<Problem>]>([
    ['{{ 1 + "a" }}', { code: 'type', hint: 'Use "~" to join values as text.' }],
    ['{{ 1 / 0 }}', { code: 'type' }],
    ['{{ range("x") }}', { code: 'type', message: '"range" needs an int, but got str.' }],
    ['{% include "nope" %}', { code: 'include', message: 'There is no template "nope".' }],
    ['{% set x = 1 %}{% set x.y = 2 %}', { code: 'type' }],
  ])('of %s are typed', (source, expected) => {
    expect(problemOf(source)).toMatchObject(expected);
  });

  it('name the template that they are in', () => {
    const loader = loaderOf({ part: 'a\n  {{ 1 + "a" }}' });
    const problem = problemOf('x {% include "part" %}', {}, { loader });
    expect(problem).toMatchObject({ template: 'part', start: { line: 2, column: 6 } });
  });

  it('name the template of a macro, also when it is called elsewhere', () => {
    const loader = loaderOf({ lib: '{% macro m() %}\n{{ 1 + "a" }}{% endmacro %}' });
    expect(problemOf('{% import "lib" as lib %}{{ lib.m() }}', {}, { loader })).toMatchObject({
      template: 'lib',
      start: { line: 2 },
    });
  });

  it('show the circle of templates that include each other', () => {
    const loader = loaderOf({ a: '{% include "b" %}', b: '{% include "a" %}' });
    expect(problemOf('{% include "a" %}', {}, { loader })).toMatchObject({
      code: 'include',
      message: expect.stringContaining('"a" → "b" → "a"'),
    });
  });

  it('are not raised by an include that may be missing, unless what it finds is wrong', () => {
    const loader = loaderOf({ bad: '{{' });
    expect(
      render('a{% include "nope" ignore missing %}b{% include ["x", "y"] ignore missing %}c', {}, { loader }),
    ).toBe('abc');
    expect(problemOf('{% include "bad" ignore missing %}', {}, { loader })).toMatchObject({
      code: 'syntax',
      template: 'bad',
    });
  });

  it('are data that crosses boundaries whole', () => {
    const problem = problemOf('{{ 1 + "a" }}');
    const error = new TemplateError(problem);
    expect(error.toData()).toEqual({ code: 'invalid', message: error.message, details: { problem } });
    expect(error.message).toBe(
      'line 1, column 4: "+" does not work between int and str. Use "~" to join values as text.',
    );
  });
});

describe('liquid', () => {
  it('goes through the same door', () => {
    const template = parsed('Hello {{ name | upcase }}', { syntax: 'liquid' });
    expect(renderTemplate(template, { name: 'Ada' }).output).toBe('Hello ADA');
  });
});
