import { type Bomb, long, many, repeat } from './bomb.ts';

/** Text, lists and data that grow by themselves. */
export const growth: readonly Bomb[] = [
  {
    name: 'doubling a string',
    template:
      "{% set ns = namespace(s='a') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s|length }}",
  },
  {
    name: 'doubling with +',
    template:
      "{% set ns = namespace(s='a') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s|length }}",
  },
  {
    name: 'doubling a list',
    template:
      '{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}{{ ns.l|length }}',
  },
  {
    name: 'a list that extends itself',
    template: '{% set l = [1] %}{% for i in range(64) %}{% do l.extend(l) %}{% endfor %}{{ l|length }}',
  },
  { name: 'a list that contains itself', template: '{% set l = [1] %}{% do l.append(l) %}{{ l }}' },
  { name: 'a list that contains itself, as JSON', template: '{% set l = [1] %}{% do l.append(l) %}{{ l|tojson }}' },
  {
    name: 'a list that contains itself, compared',
    template: '{% set l = [1] %}{% do l.append(l) %}{% set m = [1] %}{% do m.append(m) %}{{ l == m }}',
  },
  {
    name: 'a dict that contains itself',
    template: '{% set d = {} %}{% do d.update(a=d) %}{{ d|pprint }}{{ d|string }}',
  },
  {
    name: 'lists of the same list: 2^30 leaves',
    template:
      '{% set ns = namespace(l=[1]) %}{% for i in range(30) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}',
  },
  {
    name: 'lists of the same list, as JSON',
    template:
      '{% set ns = namespace(l=[1]) %}{% for i in range(30) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson|length }}',
  },
  {
    name: 'lists of the same list, compared',
    template:
      '{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(30) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}',
  },
  { name: 'string times a billion', template: "{{ 'a' * 10 ** 9 }}" },
  { name: 'string times a bigint', template: "{{ 'a' * 10 ** 40 }}" },
  { name: 'list times a billion', template: '{{ [1] * 10 ** 9 }}' },
  { name: 'list times itself', template: '{{ ([1] * 100000) * 100000 }}' },
  {
    name: 'output of a long string over and over',
    template: '{% for i in range(9999) %}{{ long }}{% endfor %}',
    inputs: { long },
  },
  {
    name: 'capture of a long string over and over',
    template: '{% set x %}{% for i in range(9999) %}{{ long }}{% endfor %}{% endset %}{{ x|length }}',
    inputs: { long },
  },
  { name: 'capture in captures', template: `${repeat('{% set x %}{{ x }}{{ x }}a', 40)}${repeat('{% endset %}', 40)}` },
  { name: 'a join that multiplies', template: '{{ many|join(long) }}', inputs: { long, many } },
  { name: 'a replace that multiplies', template: "{{ long|replace('a', long) }}", inputs: { long } },
  { name: 'a replace of nothing', template: "{{ long|replace('', long) }}", inputs: { long } },
  { name: 'an indent that multiplies', template: '{{ (long|replace("a", "\\n"))|indent(1000000) }}', inputs: { long } },
  { name: 'an indent with a bigint', template: "{{ 'a\nb'|indent(10 ** 20) }}" },
  { name: 'a width in center', template: "{{ 'a'|center(10 ** 9) }}{{ 'a'.center(10 ** 9) }}" },
  {
    name: 'a width in ljust and zfill',
    template: "{{ 'a'.ljust(10 ** 9) }}{{ 'a'.zfill(10 ** 9) }}{{ 'a'.rjust(10 ** 30) }}",
  },
  { name: 'a width in %', template: "{{ '%999999999d' % 1 }}" },
  { name: 'a precision in %', template: "{{ '%.999999999f' % 1 }}" },
  { name: 'a star width in %', template: "{{ '%*d' % (10 ** 9, 1) }}" },
  { name: 'a width in format', template: "{{ '{:999999999}'.format(1) }}{{ '{:.999999999f}'.format(1) }}" },
  { name: 'a nested width in format', template: "{{ '{:{}}'.format('a', 10 ** 9) }}" },
  { name: 'tabs', template: "{{ '\\t\\t\\t\\t'.expandtabs(10 ** 9) }}" },
  { name: 'lipsum', template: '{{ lipsum(n=10 ** 9) }}' },
  { name: 'lipsum words', template: '{{ lipsum(n=1, html=false, min=10 ** 8, max=10 ** 9) }}' },
  { name: 'JSON indent', template: '{{ {"a": [1, [2, [3]]]}|tojson(indent=10 ** 9) }}' },
  { name: 'batch with a huge fill', template: '{{ [1]|batch(10 ** 9, "x")|list }}' },
  { name: 'slice into a billion', template: '{{ [1]|slice(10 ** 9)|list }}' },
  {
    name: 'wordwrap of one-letter words',
    template: '{{ long|replace("a", "b ")|wordwrap(1, wrapstring=long) }}',
    inputs: { long: repeat('a', 500_000) },
  },
  { name: 'joins in joins', template: "{{ ['a' * 1000] * 1000 | join(['b' * 1000] * 1000 | join) }}" },
  {
    name: 'escape that grows',
    template: `{% set ns = namespace(s='<&>"') %}{% for i in range(40) %}{% set ns.s = ns.s|forceescape %}{% endfor %}{{ ns.s|length }}`,
  },
  {
    name: 'urlencode that grows',
    template:
      "{% set ns = namespace(s='%%%%') %}{% for i in range(64) %}{% set ns.s = ns.s|urlencode ~ ns.s|urlencode %}{% endfor %}{{ ns.s|length }}",
  },
  {
    name: 'JSON of JSON',
    template: `{% set ns = namespace(s='"') %}{% for i in range(64) %}{% set ns.s = ns.s|tojson %}{% endfor %}{{ ns.s|length }}`,
  },
];
