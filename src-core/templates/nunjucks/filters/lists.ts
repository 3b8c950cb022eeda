import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Dict, Markup, type Value } from '../../runtime/values.ts';
import {
  add,
  calculate,
  compare,
  isNothing,
  isNullish,
  isTruthy,
  joinItems,
  kindName,
  nothing,
  orNothing,
  textIn,
  toNumber,
  toText,
} from '../meaning/meaning.ts';
import { entriesOf, makeObject } from '../meaning/objects.ts';
import { sortWith } from '../meaning/sorting.ts';
import { splitText } from '../meaning/texts.ts';
import { lengthOf, memberOf, requireMember } from '../methods/members.ts';
import { type Apply, at, byName, follow, isEmpty, itemsIn, likeBefore, pathOf, requireList } from './filter.ts';
import { requireTest } from './tests.ts';
import { encodePairs, encodeText } from './text.ts';

function batch(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const items = itemsIn(runtime, 'batch', value);
  const count = toNumber(runtime, at(args, 0));
  const rows: Value[][] = [];
  let row: Value[] = [];
  runtime.willMakeList(items.length);
  for (const [index, item] of items.entries()) {
    runtime.step();
    if (index % count === 0 && row.length > 0) {
      rows.push(row);
      row = [];
    }
    row.push(item);
  }
  if (row.length === 0) return rows;
  if (isTruthy(at(args, 1))) {
    runtime.willMakeList(count || 0);
    while (row.length < count) row.push(at(args, 1));
  }
  rows.push(row);
  return rows;
}

function slice(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const text = textIn(value);
  const list = text ?? requireList('slice', value);
  const slices = toNumber(runtime, at(args, 0));
  const [each, extra] = [Math.floor(list.length / slices), list.length % slices];
  const rows: Value[] = [];
  if (slices > 0) runtime.willMakeList(Math.ceil(slices));
  let offset = 0;
  for (let index = 0; index < slices; index += 1) {
    runtime.step();
    const start = offset + index * each;
    if (index < extra) offset += 1;
    const row = list.slice(start, offset + (index + 1) * each);
    runtime.spend(row.length >> 3);
    if (isTruthy(at(args, 1)) && index >= extra) {
      if (typeof row === 'string') throw typeFailure('"slice" fills up lists, but got a text.');
      row.push(at(args, 1));
    }
    rows.push(row);
  }
  return rows;
}

function dictsort(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  if (!(value instanceof Dict)) throw typeFailure(`"dictsort" needs an object, but got ${kindName(value)}.`);
  const [caseSensitive, by] = [isTruthy(at(args, 0)), at(args, 1)];
  if (!isNothing(by) && by !== 'key' && by !== 'value') throw typeFailure('"dictsort" sorts by "key" or by "value".');
  const keyOf = (text: Value): Value => (typeof text === 'string' && !caseSensitive ? text.toUpperCase() : text);
  const keyed = entriesOf(runtime, value).map(([key, item]) => ({ key, item, by: keyOf(by === 'value' ? item : key) }));
  const sorted = sortWith(runtime, keyed, (left, right) => {
    if (compare(runtime, '>', left.by, right.by)) return 1;
    return compare(runtime, '===', left.by, right.by) ? 0 : -1;
  });
  return sorted.map(({ key, item }): Value => [key, item]);
}

function groupby(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const path = pathOf(runtime, at(args, 0));
  const groups = new Map<string, Value[]>();
  for (const item of itemsIn(runtime, 'groupby', value)) {
    runtime.spend(2);
    const key = follow(runtime, 'groupby', item, path);
    if (isNothing(key) && runtime.strict)
      throw new Failure('undefined', `"groupby" finds no "${toText(runtime, at(args, 0)).slice(0, 80)}" in an item.`);
    const text = toText(runtime, key);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [item]);
    else group.push(item);
  }
  return makeObject(runtime, [...groups]);
}

function join(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const separator = isTruthy(at(args, 0)) ? toText(runtime, at(args, 0)) : '';
  const attribute = at(args, 1);
  if (!isTruthy(attribute)) return joinItems(runtime, requireList('join', value), separator);
  return joinItems(runtime, pluck(runtime, 'join', value, attribute), separator);
}

/** The attribute of every item; nothing for `undefined`. */
function pluck(runtime: Runtime, callee: string, value: Value, attribute: Value): readonly Value[] {
  if (isNullish(value)) return [];
  const items = itemsIn(runtime, callee, value);
  runtime.willMakeList(items.length);
  return items.map((item) => requireMember(runtime, callee, item, attribute));
}

function length(runtime: Runtime, value: Value): Value {
  if (isEmpty(value)) return 0;
  return value instanceof Dict ? value.map.size : lengthOf(runtime, value);
}

function list(runtime: Runtime, value: Value): Value {
  if (typeof value === 'string') return splitText(runtime, value, '');
  if (Array.isArray(value)) return value;
  const entries = objectEntries(runtime, value);
  if (entries === null) throw typeFailure(`"list" needs a list, text or object, but got ${kindName(value)}.`);
  runtime.willMakeList(entries.length);
  return entries.map(([key, item]) =>
    makeObject(runtime, [
      ['key', key],
      ['value', item],
    ]),
  );
}

function reverse(runtime: Runtime, value: Value): Value {
  if (typeof value === 'string') return likeBefore(runtime, value, splitText(runtime, value, '').reverse().join(''));
  if (isNullish(value)) return [];
  const items = itemsIn(runtime, 'reverse', value);
  runtime.willMakeList(items.length);
  return items.toReversed();
}

const sortNames = ['reverse', 'case_sensitive', 'attribute'];

function sort(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const [reversed, caseSensitive, attribute = nothing] = byName(runtime, sortNames, args);
  const path = isTruthy(attribute) ? pathOf(runtime, attribute) : [];
  const items = isNullish(value) ? [] : itemsIn(runtime, 'sort', value);
  const isReversed = isTruthy(orNothing(reversed));
  const keyed = items.map((item) => {
    // A single item is never compared, so its key is not read.
    const key = path.length === 0 || items.length === 1 ? item : follow(runtime, 'sort', item, path);
    if (isNothing(key) && path.length > 0 && runtime.strict)
      throw new Failure('undefined', `"sort" finds no "${toText(runtime, attribute).slice(0, 80)}" in an item.`);
    const lower = typeof key === 'string' && !isTruthy(orNothing(caseSensitive)) ? key.toLowerCase() : null;
    return { item, key, lower };
  });
  const sorted = sortWith(runtime, keyed, (a, b) => {
    const both = a.lower !== null && b.lower !== null;
    const [left, right] = both ? [a.lower!, b.lower!] : [a.key, b.key];
    if (compare(runtime, '<', left, right)) return isReversed ? 1 : -1;
    if (compare(runtime, '>', left, right)) return isReversed ? -1 : 1;
    return 0;
  });
  return sorted.map(({ item }) => item);
}

function sum(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const [attribute, start = 0] = args;
  const items =
    attribute !== undefined && isTruthy(attribute)
      ? pluck(runtime, 'sum', value, attribute)
      : requireList('sum', value);
  let total: Value = 0;
  for (const item of items) {
    runtime.step();
    total = add(runtime, total, item);
  }
  return add(runtime, isNothing(start) ? 0 : start, total);
}

/** `select` and `reject`. */
const chosen =
  (callee: string, wanted: boolean): Apply =>
  (runtime, value, args) => {
    const name = isNothing(at(args, 0)) ? 'truthy' : toText(runtime, at(args, 0));
    const test = requireTest(name);
    const items = itemsIn(runtime, callee, value);
    runtime.willMakeList(items.length);
    return items.filter((item) => {
      runtime.step();
      return (test(runtime, item, [at(args, 1)]) === true) === wanted;
    });
  };

/** `selectattr` and `rejectattr`, which ask only whether the attribute is true. */
const chosenBy =
  (callee: string, wanted: boolean): Apply =>
  (runtime, value, args) => {
    const items = requireList(callee, value);
    runtime.willMakeList(items.length);
    return items.filter((item) => {
      runtime.step();
      return isTruthy(requireMember(runtime, callee, item, at(args, 0))) === wanted;
    });
  };

/** The keys and values of an object; the result of a macro is an object with its text. */
function objectEntries(runtime: Runtime, value: Value): readonly (readonly [string, Value])[] | null {
  if (value instanceof Dict) return entriesOf(runtime, value);
  if (!(value instanceof Markup)) return null;
  return [
    ['val', value.text],
    ['length', value.text.length],
  ];
}

function urlencode(runtime: Runtime, value: Value): Value {
  if (typeof value === 'string') return encodeText(runtime, value);
  const entries = objectEntries(runtime, value);
  if (entries !== null) return encodePairs(runtime, entries);
  if (!Array.isArray(value)) return '';
  const pairs = value.map((pair): readonly [Value, Value] => {
    return [requireMember(runtime, 'urlencode', pair, 0), requireMember(runtime, 'urlencode', pair, 1)];
  });
  return encodePairs(runtime, pairs);
}

/** Filters of lists and objects. */
export const listFilters: readonly (readonly [string, Apply])[] = [
  ['batch', batch],
  ['dictsort', dictsort],
  ['first', (runtime, value) => endOf(runtime, 'first', value, () => 0)],
  ['groupby', groupby],
  ['join', join],
  [
    'last',
    (runtime, value) => endOf(runtime, 'last', value, () => calculate(runtime, '-', lengthOf(runtime, value), 1)),
  ],
  ['length', length],
  ['list', list],
  [
    'random',
    (runtime, value) =>
      endOf(runtime, 'random', value, () => Math.floor(Math.random() * toNumber(runtime, lengthOf(runtime, value)))),
  ],
  ['reject', chosen('reject', false)],
  ['rejectattr', chosenBy('rejectattr', false)],
  ['reverse', reverse],
  ['select', chosen('select', true)],
  ['selectattr', chosenBy('selectattr', true)],
  ['slice', slice],
  ['sort', sort],
  ['sum', sum],
  ['urlencode', urlencode],
];

function endOf(runtime: Runtime, callee: string, value: Value, index: () => Value): Value {
  if (isNullish(value)) throw typeFailure(`"${callee}" needs a list or text, but got ${kindName(value)}.`);
  return memberOf(runtime, value, index());
}
