import { type CatalogueEntry, type Row, toEntry } from './entry.ts';
import type { MethodOwner } from './methods.ts';

const show = (expression: string) => `{{ ${expression} }}`;

const textRows: readonly Row[] = [
  ['toUpperCase', 'text.toUpperCase()', 'All letters upper case.', show('"ab".toUpperCase()'), 'AB'],
  ['toLowerCase', 'text.toLowerCase()', 'All letters lower case.', show('"AB".toLowerCase()'), 'ab'],
  ['trim', 'text.trim()', 'Without the blanks at both ends.', show('" a ".trim()'), 'a'],
  ['trimStart', 'text.trimStart()', 'Without the blanks at the beginning.', show('" a".trimStart()'), 'a'],
  ['trimEnd', 'text.trimEnd()', 'Without the blanks at the end.', show('"a ".trimEnd()'), 'a'],
  ['trimLeft', 'text.trimLeft()', 'The same as `trimStart`.', show('" a".trimLeft()'), 'a'],
  ['trimRight', 'text.trimRight()', 'The same as `trimEnd`.', show('"a ".trimRight()'), 'a'],
  [
    'split',
    'text.split(separator, limit)',
    'A list of the parts between the separators.',
    show('"a,b".split(",") | dump'),
    '["a","b"]',
  ],
  [
    'replace',
    'text.replace(old, new)',
    'The first `old` replaced by `new`; every match of a regular expression with `g`.',
    show('"a-b-c".replace("-", "+")'),
    'a+b-c',
  ],
  [
    'replaceAll',
    'text.replaceAll(old, new)',
    'Every `old` replaced by `new`.',
    show('"a-b-c".replaceAll("-", "+")'),
    'a+b+c',
  ],
  [
    'match',
    'text.match(regex)',
    'The first match with its groups, or every match for a regular expression with `g`.',
    show('"a1b22".match(r/[0-9]+/g)'),
    '1,22',
  ],
  [
    'matchAll',
    'text.matchAll(regex)',
    'A list of every match with its groups, for a regular expression with `g`.',
    '{% for m in "a1b2".matchAll(r/[a-z]([0-9])/g) %}{{ m[1] }}{% endfor %}',
    '12',
  ],
  ['search', 'text.search(regex)', 'Where the first match begins, or -1.', show('"ab12".search(r/[0-9]/)'), '2'],
  ['includes', 'text.includes(part, from=0)', 'Whether the part is in the text.', show('"abc".includes("b")'), 'true'],
  [
    'startsWith',
    'text.startsWith(part, from=0)',
    'Whether the text begins with it.',
    show('"abc".startsWith("a")'),
    'true',
  ],
  ['endsWith', 'text.endsWith(part, end)', 'Whether the text ends with it.', show('"abc".endsWith("c")'), 'true'],
  ['indexOf', 'text.indexOf(part, from=0)', 'Where the part is first, from 0, or -1.', show('"abc".indexOf("c")'), '2'],
  [
    'lastIndexOf',
    'text.lastIndexOf(part)',
    'Where the part is last, from 0, or -1.',
    show('"abab".lastIndexOf("a")'),
    '2',
  ],
  ['slice', 'text.slice(from, to)', 'A part; negative numbers count from the end.', show('"abcd".slice(1, -1)'), 'bc'],
  ['substring', 'text.substring(from, to)', 'A part.', show('"abcd".substring(1, 3)'), 'bc'],
  ['substr', 'text.substr(from, length)', 'A part of so many characters.', show('"abcd".substr(1, 2)'), 'bc'],
  ['at', 'text.at(index)', 'One character; negative numbers count from the end.', show('"abc".at(-1)'), 'c'],
  ['charAt', 'text.charAt(index)', 'One character.', show('"abc".charAt(1)'), 'b'],
  ['charCodeAt', 'text.charCodeAt(index)', 'The number of a UTF-16 unit.', show('"a".charCodeAt(0)'), '97'],
  ['codePointAt', 'text.codePointAt(index)', 'The number of a character.', show('"a".codePointAt(0)'), '97'],
  ['concat', 'text.concat(other)', 'Both texts as one.', show('"a".concat("b")'), 'ab'],
  ['repeat', 'text.repeat(count)', 'The text so many times.', show('"ab".repeat(2)'), 'abab'],
  ['padStart', 'text.padStart(length, filler=" ")', 'Filled up at the beginning.', show('"7".padStart(3, "0")'), '007'],
  ['padEnd', 'text.padEnd(length, filler=" ")', 'Filled up at the end.', show('"7".padEnd(3, ".")'), '7..'],
  ['normalize', "text.normalize(form='NFC')", 'In a normal form of Unicode.', show('"a".normalize()'), 'a'],
  ['toString', 'text.toString()', 'The text itself.', show('"a".toString()'), 'a'],
  ['valueOf', 'text.valueOf()', 'The text itself.', show('"a".valueOf()'), 'a'],
];

const listRows: readonly Row[] = [
  ['join', "list.join(separator=',')", 'The items as one text.', show('[1, 2].join("; ")'), '1; 2'],
  ['includes', 'list.includes(item, from=0)', 'Whether the item is in the list.', show('[1, 2].includes(2)'), 'true'],
  ['indexOf', 'list.indexOf(item, from=0)', 'Where the item is first, from 0, or -1.', show('[1, 2].indexOf(2)'), '1'],
  [
    'lastIndexOf',
    'list.lastIndexOf(item)',
    'Where the item is last, from 0, or -1.',
    show('[1, 2, 1].lastIndexOf(1)'),
    '2',
  ],
  [
    'slice',
    'list.slice(from, to)',
    'A part; negative numbers count from the end.',
    show('[1, 2, 3].slice(-2) | join'),
    '23',
  ],
  ['concat', 'list.concat(other)', 'Both lists as one.', show('[1].concat([2]) | join'), '12'],
  ['at', 'list.at(index)', 'One item; negative numbers count from the end.', show('[1, 2].at(-1)'), '2'],
  ['reverse', 'list.reverse()', 'Turns the list around.', show('[1, 2].reverse() | join'), '21'],
  ['sort', 'list.sort()', 'Sorts the list by the text of its items.', show('["b", "a"].sort() | join'), 'ab'],
  ['flat', 'list.flat(depth=1)', 'The items of the lists inside.', show('[[1], [2]].flat() | join'), '12'],
  [
    'push',
    'list.push(item)',
    'Adds at the end; gives the new length.',
    '{% set l = [1] %}{% set n = l.push(2) %}{{ l }}',
    '1,2',
  ],
  ['pop', 'list.pop()', 'Takes the last item away and gives it.', show('[1, 2].pop()'), '2'],
  ['shift', 'list.shift()', 'Takes the first item away and gives it.', show('[1, 2].shift()'), '1'],
  ['unshift', 'list.unshift(item)', 'Adds at the beginning; gives the new length.', show('[1].unshift(0)'), '2'],
  [
    'splice',
    'list.splice(from, count, items)',
    'Takes items away, puts others there, and gives those taken.',
    show('[1, 2, 3].splice(1, 1)'),
    '2',
  ],
  ['fill', 'list.fill(value, from=0, to)', 'Puts one value everywhere.', show('[1, 2].fill(0) | join'), '00'],
  ['toString', 'list.toString()', 'The items with commas between them.', show('[1, 2].toString()'), '1,2'],
];

const objectRows: readonly Row[] = [
  [
    'hasOwnProperty',
    'object.hasOwnProperty(key)',
    'Whether the object has the key.',
    show('{a: 1}.hasOwnProperty("a")'),
    'true',
  ],
  ['toString', 'object.toString()', 'The same text for every object.', show('{}.toString()'), '[object Object]'],
];

/** Every method of texts, lists and objects in nunjucks. */
export const nunjucksMethods: Readonly<Record<MethodOwner, ReadonlyMap<string, CatalogueEntry>>> = {
  string: new Map(textRows.map((row) => [row[0], toEntry(row)])),
  list: new Map(listRows.map((row) => [row[0], toEntry(row)])),
  dict: new Map(objectRows.map((row) => [row[0], toEntry(row)])),
};
