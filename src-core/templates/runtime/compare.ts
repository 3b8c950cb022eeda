import type { CompareOperator } from '../syntax/nodes.ts';
import { Failure, typeFailure } from './diagnostics.ts';
import { hashKey } from './dict-keys.ts';
import type { Runtime } from './execution/runtime.ts';
import { includesText } from './text/text-search.ts';
import {
  Dict,
  DictView,
  Float,
  Generator,
  Instance,
  isNumber,
  Range,
  Tuple,
  textOf,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** Whether a value counts as true. */
export function isTrue(runtime: Runtime, value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      // NaN is true in Python.
      return value !== 0;
    case 'bigint':
      return true;
  }
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  switch (value.kind) {
    case 'float':
      return value.value !== 0;
    case 'markup':
      return value.text !== '';
    case 'tuple':
      return value.items.length > 0;
    case 'dict':
      return value.map.size > 0;
    case 'dict-view':
      return value.dict.map.size > 0;
    case 'range':
      return value.length > 0;
    case 'undefined':
      if (runtime.strict && !value.isLenient) throw new Failure('undefined', value.reason);
      return false;
    case 'instance':
      return value.length === null || value.length() > 0;
    default:
      return true;
  }
}

/** Whether Python's `==` holds. */
export function isEqual(runtime: Runtime, left: Value, right: Value, depth = 0): boolean {
  if (typeof left === 'string' && typeof right === 'string') return sameText(runtime, left, right);
  if (left === right && !(left instanceof Undefined)) return true;
  if (left instanceof Undefined || right instanceof Undefined) return sameUndefined(runtime, left, right);
  if (isNumber(left) && isNumber(right)) return sameNumber(numberOf(left), numberOf(right));
  if (
    left === null ||
    right === null ||
    typeof left === 'number' ||
    typeof left === 'boolean' ||
    typeof left === 'bigint'
  )
    return false;
  runtime.step();
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  if (Array.isArray(left)) return Array.isArray(right) && sameItems(runtime, left, right, depth);
  if (left instanceof Tuple) return right instanceof Tuple && sameItems(runtime, left.items, right.items, depth);
  if (left instanceof Dict) return right instanceof Dict && sameEntries(runtime, left, right, depth);
  if (left instanceof Range && right instanceof Range) {
    return (
      left.length === right.length &&
      (left.length === 0 || (left.start === right.start && (left.length === 1 || left.step === right.step)))
    );
  }
  if (left instanceof DictView)
    return (
      right instanceof DictView &&
      left.shows === right.shows &&
      left.shows !== 'values' &&
      sameView(runtime, left, right, depth)
    );
  const a = textOf(left);
  const b = textOf(right);
  return a !== null && b !== null && sameText(runtime, a, b);
}

function sameText(runtime: Runtime, left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  runtime.scan(left.length);
  return left === right;
}

function sameUndefined(runtime: Runtime, left: Value, right: Value): boolean {
  if (runtime.strict) {
    const missing = left instanceof Undefined ? left : right;
    if (missing instanceof Undefined) throw new Failure('undefined', missing.reason);
  }
  return left instanceof Undefined && right instanceof Undefined;
}

function sameNumber(left: number | bigint, right: number | bigint): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: only == finds a bigint equal to a number of the same value.
  return left == right;
}

function numberOf(value: number | bigint | boolean | Float): number | bigint {
  if (value instanceof Float) return value.value;
  return typeof value === 'boolean' ? Number(value) : value;
}

function sameItems(runtime: Runtime, left: readonly Value[], right: readonly Value[], depth: number): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => {
    runtime.step();
    return isEqual(runtime, item, right[index]!, depth + 1);
  });
}

function sameEntries(runtime: Runtime, left: Dict, right: Dict, depth: number): boolean {
  if (left.map.size !== right.map.size) return false;
  for (const [key, value] of left.map) {
    runtime.step();
    const other = right.map.get(key);
    if (other === undefined || !isEqual(runtime, value, other, depth + 1)) return false;
  }
  return true;
}

function sameView(runtime: Runtime, left: DictView, right: DictView, depth: number): boolean {
  if (left.shows === 'items') return sameEntries(runtime, left.dict, right.dict, depth);
  if (left.dict.map.size !== right.dict.map.size) return false;
  for (const key of left.dict.map.keys()) {
    runtime.step();
    if (!right.dict.map.has(key)) return false;
  }
  return true;
}

/** Negative when `left` sorts before `right`, 0 when neither does first; throws when they cannot be ordered. */
export function order(runtime: Runtime, left: Value, right: Value, operator = '<', depth = 0): number {
  if (isNumber(left) && isNumber(right)) {
    const a = numberOf(left);
    const b = numberOf(right);
    return a < b ? -1 : a > b ? 1 : sameNumber(a, b) ? 0 : Number.NaN;
  }
  const a = textOf(left);
  const b = textOf(right);
  if (a !== null && b !== null) {
    runtime.look(Math.min(a.length, b.length));
    return orderText(a, b);
  }
  if (left instanceof Undefined) throw new Failure('undefined', left.reason);
  if (right instanceof Undefined) throw new Failure('undefined', right.reason);
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  if (Array.isArray(left) && Array.isArray(right)) return orderItems(runtime, left, right, operator, depth);
  if (left instanceof Tuple && right instanceof Tuple)
    return orderItems(runtime, left.items, right.items, operator, depth);
  throw typeFailure(`"${operator}" does not work between ${typeName(left)} and ${typeName(right)}.`);
}

function orderItems(
  runtime: Runtime,
  left: readonly Value[],
  right: readonly Value[],
  operator: string,
  depth: number,
): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    runtime.step();
    if (!isEqual(runtime, left[index]!, right[index]!, depth + 1)) {
      return order(runtime, left[index]!, right[index]!, operator, depth + 1);
    }
  }
  return left.length - right.length;
}

/** By code points, as Python: UTF-16 order differs between surrogates and U+E000 to U+FFFF. */
function orderText(left: string, right: string): number {
  if (left === right) return 0;
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The value of one comparison. */
export function compare(runtime: Runtime, operator: CompareOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
    case '===':
      return isEqual(runtime, left, right);
    case '!=':
    case '!==':
      return !isEqual(runtime, left, right);
    case '<':
      return order(runtime, left, right, operator) < 0;
    case '<=':
      return order(runtime, left, right, operator) <= 0;
    case '>':
      return order(runtime, left, right, operator) > 0;
    case '>=':
      return order(runtime, left, right, operator) >= 0;
    case 'in':
      return contains(runtime, right, left);
    case 'not in':
      return !contains(runtime, right, left);
  }
}

/** Whether `item in container`. */
export function contains(runtime: Runtime, container: Value, item: Value): boolean {
  const text = textOf(container);
  if (text !== null) {
    const part = textOf(item);
    if (part === null) {
      if (item instanceof Undefined) throw new Failure('undefined', item.reason);
      throw typeFailure(`"in" looks for text in a str, but got ${typeName(item)}.`);
    }
    return includesText(runtime, text, part);
  }
  if (Array.isArray(container)) return hasItem(runtime, container, item);
  if (container instanceof Tuple) return hasItem(runtime, container.items, item);
  if (container instanceof Dict) return container.map.has(hashKey(runtime, item));
  if (container instanceof DictView) return viewHas(runtime, container, item);
  if (container instanceof Range) return rangeHas(runtime, container, item);
  if (container instanceof Undefined) {
    if (runtime.strict) throw new Failure('undefined', container.reason);
    return false;
  }
  if (container instanceof Generator) {
    for (let next = container.items.next(); next.done !== true; next = container.items.next()) {
      runtime.step();
      if (isEqual(runtime, next.value, item)) return true;
    }
    return false;
  }
  if (container instanceof Instance && container.type === 'loop') return false;
  throw typeFailure(`"in" does not work on ${typeName(container)}.`);
}

function hasItem(runtime: Runtime, items: Iterable<Value>, item: Value): boolean {
  for (const other of items) {
    runtime.step();
    if (isEqual(runtime, other, item)) return true;
  }
  return false;
}

function viewHas(runtime: Runtime, view: DictView, item: Value): boolean {
  if (view.shows === 'keys') return view.dict.map.has(hashKey(runtime, item));
  if (view.shows === 'values') return hasItem(runtime, view.dict.map.values(), item);
  if (!(item instanceof Tuple) || item.items.length !== 2) return false;
  const value = view.dict.map.get(hashKey(runtime, item.items[0]!));
  return value !== undefined && isEqual(runtime, value, item.items[1]!);
}

function rangeHas(runtime: Runtime, range: Range, item: Value): boolean {
  if (item instanceof Undefined && runtime.strict && range.length > 0) throw new Failure('undefined', item.reason);
  if (!isNumber(item)) return false;
  const offset = Number(numberOf(item)) - range.start;
  return offset % range.step === 0 && offset / range.step >= 0 && offset / range.step < range.length;
}
