import { typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Dict, Markup, type Value } from '../../runtime/values.ts';
import { isNullish, kindName, nothing, orNothing, textIn, toNumber, toText } from '../meaning/meaning.ts';
import { getKey } from '../meaning/objects.ts';
import { splitText } from '../meaning/texts.ts';
import { dataOf } from '../methods/members.ts';

/** What a filter or test does with a value; named arguments are one more object at the end, as in nunjucks. */
export type Apply = (runtime: Runtime, value: Value, args: readonly Value[]) => Value;

/** The argument at a place. */
export function at(args: readonly Value[], index: number): Value {
  return orNothing(args[index]);
}

/** Whether a value is the object that holds named arguments. */
export function isNamed(runtime: Runtime, value: Value | undefined): value is Dict {
  return value instanceof Dict && getKey(runtime, value, '__keywords') !== undefined;
}

/** Nunjucks takes `undefined`, `null` and `false` as no text at all. */
export function isEmpty(value: Value): boolean {
  return isNullish(value) || value === false;
}

/** The text that a filter works on; `undefined`, `null` and `false` count as empty. */
export function needText(runtime: Runtime, callee: string, value: Value): string {
  const text = isEmpty(value) ? '' : textIn(value);
  if (text === null) throw typeFailure(`"${callee}" needs a text, but got ${kindName(value)}.`);
  runtime.look(text.length);
  return text;
}

/** The text that a filter works on; `undefined` and `null` are errors. */
export function requireText(runtime: Runtime, callee: string, value: Value): string {
  const text = textIn(value);
  if (text === null) throw typeFailure(`"${callee}" needs a text, but got ${kindName(value)}.`);
  runtime.look(text.length);
  return text;
}

export function requireList(callee: string, value: Value): Value[] {
  if (Array.isArray(value)) return value;
  throw typeFailure(`"${callee}" needs a list, but got ${kindName(value)}.`);
}

/** Marks a text as escaped when the original was. */
export function likeBefore(runtime: Runtime, original: Value, text: string): Value {
  runtime.fits(text.length);
  return original instanceof Markup ? new Markup(text) : text;
}

/** The items of a list or the UTF-16 units of a text; none for values without a length. */
export function itemsIn(runtime: Runtime, callee: string, value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return splitText(runtime, value, '');
  if (isNullish(value)) throw typeFailure(`"${callee}" needs a list, but got ${kindName(value)}.`);
  const length = toNumber(runtime, orNothing(dataOf(runtime, value, 'length')));
  if (!(length > 0)) return [];
  runtime.willMakeList(Math.ceil(length));
  return Array.from({ length: Math.ceil(length) }, (_, index) => orNothing(dataOf(runtime, value, index)));
}

/** The parts of an attribute's name, of which dots lead from object to object. */
export function pathOf(runtime: Runtime, attribute: Value): readonly Value[] {
  if (isEmpty(attribute) || attribute === '' || attribute === 0) return [];
  return typeof attribute === 'string' ? splitText(runtime, attribute, '.') : [toText(runtime, attribute)];
}

/** The value at a path, through own members only; fails where a value on the way is missing. */
export function follow(runtime: Runtime, callee: string, item: Value, path: readonly Value[]): Value {
  let value = item;
  for (const part of path) {
    if (isNullish(value))
      throw typeFailure(`"${callee}" looks for "${toText(runtime, part).slice(0, 80)}" in ${kindName(value)}.`);
    value = orNothing(dataOf(runtime, value, part));
    if (value === nothing) return nothing;
  }
  return value;
}

/** Arguments of the filters that take them by position or by name, as a macro does. */
export function byName(runtime: Runtime, names: readonly string[], args: readonly Value[]): readonly Value[] {
  const last = args.at(-1);
  if (!isNamed(runtime, last)) return args;
  const positional = args.slice(0, -1);
  return names.map((name, index) => {
    const value = positional[index];
    return value === undefined ? orNothing(getKey(runtime, last, name)) : value;
  });
}
