import { expect, it } from 'vitest';
import { includesOf } from './includes-of.ts';

it.each<[string, readonly string[], boolean]>([
  ['plain text', [], false],
  ['{% include \'a/b\' %} {%- include "c@production" ignore missing -%}', ['a/b', 'c@production'], false],
  ["{% include ['a', 'b'] without context %}", ['a', 'b'], false],
  ["{% import 'lib' as lib %}{% from 'lib' import f, g as h %}{% extends 'base' %}", ['lib', 'base'], false],
  ["{% render 'part', name: 'x', other: y %}{% layout 'base' %}", ['part', 'base'], false],
  ["{% include name %}{% include 'a' ~ b %}", ['a'], true],
  ["{% include 'a' if x else 'b' %}", ['a', 'b'], true],
  ["{% includes 'a' %}{{ include('b') }}", [], false],
])('finds what %j includes', (source, names, computed) => {
  expect(includesOf(source)).toEqual({ names, computed });
});
