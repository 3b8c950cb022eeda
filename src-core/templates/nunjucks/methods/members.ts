import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Callable, Dict, Instance, Markup, Undefined, type Value } from '../../runtime/values.ts';
import { isNullish, kindName, nothing, orNothing, textIn, toText } from '../meaning/meaning.ts';
import type { Method } from '../meaning/method.ts';
import { getKey } from '../meaning/objects.ts';
import { detailsOf, RegexValue } from '../regex/regex.ts';
import { regexMethods } from '../regex/regex-methods.ts';
import { listMethods } from './list.ts';
import { numberMethods } from './number.ts';
import { objectMethods } from './object.ts';
import { textMethods } from './text.ts';

/** `object.key` or `object[key]`: own data and the listed methods, nothing that is inherited. */
export function memberOf(runtime: Runtime, object: Value, key: Value): Value {
  if (isNullish(object)) {
    if (runtime.strict && object instanceof Undefined) throw new Failure('undefined', object.reason);
    return nothing;
  }
  const found = dataOf(runtime, object, key);
  if (found !== undefined) return found;
  const name = toText(runtime, key);
  const method = methodOf(object, name);
  if (method === undefined) {
    if (!runtime.strict) return nothing;
    return new Undefined(`${sentenceName(object)} has no "${name.slice(0, 80)}".`);
  }
  return new Callable(name, (inner, args) => method(inner, object, args));
}

function sentenceName(value: Value): string {
  const name = kindName(value);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The listed method of a value. */
export function methodOf(object: Value, name: string): Method | undefined {
  if (textIn(object) !== null) return textMethods.get(name);
  if (Array.isArray(object)) return listMethods.get(name);
  if (typeof object === 'number') return numberMethods.get(name);
  if (object instanceof Dict) return objectMethods.get(name);
  if (object instanceof RegexValue) return regexMethods.get(name);
  const isOther = typeof object === 'boolean' || object instanceof Instance;
  return isOther && name === 'toString' ? objectMethods.get(name) : undefined;
}

/** What a value has under a key as its own. */
export function dataOf(runtime: Runtime, object: Value, key: Value): Value | undefined {
  if (object instanceof Dict) return getKey(runtime, object, typeof key === 'string' ? key : toText(runtime, key));
  if (Array.isArray(object)) {
    const index = indexOf(runtime, key);
    if (index !== null) return object[index];
    if (key === 'length') return object.length;
    const details = detailsOf(object);
    return details === undefined ? undefined : getKey(runtime, details, toText(runtime, key));
  }
  if (typeof object === 'string') {
    if (key === 'length') return object.length;
    const index = indexOf(runtime, key);
    return index === null ? undefined : object[index];
  }
  if (object instanceof Markup) return key === 'length' ? object.text.length : undefined;
  return object instanceof Instance ? object.attribute(toText(runtime, key), runtime) : undefined;
}

/** The number of an item, from a number or from text that is written as one is. */
function indexOf(runtime: Runtime, key: Value): number | null {
  if (typeof key === 'number') return key;
  const text = toText(runtime, key);
  return /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null;
}

/** `object[key]` where `undefined` and `null` have nothing to look into: filters fail there. */
export function requireMember(runtime: Runtime, callee: string, object: Value, key: Value): Value {
  if (isNullish(object)) {
    throw typeFailure(`"${callee}" looks for "${toText(runtime, key).slice(0, 80)}" in ${kindName(object)}.`);
  }
  return memberOf(runtime, object, key);
}

/** The number of items or characters, as `value.length`; undefined for what has none. */
export function lengthOf(runtime: Runtime, value: Value): Value {
  return orNothing(dataOf(runtime, value, 'length'));
}
