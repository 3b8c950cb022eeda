import { type Bomb, loop, repeat } from './bomb.ts';

/** The longest text, of characters that take two units each, the longest list and a large dict. */
const prelude =
  "{% set wide = '\u{1F600}' * 500000 %}{% set long = 'a' * 1000000 %}{% set many = (range(9999)|list * 10)[:99000] %}" +
  "{% set d = {}.fromkeys(many) %}{% set words = {}.fromkeys(range(9999)|map('string')) %}{% macro m() %}{% endmacro %}";

/** Each is one step to write and may look at a megabyte or a hundred thousand items. */
const expressions = [
  ...['"%.5s" % wide', '"{:.5}".format(wide)', '"%r" % wide', '"%a" % wide', '"{:>10}".format(wide)', '[wide]|string'],
  ...['wide is upper', 'wide is lower', 'wide.istitle()', 'wide.isprintable()', 'wide.casefold()', 'wide.swapcase()'],
  ...['wide|truncate(5)', 'wide|wordcount', 'wide|title', 'wide|tojson', 'wide|pprint', 'wide|yaml', 'wide|e'],
  ...['wide[i]', 'wide[::2]', 'wide.strip("b\u{1F600}")', 'wide.translate({})', 'wide.expandtabs()', 'wide in wide'],
  ...['wide|abs', 'wide|int', 'wide|striptags', 'wide|urlize', 'wide|urlencode', 'wide.rsplit("b", 1)', 'wide|list'],
  ...['long.startswith((long[:-1] ~ "b",) * 50000)', 'long.endswith(("b" ~ long[1:],) * 50000)', 'long == long ~ i'],
  ...[
    '(long ~ i).find("b")',
    'long.find("a" * 400000 ~ "b")',
    'long.upper()',
    'long|replace("a", "b", 1)',
    'long.split("a", 9)',
  ],
  ...['many|sort|first', 'many|unique|first', 'many|batch(100000)|first', 'many|slice(1)|first', 'many|join|length'],
  ...[
    'many.count([1])',
    'many == many[:]',
    '-1 in many',
    'many.insert(0, 1)',
    'many|tojson|length',
    'many|pprint|length',
  ],
  ...['range(9999)|last', 'range(9999)|random', 'd|first', 'd|items|first', 'd.items()|first', '-1 in d.values()'],
  ...['d.copy()', 'd == d.copy()', 'd|dictsort|first', 'dict(**words)', 'namespace(**words)', '"".format(**words)'],
  ...[
    'm(**words)',
    'm(*many)',
    'cycler(*many)',
    'lipsum(100)',
    'lipsum(1, false, 19000, 20000)',
    '["ab"]|map("list")|list',
  ],
  ...[
    '2 ** 13900',
    '(2 ** 13900) ~ ""',
    '"%d" % 2 ** 13900',
    '("z" * 2700)|int(0, 36)',
    '"%.1000f" % 1e-300',
    '1e-300|round(320)',
  ],
];

const fromExpressions: readonly Bomb[] = expressions.map((expression) => ({
  name: `${expression} over and over`,
  template: prelude + loop(loop(`{% set x = ${expression} %}`)),
}));

/** What keeps what it makes, which must not fill the memory. */
const kept = ['long.upper()', 'long|forceescape', 'long ~ i', '[1] * 99999', 'many + [1]', '(2 ** 13900 + i)|string'];
const retaining: readonly Bomb[] = kept.map((expression) => ({
  name: `${expression}, kept`,
  template: `${prelude}{% set all = [] %}${loop(`{% do all.append(${expression}) %}`)}`,
}));

const names = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index)).join('');

const code: readonly Bomb[] = [
  { name: 'a sum of 9 000 terms in a loop', template: loop(`{% set x = ${repeat('i + ', 9_000)}1 %}`) },
  { name: 'a list of 15 000 items in a loop', template: loop(`{% set x = [${repeat('1,', 15_000)}] %}`) },
  { name: 'a dict of 8 000 keys in a loop', template: loop(`{% set x = {${names(8_000, (key) => `${key}:1,`)}} %}`) },
  { name: 'a chain of 9 000 comparisons in a loop', template: loop(`{% set x = 0 ${repeat('<= i ', 9_000)} %}`) },
  { name: 'a chain of 9 000 operands in a loop', template: loop(`{% set x = ${repeat('i and ', 9_000)}1 %}`) },
  {
    name: 'bigints per operator',
    template: `{% set n = 2 ** 6900 %}${loop(`{% set x = n${repeat(' * n // n', 150)} %}`)}`,
  },
  {
    name: 'a macro of 6 000 parameters',
    template: `{% macro m(${names(6_000, (at) => `a${at}=1,`).slice(0, -1)}) %}{% endmacro %}${loop('{{ m() }}')}`,
  },
  { name: 'a call with 9 000 keywords', template: `{{ m(${names(9_000, (at) => `a${at}=1,`)}) }}` },
  {
    name: '5 000 names set in 60 nested ifs',
    template: repeat('{% if 1 %}', 60) + names(5_000, (at) => `{% set v${at} = 1 %}`) + repeat('{% endif %}', 60),
  },
  {
    name: 'names and includes in nested loops',
    template:
      names(60, (depth) => {
        const set = names(40, (at) => `{% set y${depth}_${at} = 1 %}`);
        return `{% for x${depth} in [1] %}${set}${repeat("{% include 'a' %}", 20)}`;
      }) + repeat('{% endfor %}', 60),
    includes: { a: '' },
  },
  {
    name: 'includes among 5 000 names',
    template: names(5_000, (at) => `{% set v${at} = 1 %}`) + loop("{% include 'a' %}"),
    includes: { a: 'x' },
  },
  {
    name: 'scoped blocks among 2 000 others',
    template:
      names(2_000, (at) => `{% block c${at} %}{% endblock %}`) + loop('{% block b scoped %}{{ i }}{% endblock %}'),
  },
  {
    name: '9 000 outputs in a body of 60 loops',
    template: repeat('{% for a in [1] %}', 60) + repeat('{{ a }}', 9_000) + repeat('{% endfor %}', 60),
  },
  {
    name: 'loops of two turns, 60 deep',
    template: `${repeat('{% for a in [1, 2] %}', 60)}x${repeat('{% endfor %}', 60)}`,
  },
  {
    name: 'a list that its own sort key empties',
    template:
      '{% set l = [3, 2, 1] %}{% macro k(x) %}{% do l.clear() %}{{ x }}{% endmacro %}{% do l.sort(key=k) %}{{ l }}',
  },
];

/** Work that is small by each limit and multiplies. */
export const multipliers: readonly Bomb[] = [...fromExpressions, ...retaining, ...code];
