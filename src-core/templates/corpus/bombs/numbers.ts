import { type Bomb, repeat } from './bomb.ts';

/** Numbers of many digits. */
export const numbers: readonly Bomb[] = [
  { name: 'a tower of powers', template: '{{ 9 ** 9 ** 9 ** 9 }}' },
  { name: 'a large power', template: '{{ 2 ** 100000000 }}' },
  {
    name: 'squaring in a loop',
    template: '{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}',
  },
  { name: 'a literal of many digits', template: `{{ ${repeat('9', 200_000)} }}` },
  { name: 'int of many digits', template: "{{ ('9' * 900000)|int }}" },
  { name: 'int in base 2 of many digits', template: "{{ ('1' * 900000)|int(0, 2) }}" },
  {
    name: 'factorial',
    template:
      '{% set ns = namespace(n=1) %}{% for i in range(1, 9999) %}{% set ns.n = ns.n * i %}{% endfor %}{{ ns.n }}',
  },
  {
    name: 'round to many digits',
    template: '{{ 1.5|round(10 ** 9) }}{{ 1.5|round(-10 ** 9) }}{{ 12345|round(10 ** 20) }}',
  },
  {
    name: 'printing big integers over and over',
    template: '{% set n = 2 ** 13000 %}{% for i in range(9999) %}{{ n }}{% endfor %}',
  },
];
