import { type CatalogueEntry, type Row, toEntry } from './entry.ts';

/** Types of values that have methods. */
export type MethodOwner = 'string' | 'list' | 'dict';

const show = (expression: string) => `{{ ${expression} }}`;

const stringRows: readonly Row[] = [
  ['upper', 'text.upper()', 'All letters upper case.', show('"ab".upper()'), 'AB'],
  ['lower', 'text.lower()', 'All letters lower case.', show('"AB".lower()'), 'ab'],
  ['title', 'text.title()', 'Every word begins upper case.', show('"ada lovelace".title()'), 'Ada Lovelace'],
  [
    'capitalize',
    'text.capitalize()',
    'The first letter upper case, the rest lower case.',
    show('"hELLO".capitalize()'),
    'Hello',
  ],
  [
    'strip',
    'text.strip(chars=none)',
    'Without the blanks at both ends, or without those characters.',
    show('"--a--".strip("-")'),
    'a',
  ],
  ['lstrip', 'text.lstrip(chars=none)', 'The same at the beginning only.', show('"--a--".lstrip("-")'), 'a--'],
  ['rstrip', 'text.rstrip(chars=none)', 'The same at the end only.', show('"--a--".rstrip("-")'), '--a'],
  [
    'split',
    'text.split(sep=none, maxsplit=-1)',
    'A list of the parts between the separators; without one, of the words.',
    show('"a,b".split(",")'),
    "['a', 'b']",
  ],
  [
    'rsplit',
    'text.rsplit(sep=none, maxsplit=-1)',
    'The same, counting `maxsplit` from the end.',
    show('"a,b,c".rsplit(",", 1)'),
    "['a,b', 'c']",
  ],
  ['splitlines', 'text.splitlines(keepends=false)', 'A list of the lines.', show('"a\\nb".splitlines()'), "['a', 'b']"],
  [
    'join',
    'text.join(iterable)',
    'The items as one text, with this text between them.',
    show('"-".join("abc")'),
    'a-b-c',
  ],
  [
    'replace',
    'text.replace(old, new, count=-1)',
    'Every `old`, or the first `count` of them, replaced by `new`.',
    show('"a-b".replace("-", "+")'),
    'a+b',
  ],
  [
    'startswith',
    'text.startswith(prefix, start=none, end=none)',
    'Whether the text begins with `prefix`.',
    show('"abc".startswith("ab")'),
    'True',
  ],
  [
    'endswith',
    'text.endswith(suffix, start=none, end=none)',
    'Whether the text ends with `suffix`.',
    show('"abc".endswith("bc")'),
    'True',
  ],
  [
    'find',
    'text.find(sub, start=none, end=none)',
    'Where `sub` stands first, counted from 0; -1 when it does not.',
    show('"abc".find("c")'),
    '2',
  ],
  ['rfind', 'text.rfind(sub, start=none, end=none)', 'Where `sub` stands last.', show('"aba".rfind("a")'), '2'],
  [
    'index',
    'text.index(sub, start=none, end=none)',
    'As `find`, but an error when `sub` is not there.',
    show('"abc".index("b")'),
    '1',
  ],
  [
    'rindex',
    'text.rindex(sub, start=none, end=none)',
    'As `rfind`, but an error when `sub` is not there.',
    show('"aba".rindex("a")'),
    '2',
  ],
  ['count', 'text.count(sub, start=none, end=none)', 'How often `sub` occurs.', show('"banana".count("an")'), '2'],
  [
    'format',
    'text.format(*values, **named)',
    'Values put in for `{}` and `{name}`.',
    show('"{} {b}".format(1, b=2)'),
    '1 2',
  ],
  ['format_map', 'text.format_map(mapping)', 'As `format`, from a dict.', show('"{a}".format_map({"a": 1})'), '1'],
  [
    'removeprefix',
    'text.removeprefix(prefix)',
    'Without that beginning.',
    show('"re: tea".removeprefix("re: ")'),
    'tea',
  ],
  ['removesuffix', 'text.removesuffix(suffix)', 'Without that end.', show('"a.txt".removesuffix(".txt")'), 'a'],
  [
    'partition',
    'text.partition(sep)',
    'What stands before the first `sep`, the `sep`, and what stands after it.',
    show('"a=b".partition("=")'),
    "('a', '=', 'b')",
  ],
  [
    'rpartition',
    'text.rpartition(sep)',
    'The same at the last `sep`.',
    show('"a=b=c".rpartition("=")'),
    "('a=b', '=', 'c')",
  ],
  ['swapcase', 'text.swapcase()', 'Upper case for lower case and the other way round.', show('"aB".swapcase()'), 'Ab'],
  [
    'casefold',
    'text.casefold()',
    'Lower case for comparing, in every language.',
    show('"STRASSE".casefold()'),
    'strasse',
  ],
  [
    'center',
    "text.center(width, fillchar=' ')",
    'In the middle of `width` characters.',
    show('"a".center(3, "-")'),
    '-a-',
  ],
  [
    'ljust',
    "text.ljust(width, fillchar=' ')",
    'Filled up at the end to `width` characters.',
    show('"a".ljust(3, "-")'),
    'a--',
  ],
  [
    'rjust',
    "text.rjust(width, fillchar=' ')",
    'Filled up at the beginning to `width` characters.',
    show('"a".rjust(3, "-")'),
    '--a',
  ],
  ['zfill', 'text.zfill(width)', 'Filled up with zeros at the beginning.', show('"7".zfill(3)'), '007'],
  [
    'expandtabs',
    'text.expandtabs(tabsize=8)',
    'Tabs replaced by blanks up to the next column.',
    show('"a\\tb".expandtabs(4)'),
    'a   b',
  ],
  [
    'translate',
    'text.translate(table)',
    'Characters replaced by their number in a dict.',
    show('"a".translate({97: "b"})'),
    'b',
  ],
  ['isalpha', 'text.isalpha()', 'Whether there are letters only.', show('"ab".isalpha()'), 'True'],
  ['isdigit', 'text.isdigit()', 'Whether there are digits only.', show('"12".isdigit()'), 'True'],
  ['isdecimal', 'text.isdecimal()', 'Whether there are decimal digits only.', show('"12".isdecimal()'), 'True'],
  ['isnumeric', 'text.isnumeric()', 'Whether there are numeric characters only.', show('"½".isnumeric()'), 'True'],
  ['isalnum', 'text.isalnum()', 'Whether there are letters and digits only.', show('"a1".isalnum()'), 'True'],
  ['isidentifier', 'text.isidentifier()', 'Whether it could be a name.', show('"1a".isidentifier()'), 'False'],
  ['isascii', 'text.isascii()', 'Whether there are ASCII characters only.', show('"é".isascii()'), 'False'],
  ['isprintable', 'text.isprintable()', 'Whether every character can be seen.', show('"a".isprintable()'), 'True'],
  ['isspace', 'text.isspace()', 'Whether there are blanks only.', show('" ".isspace()'), 'True'],
  ['isupper', 'text.isupper()', 'Whether all letters are upper case.', show('"AB".isupper()'), 'True'],
  ['islower', 'text.islower()', 'Whether all letters are lower case.', show('"ab".islower()'), 'True'],
  ['istitle', 'text.istitle()', 'Whether every word begins upper case.', show('"Ada L".istitle()'), 'True'],
];

const after = (change: string) => `{% set l = [2, 1] %}{% do ${change} %}{{ l }}`;

const listRows: readonly Row[] = [
  ['append', 'list.append(item)', 'Adds an item at the end.', after('l.append(3)'), '[2, 1, 3]'],
  ['extend', 'list.extend(items)', 'Adds every item of another list.', after('l.extend([3, 4])'), '[2, 1, 3, 4]'],
  [
    'insert',
    'list.insert(index, item)',
    'Puts an item before the one at `index`.',
    after('l.insert(0, 3)'),
    '[3, 2, 1]',
  ],
  ['pop', 'list.pop(index=-1)', 'Takes an item out and gives it back.', '{{ [1, 2].pop() }}', '2'],
  ['remove', 'list.remove(value)', 'Takes out the first item that is equal.', after('l.remove(2)'), '[1]'],
  [
    'index',
    'list.index(value, start=none, end=none)',
    'Where the item stands, counted from 0.',
    '{{ [5, 6].index(6) }}',
    '1',
  ],
  ['count', 'list.count(value)', 'How often the item occurs.', '{{ [1, 1, 2].count(1) }}', '2'],
  ['sort', 'list.sort(key=none, reverse=false)', 'Brings the items into order.', after('l.sort()'), '[1, 2]'],
  ['reverse', 'list.reverse()', 'Turns the order round.', after('l.reverse()'), '[1, 2]'],
  ['copy', 'list.copy()', 'Another list with the same items.', '{{ [1].copy() }}', '[1]'],
  ['clear', 'list.clear()', 'Takes every item out.', after('l.clear()'), '[]'],
];

const changed = (change: string) => `{% set d = {"a": 1} %}{% do ${change} %}{{ d }}`;

const dictRows: readonly Row[] = [
  [
    'items',
    'dict.items()',
    'Its pairs of key and value.',
    '{% for k, v in {"a": 1}.items() %}{{ k }}={{ v }}{% endfor %}',
    'a=1',
  ],
  ['keys', 'dict.keys()', 'Its keys.', '{{ {"a": 1}.keys() | list }}', "['a']"],
  ['values', 'dict.values()', 'Its values.', '{{ {"a": 1}.values() | list }}', '[1]'],
  ['get', 'dict.get(key, default=none)', 'The value of a key, or the default.', '{{ {"a": 1}.get("b", 0) }}', '0'],
  [
    'update',
    'dict.update(other, **pairs)',
    'Takes over the pairs of another dict.',
    changed('d.update(b=2)'),
    "{'a': 1, 'b': 2}",
  ],
  [
    'setdefault',
    'dict.setdefault(key, default=none)',
    'The value of a key, which gets the default when it has none.',
    '{{ {"a": 1}.setdefault("b", 2) }}',
    '2',
  ],
  ['pop', 'dict.pop(key, default)', 'Takes a key out and gives its value back.', '{{ {"a": 1}.pop("a") }}', '1'],
  ['popitem', 'dict.popitem()', 'Takes the last pair out and gives it back.', '{{ {"a": 1}.popitem() }}', "('a', 1)"],
  ['copy', 'dict.copy()', 'Another dict with the same pairs.', '{{ {"a": 1}.copy() }}', "{'a': 1}"],
  ['clear', 'dict.clear()', 'Takes every pair out.', changed('d.clear()'), '{}'],
  [
    'fromkeys',
    'dict.fromkeys(iterable, value=none)',
    'A dict with those keys and one value.',
    '{{ {}.fromkeys(["a"], 0) }}',
    "{'a': 0}",
  ],
];

const byName = (rows: readonly Row[]): ReadonlyMap<string, CatalogueEntry> =>
  new Map(rows.map((row) => [row[0], toEntry(row)]));

/** Every method of Jinja templates, by the type that has it. */
export const jinjaMethods: Readonly<Record<MethodOwner, ReadonlyMap<string, CatalogueEntry>>> = {
  string: byName(stringRows),
  list: byName(listRows),
  dict: byName(dictRows),
};
