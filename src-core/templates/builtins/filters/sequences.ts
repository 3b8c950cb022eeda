import { calculate, toDouble } from '../../runtime/arithmetic.ts';
import { isEqual, isTrue, order } from '../../runtime/compare.ts';
import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import { hashKey, weighKey } from '../../runtime/dict-keys.ts';
import { needInteger, needText, wrongArgument } from '../../runtime/execution/arguments.ts';
import { bound, type Operation, open } from '../../runtime/execution/operations.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { printValue, viewItems } from '../../runtime/print.ts';
import { itemsOf, lengthOf, listOf } from '../../runtime/sequences.ts';
import { sortValues } from '../../runtime/sorting.ts';
import { toCharacters } from '../../runtime/text/characters.ts';
import {
  Dict,
  Generator,
  isNumber,
  Markup,
  Range,
  Tuple,
  textOf,
  typeName,
  Undefined,
  type Value,
} from '../../runtime/values.ts';
import { getOnlyAttribute } from '../methods/access.ts';
import { joinTexts } from '../methods/string.ts';
import { pathGetter, pathGetters } from './paths.ts';

/** Filters on lists, dicts and other iterables. */
export const sequenceFilters: readonly (readonly [string, Operation])[] = [
  bound('length', '', length),
  bound('count', '', length),
  bound('first', '', first),
  bound('last', '', last),
  bound('random', '', random),
  bound('list', '', (runtime, value) => listOf(runtime, value)),
  bound('reverse', '', reverse),
  bound('join', "d='', attribute=none", join),
  bound('sort', 'reverse=false, case_sensitive=false, attribute=none', sort),
  bound('unique', 'case_sensitive=false, attribute=none', (runtime, value, args) =>
    generator('do_unique', unique(runtime, value, args)),
  ),
  bound('min', 'case_sensitive=false, attribute=none', (runtime, value, args) => extreme(runtime, value, args, -1)),
  bound('max', 'case_sensitive=false, attribute=none', (runtime, value, args) => extreme(runtime, value, args, 1)),
  bound('sum', 'attribute=none, start=0', sum),
  bound('batch', 'linecount, fill_with=none', (runtime, value, args) =>
    generator('do_batch', batch(runtime, value, args)),
  ),
  bound('slice', 'slices, fill_with=none', (runtime, value, args) =>
    generator('do_slice', slice(runtime, value, args)),
  ),
  bound('groupby', 'attribute, default=none, case_sensitive=false', groupBy),
  bound('dictsort', "case_sensitive=false, by='key', reverse=false", dictSort),
  bound('items', '', (runtime, value) => generator('do_items', items(runtime, value))),
  bound('attr', 'name', (runtime, value, [name]) => getOnlyAttribute(runtime, value, needText('attr', name!))),
  open('default', "default(default_value='', boolean=false)", (runtime, value, args, named) =>
    fallback(runtime, value, args, named),
  ),
  open('d', "d(default_value='', boolean=false)", (runtime, value, args, named) =>
    fallback(runtime, value, args, named),
  ),
];

/** A generator that prints as in Python; the address is fixed, so that output is the same everywhere. */
export function generator(name: string, values: Iterator<Value, unknown>): Generator {
  return new Generator(`<generator object ${name} at 0x7f0000000000>`, values);
}

function fallback(runtime: Runtime, value: Value, args: Value[], named: ReadonlyMap<string, Value> | null): Value {
  if (args.length > 2) throw typeFailure(`"default" takes at most 2 arguments, but got ${args.length}.`);
  for (const name of named?.keys() ?? []) {
    if (name !== 'default_value' && name !== 'boolean') throw typeFailure(`"default" has no argument "${name}".`);
  }
  const usual = args.length > 0 ? args[0]! : (named?.get('default_value') ?? (named?.has('default_value') ? null : ''));
  const also = args.length > 1 ? args[1]! : (named?.get('boolean') ?? false);
  const replaces = value instanceof Undefined || (also !== false && isTrue(runtime, also) && !isTrue(runtime, value));
  return replaces ? usual : value;
}

function length(runtime: Runtime, value: Value): Value {
  const size = lengthOf(runtime, value);
  if (size === null) throw typeFailure(`A ${typeName(value)} has no length.`);
  return size;
}

function first(runtime: Runtime, value: Value): Value {
  if (value instanceof Generator) {
    const next = value.items.next();
    return next.done === true ? new Undefined('The sequence has no first item: it is empty.') : next.value;
  }
  const item = itemsOf(runtime, value)[0];
  return item === undefined ? new Undefined('The sequence has no first item: it is empty.') : item;
}

function last(runtime: Runtime, value: Value): Value {
  if (value instanceof Generator) throw typeFailure('A generator has no last item; write "| list" before "| last".');
  const item = itemsOf(runtime, value).at(-1);
  return item === undefined ? new Undefined('The sequence has no last item: it is empty.') : item;
}

function random(runtime: Runtime, value: Value): Value {
  if (value instanceof Generator || value instanceof Dict) throw wrongArgument('random', 'a list', value);
  const all = itemsOf(runtime, value);
  const item = all[Math.floor(Math.random() * all.length)];
  return item === undefined ? new Undefined('The sequence has no random item: it is empty.') : item;
}

function reverse(runtime: Runtime, value: Value): Value {
  const text = textOf(value);
  if (text !== null) {
    // Taking a text apart takes several times as long as reading it.
    runtime.look(4 * text.length);
    const reversed = toCharacters(text).reverse().join('');
    return value instanceof Markup ? new Markup(reversed) : reversed;
  }
  const reversed = listOf(runtime, value).reverse();
  return value instanceof Generator ? reversed : generator('reversed', reversed.values());
}

function join(runtime: Runtime, value: Value, [by, attribute]: Value[]): string {
  const getter = attribute === null ? null : pathGetter(runtime, attribute!, undefined, false);
  const all = itemsOf(runtime, value);
  const parts: string[] = [];
  let size = 0;
  for (const item of all) {
    runtime.step();
    const part = printValue(runtime, getter === null ? item : getter(item));
    size += part.length;
    if (size > runtime.limits.string) throw runtime.exceeded('string');
    parts.push(part);
  }
  return joinTexts(runtime, parts, printValue(runtime, by!));
}

function sort(runtime: Runtime, value: Value, [reversed, caseSensitive, attribute]: Value[]): Value {
  const getters = pathGetters(runtime, attribute!, !isTrue(runtime, caseSensitive!));
  // The key is always a list, as in Jinja, whose equal parts are not compared and so may be undefined.
  const keyOf = (item: Value): Value => getters.map((getter) => getter(item));
  return sortValues(runtime, itemsOf(runtime, value), keyOf, isTrue(runtime, reversed!));
}

function* unique(runtime: Runtime, value: Value, [caseSensitive, attribute]: Value[]): Iterator<Value> {
  const getter = pathGetter(runtime, attribute!, undefined, !isTrue(runtime, caseSensitive!));
  const seen = new Set<unknown>();
  for (const item of itemsOf(runtime, value)) {
    const key = hashKey(runtime, getter(item));
    weighKey(runtime, key, seen.size);
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

function extreme(runtime: Runtime, value: Value, [caseSensitive, attribute]: Value[], direction: 1 | -1): Value {
  const getter = pathGetter(runtime, attribute!, undefined, !isTrue(runtime, caseSensitive!));
  const all = itemsOf(runtime, value);
  if (all.length === 0) return new Undefined('The sequence has no smallest or largest item: it is empty.');
  let best: Value = all[0]!;
  let bestKey: Value = getter(best);
  for (let at = 1; at < all.length; at += 1) {
    const item = all[at]!;
    const key = getter(item);
    runtime.step();
    if (order(runtime, key, bestKey) * direction > 0) {
      best = item;
      bestKey = key;
    }
  }
  return best;
}

function sum(runtime: Runtime, value: Value, [attribute, start]: Value[]): Value {
  if (textOf(start!) !== null) throw typeFailure('"sum" adds numbers; join text with "| join".');
  const getter = attribute === null ? null : pathGetter(runtime, attribute!, undefined, false);
  let total: Value = start!;
  for (const item of itemsOf(runtime, value)) {
    runtime.step();
    total = calculate(runtime, '+', total, getter === null ? item : getter(item));
  }
  return total;
}

function* batch(runtime: Runtime, value: Value, [lineCount, fill]: Value[]): Iterator<Value> {
  const size = isNumber(lineCount!) ? toDouble(lineCount) : Number.NaN;
  let row: Value[] = [];
  for (const item of itemsOf(runtime, value)) {
    runtime.step();
    if (row.length === size) {
      yield row;
      row = [];
    }
    row.push(item);
  }
  if (row.length === 0) return;
  if (fill !== null && !(size <= row.length)) {
    runtime.willMakeList(needInteger('batch', lineCount!));
    while (row.length < size) row.push(fill!);
  }
  yield row;
}

function* slice(runtime: Runtime, value: Value, [slices, fill]: Value[]): Iterator<Value> {
  const all = listOf(runtime, value);
  const count = needInteger('slice', slices!);
  if (count === 0) throw typeFailure('"slice" needs at least 1 slice.');
  const size = Math.floor(all.length / count);
  const longer = all.length - size * count;
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    runtime.step();
    const end = at + size + (index < longer ? 1 : 0);
    runtime.spend((end - at) >> 3);
    const part = all.slice(at, end);
    if (fill !== null && index >= longer) part.push(fill!);
    yield part;
    at = end;
  }
}

function groupBy(runtime: Runtime, value: Value, [attribute, usual, caseSensitive]: Value[]): Value {
  const sensitive = isTrue(runtime, caseSensitive!);
  const keyOf = pathGetter(runtime, attribute!, usual, !sensitive);
  const shownKey = pathGetter(runtime, attribute!, usual, false);
  const groups: { readonly key: Value; readonly members: Value[] }[] = [];
  for (const item of sortValues(runtime, itemsOf(runtime, value), keyOf, false)) {
    const key = keyOf(item);
    const current = groups.at(-1);
    if (current !== undefined && isEqual(runtime, current.key, key)) current.members.push(item);
    else groups.push({ key, members: [item] });
  }
  return groups.map(
    ({ key, members }) => new Tuple([sensitive ? key : shownKey(members[0]!), members], ['grouper', 'list']),
  );
}

function dictSort(runtime: Runtime, value: Value, [caseSensitive, by, reversed]: Value[]): Value {
  if (by !== 'key' && by !== 'value') throw typeFailure('"dictsort" sorts by "key" or "value".');
  if (!(value instanceof Dict)) throw wrongArgument('dictsort', 'a dict', value);
  const at = by === 'key' ? 0 : 1;
  const sensitive = isTrue(runtime, caseSensitive!);
  const keyOf = (pair: Value): Value => {
    const part = pair instanceof Tuple ? pair.items[at]! : null;
    const text = sensitive ? null : textOf(part);
    if (text === null) return part;
    runtime.look(text.length);
    return text.toLowerCase();
  };
  return sortValues(runtime, viewItems(runtime, value, 'items'), keyOf, isTrue(runtime, reversed!));
}

function* items(runtime: Runtime, value: Value): Iterator<Value> {
  if (value instanceof Undefined) {
    if (runtime.strict) throw new Failure('undefined', value.reason);
    return;
  }
  if (!(value instanceof Dict)) throw wrongArgument('items', 'a dict', value);
  yield* viewItems(runtime, value, 'items');
}

/** Whether a value has a length and can be indexed. */
export function isSequence(value: Value): boolean {
  if (Array.isArray(value) || textOf(value) !== null) return true;
  return value instanceof Tuple || value instanceof Dict || value instanceof Range || value instanceof Undefined;
}
