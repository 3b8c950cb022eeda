import { expect, it } from 'vitest';
import type { Syntax } from '../contract/content.ts';
import { loaderOf } from './corpus/hostile.ts';
import { parseTemplate } from './engine.ts';
import { inputsOf, surveyInputs } from './template-inputs.ts';

function survey(source: string, included: Readonly<Record<string, string>>, syntax: Syntax = 'jinja') {
  const { template, problems } = parseTemplate(source, { syntax });
  if (template === null) throw new Error(problems[0]?.message);
  const { inputs, complete } = surveyInputs(template, loaderOf(included));
  const paths = inputs.flatMap((input) => input.paths.map(({ path }) => path));
  return complete ? [...new Set(paths)] : ['incomplete', ...new Set(paths)];
}

const doc = { doc: '{{ doc.title }}{{ style }}' };

it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ["{{ a }}{% include 'x' %}", { x: "{{ b.c }}{% include 'y' %}", y: '{{ d }}' }, ['a', 'b.c', 'd']],
  ["{% for doc in docs %}{% include 'doc' %}{% endfor %}", doc, ['docs', 'docs[].title', 'style']],
  ["{% set style = 'dry' %}{% with doc = user %}{% include 'doc' %}{% endwith %}", doc, ['user', 'user.title']],
  ["{% include 'doc' %}{% set doc = 1 %}{% include 'doc' %}", doc, ['doc.title', 'style']],
  ["{% from 'm' import f %}{% import 'm' as m %}{% include 'doc' without context %}", { ...doc, m: '{{ x }}' }, []],
  ["{% from 'm' import f with context %}", { m: '{% macro f(p) %}{{ p }}{{ x }}{% endmacro %}' }, ['x']],
  [
    "{% extends 'b' %}{% set title = 1 %}{% block body %}{{ q }}{% endblock %}",
    { b: '{{ title }}{{ lang }}' },
    ['q', 'lang'],
  ],
  [
    "{% include ['x', 'y'] %}{% include 'z' if a else 'y' %}",
    { x: '{{ b }}', y: '{{ c }}', z: '{{ d }}' },
    ['a', 'b', 'c', 'd'],
  ],
  ["{% include 'x' %}", { x: "{% include 'x' %}{{ a }}" }, ['a']],
  ['{{ a }}{% include b %}', {}, ['incomplete', 'a', 'b']],
  ["{{ a }}{% include 'gone' %}{% include 'bad' %}", { bad: '{% if %}' }, ['incomplete', 'a']],
])('finds what %j and its includes read', (source, included, expected) => {
  expect(survey(source, included)).toEqual(expected);
});

it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ["{% include 'doc' %}{{ user.name | upcase }}", doc, ['user.name', 'doc.title', 'style']],
  ["{% render 'doc', doc: user %}", doc, ['user', 'user.title']],
  [
    "{% render 'doc' for docs %}{% render 'doc' with user as doc %}",
    doc,
    ['docs', 'user', 'docs[].title', 'user.title'],
  ],
  ["{% for d in docs %}{% include 'doc' with d %}{% endfor %}", doc, ['docs', 'docs[]', 'docs[].title', 'style']],
  [
    "{% assign style = 'dry' %}{% assign first = docs | where: 'a', b | first %}{{ first.title }}",
    {},
    ['docs', 'b', 'docs[].title'],
  ],
  ['{% assign words = text | split: " " %}{% for w in words %}{{ w.x }}{% endfor %}', {}, ['text']],
  [
    '{{ docs.first.title }}{{ docs.size }}{{ docs[0] }}{{ a[b.c] }}',
    {},
    ['docs[].title', 'docs', 'docs[0]', 'a[]', 'b.c'],
  ],
  [
    '{% if a %}{% assign x = b %}{% endif %}{{ x }}{% capture y %}{{ c }}{% endcapture %}{{ y }}{{ forloop }}',
    {},
    ['a', 'b', 'c', 'forloop'],
  ],
  [
    '{% case a %}{% when b, c %}{% endcase %}{% cycle d: e, f %}{% for i in (1..n) limit: g %}{{ forloop.last }}{% endfor %}',
    {},
    ['a', 'b', 'c', 'e', 'f', 'd', 'n', 'g'],
  ],
  [
    "{% layout 'base' %}{% block body %}{{ q }}{% endblock %}",
    { base: '{{ lang }}{% block body %}{{ usual }}{% endblock %}' },
    ['q', 'lang', 'usual'],
  ],
  ["{% include 'a-{{ name }}' %}{% render part %}", {}, ['incomplete', 'name']],
])('finds what the Liquid template %j and its includes read', (source, included, expected) => {
  expect([...survey(source, included, 'liquid')].sort()).toEqual([...expected].sort());
});

it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  [
    '{{ a.b | default(c) }}{% for x in xs %}{{ x.y }}{{ loop.index }}{% else %}{{ d }}{% endfor %}',
    {},
    ['a.b', 'c', 'd', 'xs', 'xs[].y'],
  ],
  [
    '{% set a = b %}{{ a }}{% switch s %}{% case t %}{{ u }}{% default %}{{ v }}{% endswitch %}',
    {},
    ['b', 's', 't', 'u', 'v'],
  ],
  [
    '{% macro m(p, q=r) %}{{ p }}{{ q }}{{ caller() }}{% endmacro %}{% call(k) m(z) %}{{ k }}{{ w }}{% endcall %}',
    {},
    ['r', 'w', 'z'],
  ],
  [
    '{{ undefined }}{{ range(n) }}{{ cycler(1) }}{{ joiner() }}{{ dict }}{{ namespace }}',
    {},
    ['dict', 'n', 'namespace'],
  ],
  [
    '{% include "part" %}{% for own in list %}{% include "part" %}{% endfor %}',
    { part: '{{ own }}{{ other }}' },
    ['list', 'list[]', 'other', 'own'],
  ],
  [
    '{% extends "base" %}{% block b %}{{ q }}{{ super() }}{% endblock %}',
    { base: '{{ l }}{% block b %}{{ u }}{% endblock %}' },
    ['l', 'q', 'u'],
  ],
  ['{% include name %}{% import "nosuch" as m %}', {}, ['incomplete', 'name']],
])('finds what the nunjucks template %j and its includes read', (source, included, expected) => {
  expect([...survey(source, included, 'nunjucks')].sort()).toEqual([...expected].sort());
});

it('says which included template reads an input and where', () => {
  const { template } = parseTemplate("{% include 'x' %}");
  expect(inputsOf(template!, loaderOf({ x: 'a\n{{ b }}' }))).toEqual([
    {
      name: 'b',
      paths: [{ path: 'b', template: 'x', start: { line: 2, column: 4 }, end: { line: 2, column: 5 } }],
    },
  ]);
  expect(inputsOf(template!)).toEqual([]);
});

it('ends on includes that name more and more', () => {
  const endless = {
    load: (name: string) => ({ source: `{% set a${name} = 1 %}{% include "${name}1" %}{% include "${name}2" %}` }),
  };
  const { template } = parseTemplate("{% include '1' %}");
  expect(surveyInputs(template!, endless)).toMatchObject({ inputs: [], complete: false });
});
