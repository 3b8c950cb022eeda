import { type Bomb, many, repeat } from './bomb.ts';

/** Text for which a careless pattern, search or sort is slow. */
export const patterns: readonly Bomb[] = [
  { name: 'urlize of dots', template: '{{ x|urlize }}', inputs: { x: repeat('www.', 200_000) } },
  {
    name: 'urlize of brackets',
    template: '{{ x|urlize }}',
    inputs: { x: `${repeat('(', 100_000)}http://a.b${repeat(')', 100_000)}` },
  },
  { name: 'urlize of at signs', template: '{{ x|urlize }}', inputs: { x: repeat('a@', 200_000) } },
  {
    name: 'urlize of a long address',
    template: '{{ x|urlize(target="_blank", rel="x") }}',
    inputs: { x: `http://${repeat('a.', 200_000)}` },
  },
  { name: 'striptags of open tags', template: '{{ x|striptags }}', inputs: { x: repeat('<', 500_000) } },
  { name: 'striptags of open comments', template: '{{ x|striptags }}', inputs: { x: repeat('<!--', 200_000) } },
  { name: 'striptags of blanks', template: '{{ x|striptags }}', inputs: { x: repeat(' \n', 400_000) } },
  { name: 'wordwrap of one long word', template: '{{ x|wordwrap(1) }}', inputs: { x: repeat('a', 500_000) } },
  { name: 'wordwrap of hyphens', template: '{{ x|wordwrap(2) }}', inputs: { x: repeat('-', 500_000) } },
  { name: 'wordwrap of blanks', template: '{{ x|wordwrap(79) }}', inputs: { x: repeat(' ', 900_000) } },
  { name: 'wordcount', template: '{{ x|wordcount }}', inputs: { x: repeat('a ', 400_000) } },
  { name: 'title of hyphens', template: '{{ x|title }}', inputs: { x: repeat('-(<', 300_000) } },
  {
    name: 'trim of inner blanks',
    template: '{{ x|trim }}{{ x.strip() }}{{ x.rstrip() }}',
    inputs: { x: `a${repeat(' ', 900_000)}a` },
  },
  {
    name: 'split of blanks',
    template: '{{ x.split()|length }}{{ x.splitlines()|length }}',
    inputs: { x: repeat(' \n', 400_000) },
  },
  {
    name: 'find of a near match',
    template: "{{ x.find('a' * 5000 ~ 'b') }}{{ x.count('a' * 5000 ~ 'b') }}",
    inputs: { x: repeat('a', 900_000) },
  },
  {
    name: 'near matches in a loop',
    template: "{% for i in range(9999) %}{{ x.find('a' * 5000 ~ 'b') }}{% endfor %}",
    inputs: { x: repeat('a', 900_000) },
  },
  { name: 'truncate', template: '{{ x|truncate(800000) }}', inputs: { x: repeat('a', 900_000) } },
  {
    name: 'xmlattr',
    template: '{{ x|xmlattr }}',
    inputs: { x: Object.fromEntries(many.slice(0, 50_000).map((key) => [`k${key}`, '<'])) },
  },
  {
    name: 'groupby of many',
    template: "{{ x|groupby('k')|length }}",
    inputs: { x: many.slice(0, 50_000).map((key) => ({ k: key })) },
  },
  {
    name: 'sort of many',
    template: '{{ x|sort|first }}{{ x|sort(reverse=true)|first }}',
    inputs: { x: [...many].reverse() },
  },
  {
    name: 'sort of long equal strings',
    template: '{{ x|sort|length }}',
    inputs: { x: Array.from({ length: 5_000 }, () => repeat('a', 200)) },
  },
  { name: 'too many items', template: '{{ x|length }}', inputs: { x: Array.from({ length: 500_000 }, () => 1) } },
  { name: 'a text that is too long', template: '{{ x|upper|length }}', inputs: { x: repeat('a', 3_000_000) } },
];
