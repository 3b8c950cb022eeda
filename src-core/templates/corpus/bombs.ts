import type { Json } from '../../contract/shared.ts';

/** A template that tries to use up time, memory or the stack. */
export interface Bomb {
  readonly name: string;
  readonly template: string;
  readonly inputs?: Readonly<Record<string, Json>>;
  readonly includes?: Readonly<Record<string, string>>;
}

const repeat = (text: string, times: number) => text.repeat(times);

/** Lists inside each other, as JSON.parse builds them without recursion. */
const deepList = (depth: number) => JSON.parse(`${repeat('[', depth)}1${repeat(']', depth)}`) as Json;
const deepDict = (depth: number) => JSON.parse(`${repeat('{"a":', depth)}1${repeat('}', depth)}`) as Json;
const long = repeat('a', 1_000_000);
const many = Array.from({ length: 100_000 }, (_, index) => index);

const loops: readonly Bomb[] = [
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

const growth: readonly Bomb[] = [
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

const numbers: readonly Bomb[] = [
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

const recursion: readonly Bomb[] = [
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

const nesting: readonly Bomb[] = [
  { name: 'parentheses', template: `{{ ${repeat('(', 50_000)}1${repeat(')', 50_000)} }}` },
  { name: 'unclosed parentheses', template: `{{ ${repeat('(', 100_000)}` },
  { name: 'brackets', template: `{{ ${repeat('[', 50_000)}${repeat(']', 50_000)} }}` },
  { name: 'braces', template: `{{ ${repeat('{1:', 50_000)}1${repeat('}', 50_000)} }}` },
  { name: 'not', template: `{{ ${repeat('not ', 50_000)}1 }}` },
  { name: 'minus', template: `{{ ${repeat('-', 100_000)}1 }}` },
  { name: 'powers', template: `{{ 1${repeat('**1', 50_000)} }}` },
  { name: 'inline ifs', template: `{{ ${repeat('1 if 1 else ', 18_000)}1 }}` },
  { name: 'a sum of many terms', template: `{{ 1${repeat('+1', 100_000)} }}` },
  { name: 'a concatenation of many terms', template: `{{ 1${repeat('~1', 100_000)} }}` },
  { name: 'a chain of and', template: `{{ 1${repeat(' and 1', 40_000)} }}` },
  { name: 'a chain of or', template: `{{ 0${repeat(' or 0', 40_000)} }}` },
  { name: 'a chain of comparisons', template: `{{ 1${repeat('<2', 100_000)} }}` },
  { name: 'a chain of filters', template: `{{ 'a'${repeat('|upper', 40_000)} }}` },
  { name: 'a chain of attributes', template: `{{ x${repeat('.a', 100_000)} }}`, inputs: { x: {} } },
  { name: 'a chain of calls', template: `{{ x${repeat('()', 100_000)} }}` },
  { name: 'a chain of subscripts', template: `{{ x${repeat('[0]', 80_000)} }}` },
  { name: 'a chain of tests', template: `{{ 1${repeat(' is defined', 20_000)} }}` },
  { name: 'ifs', template: `${repeat('{% if 1 %}', 9_000)}x${repeat('{% endif %}', 9_000)}` },
  { name: 'elifs', template: `{% if 0 %}${repeat('{% elif 0 %}', 18_000)}{% endif %}` },
  { name: 'fors', template: `${repeat('{% for a in [1] %}', 6_000)}x${repeat('{% endfor %}', 6_000)}` },
  { name: 'unclosed blocks', template: repeat('{% for a in b %}', 16_000) },
  { name: 'filter blocks', template: `${repeat('{% filter upper %}', 6_000)}x${repeat('{% endfilter %}', 6_000)}` },
  { name: 'macros', template: `${repeat('{% macro m() %}', 6_000)}${repeat('{% endmacro %}', 6_000)}` },
  { name: 'loop targets', template: `{% for ${repeat('(', 50_000)}a${repeat(',)', 50_000)} in b %}{% endfor %}` },
  { name: 'deep input lists, printed', template: '{{ x }}', inputs: { x: deepList(50_000) } },
  { name: 'deep input lists, as JSON', template: '{{ x|tojson }}{{ x|pprint }}', inputs: { x: deepList(50_000) } },
  {
    name: 'deep input dicts, printed and compared',
    template: '{{ x == y }}{{ x }}',
    inputs: { x: deepDict(50_000), y: deepDict(50_000) },
  },
  { name: 'deep input that is not used', template: 'ok', inputs: { x: deepList(100_000) } },
  {
    name: 'nested lists built in a loop',
    template: '{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}',
  },
];

const sources: readonly Bomb[] = [
  { name: 'a megabyte of text', template: repeat('a', 1_048_576) },
  { name: 'a megabyte of open braces', template: repeat('{{', 524_288) },
  { name: 'a megabyte of open tags', template: repeat('{% ', 349_525) },
  { name: 'a megabyte of comments that never end', template: repeat('{# ', 349_525) },
  { name: 'a megabyte of quotes', template: `{{ ${repeat("'", 1_048_570)}` },
  { name: '250 KiB of open braces', template: repeat('{{', 128_000) },
  { name: '250 KiB of open comments', template: repeat('{#', 128_000) },
  { name: '250 KiB of raw tags', template: repeat('{% raw %}', 28_000) },
  { name: '250 KiB of variables', template: repeat('{{ a }}', 36_000) },
  {
    name: '250 KiB of blanks before a tag',
    template: `${repeat(' ', 255_000)}{%- if 1 -%}${repeat('\n', 100)}{% endif %}`,
  },
  { name: '250 KiB of alternating blanks and tags', template: repeat('  \n {%- set a = 1 -%} ', 12_000) },
  { name: '250 KiB of one string', template: `{{ "${repeat('\\\\', 127_000)}" }}` },
  { name: '250 KiB of unclosed string', template: `{{ "${repeat('\\"', 127_000)}` },
  { name: '250 KiB of one name', template: `{{ ${repeat('a', 255_000)} }}` },
  { name: '250 KiB of digits and dots', template: `{{ ${repeat('1.', 127_000)} }}` },
  { name: '250 KiB of underscored digits', template: `{{ 1${repeat('_1', 127_000)} }}` },
  { name: '250 KiB of set targets', template: `{% set ${repeat('a,', 127_000)}b = 1 %}` },
];

const patterns: readonly Bomb[] = [
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

/** Every bomb; each must end within its limits. */
export const bombs: readonly Bomb[] = [
  ...loops,
  ...growth,
  ...numbers,
  ...recursion,
  ...nesting,
  ...sources,
  ...patterns,
];
