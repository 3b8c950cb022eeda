import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import { getEntry } from '../../runtime/dict-keys.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { reprValue } from '../../runtime/print.ts';
import { characterAt, codePointLength, sliceCharacters, toCharacters } from '../../runtime/text/characters.ts';
import {
  Callable,
  Dict,
  Instance,
  isInteger,
  Markup,
  Range,
  Tuple,
  textOf,
  typeName,
  Undefined,
  type Value,
} from '../../runtime/values.ts';
import { dictMethod } from './dict.ts';
import { listMethod, tupleMethod } from './list.ts';
import { numberAttribute, numberMethod } from './number.ts';
import { stringMethod } from './string.ts';

/** `object.name`: the attribute first, then the item, as Jinja does. */
export function getAttribute(runtime: Runtime, object: Value, name: string): Value {
  const attribute = findAttribute(runtime, object, name);
  if (attribute !== undefined) return attribute;
  if (object instanceof Dict) {
    const entry = object.map.get(name);
    if (entry !== undefined) return entry;
  }
  return missing(runtime, object, name);
}

/** `object[key]`: the item first, then the attribute. */
export function getItem(runtime: Runtime, object: Value, key: Value): Value {
  const item = findItem(runtime, object, key);
  if (item !== undefined) return item;
  const name = textOf(key);
  const attribute = name === null ? undefined : findAttribute(runtime, object, name);
  return attribute === undefined ? missing(runtime, object, key) : attribute;
}

/** Only what `getattr` finds, for the filter `attr`. */
export function getOnlyAttribute(runtime: Runtime, object: Value, name: string): Value {
  const attribute = findAttribute(runtime, object, name);
  return attribute === undefined ? missing(runtime, object, name) : attribute;
}

function missing(runtime: Runtime, object: Value, key: Value): Undefined {
  runtime.spend(4);
  const name = textOf(key) ?? reprValue(runtime, key);
  return new Undefined(`A ${typeName(object)} has no "${name.slice(0, 80)}".`);
}

/** The allowed methods and attributes of a value; none comes from the host. */
export function findAttribute(runtime: Runtime, object: Value, name: string): Value | undefined {
  switch (typeof object) {
    case 'string':
      return bind(object, name, stringMethod(name));
    case 'number':
    case 'bigint':
    case 'boolean':
      return numberAttribute(object, name) ?? bind(object, name, numberMethod(object, name));
  }
  if (object === null) return undefined;
  if (Array.isArray(object)) return bind(object, name, listMethod(name));
  switch (object.kind) {
    case 'markup':
      return bind(object, name, stringMethod(name));
    case 'float':
      return numberAttribute(object, name) ?? bind(object, name, numberMethod(object, name));
    case 'dict':
      return bind(object, name, dictMethod(name));
    case 'tuple': {
      const index = object.names.indexOf(name);
      return index === -1 ? bind(object, name, tupleMethod(name)) : object.items[index];
    }
    case 'range':
      return name === 'start' || name === 'stop' || name === 'step' ? object[name] : undefined;
    case 'callable':
      return object.attributes.get(name);
    case 'instance':
      return object.attribute(name, runtime);
    case 'undefined':
      // Python reserves names between double underscores; reading them is undefined, never an error.
      if (name.startsWith('__') && name.endsWith('__')) return undefined;
      throw new Failure('undefined', object.reason);
    default:
      return undefined;
  }
}

/** A method of `object`, given the function that carries it out. */
type Method = (runtime: Runtime, self: Value, args: Value[], named: ReadonlyMap<string, Value> | null) => Value;

function bind(object: Value, name: string, method: Method | undefined): Callable | undefined {
  if (method === undefined) return undefined;
  const text = `<built-in method ${name} of ${typeName(object)} object at 0x7f0000000000>`;
  return new Callable(text, (runtime, args, named) => method(runtime, object, args, named));
}

/** The method itself, so that a call need not make a bound object. */
export function findMethod(object: Value, name: string): Method | undefined {
  if (typeof object === 'string') return stringMethod(name);
  if (object === null || typeof object !== 'object') return undefined;
  if (Array.isArray(object)) return listMethod(name);
  if (object instanceof Dict) return dictMethod(name);
  return undefined;
}

/** The item of a value, or undefined when there is none. */
export function findItem(runtime: Runtime, object: Value, key: Value): Value | undefined {
  if (object instanceof Dict) return entryOrNothing(runtime, object, key);
  if (object === null || typeof object === 'number' || typeof object === 'boolean') return undefined;
  if (object instanceof Undefined) throw new Failure('undefined', object.reason);
  if (object instanceof Instance) return instanceItem(runtime, object, key);
  if (!isInteger(key)) return undefined;
  const index = Number(key);
  if (Array.isArray(object)) return object[index < 0 ? index + object.length : index];
  if (object instanceof Tuple) return object.items[index < 0 ? index + object.items.length : index];
  if (object instanceof Range) return rangeItem(object, index);
  const text = textOf(object);
  if (text === null) return undefined;
  runtime.look(text.length);
  const length = codePointLength(text);
  const at = index < 0 ? index + length : index;
  if (at < 0 || at >= length) return undefined;
  return sameKind(object, characterAt(text, at));
}

function entryOrNothing(runtime: Runtime, dict: Dict, key: Value): Value | undefined {
  // Jinja ignores the TypeError of an unhashable key.
  if (Array.isArray(key) || key instanceof Dict) return undefined;
  return getEntry(runtime, dict, key);
}

function instanceItem(runtime: Runtime, object: Instance, key: Value): Value | undefined {
  const name = textOf(key);
  return object.type === 'self' && name !== null ? object.attribute(name, runtime) : undefined;
}

function rangeItem(range: Range, index: number): Value | undefined {
  const at = index < 0 ? index + range.length : index;
  return at >= 0 && at < range.length ? range.start + at * range.step : undefined;
}

function sameKind(original: Value, text: string): Value {
  return original instanceof Markup ? new Markup(text) : text;
}

export function isSliceable(value: Value): boolean {
  return Array.isArray(value) || value instanceof Tuple || value instanceof Range || textOf(value) !== null;
}

export function missingItem(object: Value): Undefined {
  return new Undefined(`A ${typeName(object)} has no such item.`);
}

/** `object[from:to:step]`. */
export function getSlice(runtime: Runtime, object: Value, from: Value, to: Value, step: Value): Value {
  if (object instanceof Undefined) throw new Failure('undefined', object.reason);
  const stride = sliceBound(step) ?? 1;
  if (stride === 0) throw typeFailure('The step of a slice cannot be zero.');
  const text = textOf(object);
  if (text !== null) {
    runtime.look(stride === 1 ? text.length : 16 * text.length);
    return sameKind(object, sliceText(text, sliceBound(from), sliceBound(to), stride));
  }
  const range = object instanceof Range ? object : null;
  const items = Array.isArray(object) ? object : object instanceof Tuple ? object.items : null;
  if (items === null && range === null) throw typeFailure(`A ${typeName(object)} cannot be sliced.`);
  const length = range?.length ?? items!.length;
  const bounds = sliceBounds(length, sliceBound(from), sliceBound(to), stride);
  if (range !== null) return sliceRange(range, bounds, stride);
  runtime.willMakeList(Math.floor(Math.abs((bounds[1] - bounds[0]) / stride)));
  const sliced = pick(items!, bounds, stride);
  return Array.isArray(object) ? sliced : new Tuple(sliced);
}

function sliceBound(value: Value): number | null {
  if (value === null) return null;
  if (isInteger(value)) return Number(value);
  if (value instanceof Undefined) throw new Failure('undefined', value.reason);
  throw typeFailure(`A slice needs int values, not ${typeName(value)}.`);
}

function sliceBounds(length: number, from: number | null, to: number | null, step: number): readonly [number, number] {
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? length : length - 1;
  const place = (bound: number | null, usual: number) => {
    if (bound === null) return usual;
    return Math.min(high, Math.max(low, bound < 0 ? bound + length : bound));
  };
  return step > 0 ? [place(from, low), place(to, high)] : [place(from, high), place(to, low)];
}

function pick<Item>(items: readonly Item[], [from, to]: readonly [number, number], step: number): Item[] {
  if (step === 1) return items.slice(from, Math.max(from, to));
  const picked: Item[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) picked.push(items[at]!);
  return picked;
}

function sliceText(text: string, from: number | null, to: number | null, step: number): string {
  const bounds = sliceBounds(codePointLength(text), from, to, step);
  if (step === 1) return sliceCharacters(text, bounds[0], Math.max(bounds[0], bounds[1]));
  return pick(toCharacters(text), bounds, step).join('');
}

function sliceRange(range: Range, [from, to]: readonly [number, number], step: number): Range {
  return new Range(range.start + from * range.step, range.start + to * range.step, range.step * step);
}
