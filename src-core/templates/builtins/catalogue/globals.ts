import { type CatalogueEntry, type Row, toEntry } from './entry.ts';

const globalRows: readonly Row[] = [
  [
    'range',
    'range(stop) or range(start, stop, step=1)',
    'Whole numbers from `start`, up to but without `stop`; at most 10 000.',
    '{{ range(1, 4) | list }}',
    '[1, 2, 3]',
  ],
  ['dict', 'dict(**pairs)', 'A dict from names and values.', '{{ dict(a=1) }}', "{'a': 1}"],
  [
    'namespace',
    'namespace(**values)',
    'Holds values that a loop can change with `set ns.name = …`.',
    '{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}',
    '3',
  ],
  [
    'cycler',
    'cycler(*items)',
    'Gives its items in turn with `next()`; `current` and `reset()` too.',
    '{% set c = cycler("a", "b") %}{{ c.next() }}{{ c.next() }}{{ c.next() }}',
    'aba',
  ],
  [
    'joiner',
    "joiner(sep=', ')",
    'Empty when called first, the separator from then on.',
    '{% set sep = joiner() %}{{ sep() }}a{{ sep() }}b',
    'a, b',
  ],
  ['lipsum', 'lipsum(n=5, html=true, min=20, max=100)', 'Random filler text.', '{{ lipsum(1, html=false) }}', null],
  [
    'raise_exception',
    'raise_exception(message)',
    'Ends the rendering with an error; in chat templates of models only.',
    '{{ raise_exception("Roles must alternate.") }}',
    null,
  ],
  [
    'strftime_now',
    'strftime_now(format)',
    'The time of rendering; in chat templates of models only.',
    '{{ strftime_now("%Y") }}',
    null,
  ],
  [
    'loop',
    'loop.index, loop.first, loop.last, …',
    'Where the innermost loop is.',
    '{% for x in "ab" %}{{ loop.index }}{{ x }}{% endfor %}',
    '1a2b',
  ],
  [
    'self',
    'self.block()',
    'The blocks of the template, to show one again.',
    '{% block a %}x{% endblock %}{{ self.a() }}',
    'xx',
  ],
  ['super', 'super()', 'In a block that replaces another: what that one shows.', '{{ super() }}', null],
  [
    'caller',
    'caller(*args)',
    'In a macro: the body of the `call` statement that calls it.',
    '{% macro q() %}[{{ caller() }}]{% endmacro %}{% call q() %}x{% endcall %}',
    '[x]',
  ],
  [
    'varargs',
    'varargs',
    'In a macro: the arguments beyond its parameters.',
    '{% macro f(a) %}{{ varargs | join }}{% endmacro %}{{ f(1, 2, 3) }}',
    '23',
  ],
  [
    'kwargs',
    'kwargs',
    'In a macro: the named arguments that are not its parameters.',
    '{% macro f() %}{{ kwargs.a }}{% endmacro %}{{ f(a=1) }}',
    '1',
  ],
];

const over = (shown: string) => `{% for x in "abc" %}{{ ${shown} }} {% endfor %}`;

const loopRows: readonly Row[] = [
  ['index', 'loop.index', 'The number of the item, from 1.', over('loop.index'), '1 2 3 '],
  ['index0', 'loop.index0', 'The number of the item, from 0.', over('loop.index0'), '0 1 2 '],
  ['revindex', 'loop.revindex', 'How many items are left, this one counted.', over('loop.revindex'), '3 2 1 '],
  ['revindex0', 'loop.revindex0', 'How many items come after this one.', over('loop.revindex0'), '2 1 0 '],
  ['first', 'loop.first', 'Whether it is the first item.', over('loop.first'), 'True False False '],
  ['last', 'loop.last', 'Whether it is the last item.', over('loop.last'), 'False False True '],
  ['length', 'loop.length', 'How many items there are.', over('loop.length'), '3 3 3 '],
  ['depth', 'loop.depth', 'How deep a recursive loop is, from 1.', over('loop.depth'), '1 1 1 '],
  ['depth0', 'loop.depth0', 'How deep a recursive loop is, from 0.', over('loop.depth0'), '0 0 0 '],
  ['previtem', 'loop.previtem', 'The item before; undefined at the first.', over('loop.previtem'), ' a b '],
  ['nextitem', 'loop.nextitem', 'The item after; undefined at the last.', over('loop.nextitem'), 'b c  '],
  ['cycle', 'loop.cycle(*values)', 'Its values in turn.', over('loop.cycle(1, 2)'), '1 2 1 '],
  [
    'changed',
    'loop.changed(*values)',
    'Whether the values differ from those of the call before.',
    over('loop.changed(1)'),
    'True False False ',
  ],
];

/** Every name that Jinja templates have without declaring it. */
export const jinjaGlobals: readonly CatalogueEntry[] = globalRows.map(toEntry);

/** Every member of `loop`. */
export const loopMembers: readonly CatalogueEntry[] = loopRows.map(toEntry);
