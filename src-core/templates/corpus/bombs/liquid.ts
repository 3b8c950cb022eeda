import { type Bomb, long, many, repeat } from './bomb.ts';

const loop = (body: string) => `{% for i in (1..100000) %}${body}{% endfor %}`;

const filters = [
  ...[
    'append: x',
    'base64_encode',
    'base64_decode',
    'capitalize',
    'date: "%Y"',
    'escape',
    'inspect',
    'join: x',
    'json',
  ],
  ...[
    'normalize_whitespace',
    'number_of_words: "cjk"',
    'remove: ""',
    'replace: "a", x',
    'reverse',
    'sample',
    'slugify',
  ],
  ...['sort_natural', 'split: ""', 'strip_html', 'sum', 'times: x', 'truncatewords: 500000', 'uniq', 'url_encode'],
];
const listFilters = [
  'concat: x',
  'group_by: "a"',
  'has: "a"',
  'join: ","',
  'json',
  'map: "a"',
  'push: x',
  'sort',
  'where: "a"',
];

const doubling = '{% assign l = "a,b" | split: "," %}{% for i in (1..40) %}{% assign l = l | push: l %}{% endfor %}';

const liquid: readonly Bomb[] = [
  ...filters.map((filter) => ({
    name: `${filter} of a long text`,
    template: loop(`{% assign y = x | ${filter} %}`),
    inputs: { x: long },
  })),
  ...listFilters.map((filter) => ({
    name: `${filter} of a long list`,
    template: loop(`{% assign y = x | ${filter} %}`),
    inputs: { x: many },
  })),
  { name: 'a list pushed into itself, printed', template: `${doubling}{{ l }}` },
  { name: 'a list pushed into itself, as JSON', template: `${doubling}{{ l | json }}` },
  { name: 'a list pushed into itself, flattened', template: `${doubling}{{ l | uniq | size }}` },
  {
    name: 'groups of groups',
    template: `{% assign l = x %}${loop('{% assign l = l | group_by: "a" | concat: l %}')}`,
    inputs: { x: [{ a: 1 }] },
  },
  {
    name: 'comparison of long lists',
    template: loop('{% if x == y %}{% endif %}'),
    inputs: { x: many, y: many.slice() },
  },
  { name: 'search in a long list', template: loop('{% if x contains "b" %}{% endif %}'), inputs: { x: many } },
  {
    name: 'a case of lists',
    template: loop('{% case x %}{% when y %}{% endcase %}'),
    inputs: { x: many, y: many.slice() },
  },
  { name: 'a case of 5 000 values', template: loop(`{% case i %}{% when ${repeat('0,', 5_000)}1 %}{% endcase %}`) },
  { name: 'a cycle of 100 000 values', template: `{% cycle ${repeat('a,', 100_000)}a %}` },
  { name: 'nearly 20 000 outputs', template: repeat('{{ a }}', 19_900), inputs: { a: 1 } },
  { name: '40 000 outputs', template: repeat('{{a}}', 40_000) },
  { name: 'thousands of tags', template: repeat('{%assign a=1%}', 18_000) },
  { name: 'a cycle of 10 000 values', template: loop(`{% cycle ${repeat('1,', 10_000)}1 %}`) },
  { name: 'a condition of 2 000 operands', template: loop(`{% if ${repeat('a or ', 2_000)}a %}{% endif %}`) },
  { name: 'a text that doubles', template: `{% assign a = "x" %}${loop('{% assign a = a | append: a %}')}` },
  {
    name: 'a long text, kept',
    template: `{% assign l = "" | split: "" %}${loop('{% assign y = x | upcase %}{% assign l = l | push: y %}')}`,
    inputs: { x: long },
  },
  {
    name: 'an endless range',
    template: '{% for i in (1..100000000000) limit: 1 %}{% endfor %}{{ (1..99999999) | size }}',
  },
  { name: 'ranges in a loop', template: loop('{% if (1..99999) contains 5 %}{% endif %}') },
  { name: 'a table in a loop', template: loop('{% tablerow j in (1..1000) cols: 1 %}{{ j }}{% endtablerow %}') },
  {
    name: 'captures inside captures',
    template: `${repeat('{% capture a %}x{{ a }}{{ a }}', 60)}${repeat('{% endcapture %}', 60)}`,
  },
  { name: 'long dates', template: loop(`{% assign a = "2020-01-01" | date: "${repeat('%999d', 1_000)}" %}`) },
];

/** Liquid, whose library knows no steps. */
export const liquidBombs: readonly Bomb[] = liquid.map((bomb) => ({ ...bomb, syntax: 'liquid' }));
