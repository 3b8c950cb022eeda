import { expect, it } from 'vitest';
import type { Syntax } from '../../contract/content.ts';
import { includesOf, renameIncludes } from './includes-of.ts';

it.each<[string, readonly string[]]>([
  ['plain text', []],
  ['{% include \'a/b\' %} {%- include "c@production" ignore missing -%}', ['a/b', 'c@production']],
  ["{% include ['a', 'b'] without context %}", ['a', 'b']],
  ["{% import 'lib' as lib %}{% from 'lib' import f, g as h %}{% extends 'base' %}", ['lib', 'base']],
  ["{% include name %}{% include 'a' ~ b %}", []],
  ["{% include 'a' if x == 'c' else 'b' %}", ['a', 'b']],
  ["{% if x %}{% for a in b %}{% include 'deep' %}{% endfor %}{% endif %}", ['deep']],
  ["{# {% include 'no' %} #}{% raw %}{% include 'no' %}{% endraw %}{{ \"{% include 'no' %}\" }}", []],
  ["{% include\r\n  'lines' %}", ['lines']],
])('finds what %j includes', (source, names) => {
  expect(includesOf(source, 'jinja')).toEqual(names);
});

it.each<[string, readonly string[]]>([
  ["{% render 'part', name: 'x', other: y %}{% include 'in' with x as z %}", ['part', 'in']],
  ["{% layout 'base' %}{% block b %}{% render 'inside' %}{% endblock %}", ['base', 'inside']],
  ["{% liquid\n  assign a = 1\n  render 'part'\n%}", ['part']],
  ["{% comment %}{% render 'no' %}{% endcomment %}{% raw %}{% render 'no' %}{% endraw %}", []],
  ["{% render name %}{% include 'a-{{ b }}' %}", []],
])('finds what the Liquid template %j includes', (source, names) => {
  expect(includesOf(source, 'liquid')).toEqual(names);
});

it.each<[string, Syntax]>([
  ["{% include 'a' %}{# {% include 'no' %} #}{% raw %}{% include 'no' %}{% endraw %}{% if %}", 'jinja'],
  ["{% include 'a' %}{% comment %}{% include 'no' %}{% endcomment %}{% if", 'liquid'],
  ["{% include 'a' %}{# {% include 'no' %}", 'jinja'],
  ["{% include 'a' %}{# {% include 'no' %} #}{% verbatim %}{% include 'no' %}{% endverbatim %}{% if", 'nunjucks'],
])('searches %j, which cannot be parsed', (source, syntax) => {
  expect(includesOf(source, syntax)).toEqual(['a']);
});

it('gives includes other names and changes nothing else', () => {
  const fresh = (name: string) => (name === 'old' ? 'new/name' : null);
  const source =
    "{# old: {% include 'old' %} #}\r\n{% include 'old' %}\r\n{%- include [\"old\", 'other'] -%}{{ 'old' }}{% include 'old' ~ x %}";
  expect(renameIncludes(source, 'jinja', fresh)).toBe(
    "{# old: {% include 'old' %} #}\r\n{% include 'new/name' %}\r\n{%- include [\"new/name\", 'other'] -%}{{ 'old' }}{% include 'old' ~ x %}",
  );
  expect(renameIncludes("{% if %}{% include 'old' %}", 'jinja', fresh)).toBe("{% if %}{% include 'new/name' %}");
  expect(renameIncludes("{% render 'old', a: 'old' %}", 'liquid', fresh)).toBe("{% render 'new/name', a: 'old' %}");
});
