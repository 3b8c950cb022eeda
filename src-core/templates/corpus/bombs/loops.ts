import { type Bomb, long, many } from './bomb.ts';

/** Loops inside loops, and work over long data in a loop. */
export const loops: readonly Bomb[] = [
  {
    name: 'nested ranges',
    template:
      '{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}x{% endfor %}{% endfor %}{% endfor %}',
  },
  {
    name: 'nested ranges without output',
    template: '{% for a in range(9999) %}{% for b in range(9999) %}{% if false %}{% endif %}{% endfor %}{% endfor %}',
  },
  {
    name: 'empty nested loops',
    template: '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}',
  },
  {
    name: 'a loop that filters everything out',
    template:
      '{% for a in range(9999) if false %}{% endfor %}{% for a in range(9999) %}{% for b in range(9999) if false %}{% endfor %}{% endfor %}',
  },
  { name: 'an endless range', template: '{{ range(10 ** 12)|list }}' },
  { name: 'a range of bigints', template: '{{ range(10 ** 30, 10 ** 30 + 5)|list }}{{ range(0, 2 ** 70) }}' },
  { name: 'a huge range that is only counted', template: '{{ range(10 ** 12)|length }}{{ range(10 ** 12)|sum }}' },
  { name: 'sums of ranges in loops', template: '{% for a in range(9999) %}{% set x = range(9999)|sum %}{% endfor %}' },
  { name: 'sorts in loops', template: '{% for a in range(9999) %}{% set x = range(9999)|reverse|sort %}{% endfor %}' },
  { name: 'uniques in loops', template: '{% for a in range(9999) %}{% set x = range(9999)|unique|list %}{% endfor %}' },
  {
    name: 'membership in loops',
    template: '{% for a in many %}{% if -1 in many %}{% endif %}{% endfor %}',
    inputs: { many },
  },
  {
    name: 'comparison of long lists in loops',
    template: '{% for a in many %}{% if many == many %}{% endif %}{% endfor %}',
    inputs: { many },
  },
  {
    name: 'search in a long text in loops',
    template: "{% for a in range(9999) %}{% if 'b' in long or long.count('b') %}{% endif %}{% endfor %}",
    inputs: { long },
  },
  {
    name: 'unique of lists',
    template: '{% for a in range(100) %}{{ range(9999)|batch(1)|unique|list|length }}{% endfor %}',
  },
  {
    name: 'maps of maps',
    template: "{% for a in range(9999) %}{% set x = many|map('string')|map('length')|sum %}{% endfor %}",
    inputs: { many },
  },
];
