import { type Bomb, repeat } from './bomb.ts';

/** Macros, loops, blocks and includes that never end, or fan out. */
export const recursion: readonly Bomb[] = [
  { name: 'a macro that calls itself', template: '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}' },
  {
    name: 'a macro that calls itself twice',
    template: '{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}',
  },
  {
    name: 'doubling macros of bounded depth',
    template: '{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}',
  },
  {
    name: 'macros that call each other',
    template: '{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}',
  },
  {
    name: 'callers inside callers',
    template: '{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{% call m() %}x{% endcall %}',
  },
  { name: 'a recursive loop without end', template: '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}' },
  { name: 'a recursive loop that doubles', template: '{% for x in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}' },
  { name: 'a block that prints itself', template: '{% block a %}{{ self.a() }}{% endblock %}' },
  {
    name: 'blocks that print each other',
    template: '{% block a %}{{ self.b() }}{% endblock %}{% block b %}{{ self.a() }}{% endblock %}',
  },
  { name: 'an include of itself', template: "{% include 'a' %}", includes: { a: "{% include 'a' %}" } },
  {
    name: 'includes of each other',
    template: "{% include 'a' %}",
    includes: { a: "{% include 'b' %}", b: "{% include 'a' %}" },
  },
  {
    name: 'an include that doubles',
    template: "{% include 'a0' %}",
    includes: Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => [`a${level}`, repeat(`{% include 'a${level + 1}' %}`, 10)]),
    ),
  },
  {
    name: 'a long chain of includes',
    template: "{% include 'a0' %}",
    includes: Object.fromEntries(
      Array.from({ length: 500 }, (_, level) => [`a${level}`, `{% include 'a${level + 1}' %}`]),
    ),
  },
  {
    name: 'a long chain of extends',
    template: "{% extends 'a0' %}",
    includes: Object.fromEntries(
      Array.from({ length: 500 }, (_, level) => [`a${level}`, `{% extends 'a${level + 1}' %}`]),
    ),
  },
  { name: 'extending itself', template: "{% extends 'a' %}", includes: { a: "{% extends 'a' %}" } },
  { name: 'importing itself', template: "{% import 'a' as a %}", includes: { a: "{% import 'a' as a %}" } },
  {
    name: 'includes in a loop',
    template: "{% for i in range(9999) %}{% include 'a' %}{% endfor %}",
    includes: { a: '{% for i in range(9999) %}{{ i }}{% endfor %}' },
  },
  {
    name: 'large includes in a loop',
    template: "{% for i in range(9999) %}{% include 'a' %}{% endfor %}",
    includes: { a: repeat('text {{ x }} ', 10_000) },
  },
  {
    name: 'large includes under changing names',
    template: "{% for i in range(9999) %}{% include 'a' ~ (i % 200) %}{% endfor %}",
    includes: Object.fromEntries(
      Array.from({ length: 200 }, (_, number) => [`a${number}`, repeat(`{{ ${number} }}`, 9_000)]),
    ),
  },
];
