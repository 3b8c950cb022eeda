import { Failure, typeFailure } from './diagnostics.ts';
import type { Runtime } from './execution/runtime.ts';
import { viewItems } from './print.ts';
import { codePointLength, toCharacters } from './text/characters.ts';
import { type Range, textOf, typeName, type Value } from './values.ts';

/** The items of anything that can be walked; a generator is used up. The array may be the value itself: do not change it. */
export function itemsOf(runtime: Runtime, value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  const text = textOf(value);
  if (text !== null) {
    runtime.willMakeList(text.length);
    runtime.spend(4);
    runtime.look(4 * text.length);
    return toCharacters(text);
  }
  if (value !== null && typeof value === 'object') {
    switch (value.kind) {
      case 'tuple':
        return value.items;
      case 'dict':
        return viewItems(runtime, value, 'keys');
      case 'dict-view':
        return viewItems(runtime, value.dict, value.shows);
      case 'range':
        runtime.willMakeList(value.length);
        return rangeItems(value);
      case 'generator':
        return drain(runtime, value.items);
      case 'undefined':
        if (runtime.strict) throw new Failure('undefined', value.reason);
        return [];
    }
  }
  throw typeFailure(`${typeName(value)} cannot be looped over.`);
}

function rangeItems(range: Range): Value[] {
  const items: Value[] = [];
  for (let index = 0; index < range.length; index += 1) items.push(range.start + index * range.step);
  return items;
}

function drain(runtime: Runtime, items: Iterator<Value, unknown>): Value[] {
  const drained: Value[] = [];
  for (let next = items.next(); next.done !== true; next = items.next()) {
    if (drained.length >= runtime.limits.list) throw runtime.exceeded('list');
    runtime.step();
    drained.push(next.value);
  }
  return drained;
}

/** A new list of the items. */
export function listOf(runtime: Runtime, value: Value): Value[] {
  const items = itemsOf(runtime, value);
  runtime.willMakeList(items.length);
  return items.slice();
}

/** Python's `len`, or null for what has none. */
export function lengthOf(runtime: Runtime, value: Value): number | null {
  if (Array.isArray(value)) return value.length;
  const text = textOf(value);
  if (text !== null) return codePointLength(text);
  if (value === null || typeof value !== 'object') return null;
  switch (value.kind) {
    case 'tuple':
      return value.items.length;
    case 'dict':
      return value.map.size;
    case 'dict-view':
      return value.dict.map.size;
    case 'range':
      return value.length;
    case 'undefined':
      if (runtime.strict) throw new Failure('undefined', value.reason);
      return 0;
    case 'instance':
      return value.length === null ? null : value.length();
    default:
      return null;
  }
}

/** Whether a value can be walked. */
export function isIterable(value: Value): boolean {
  if (value === null || typeof value !== 'object') return typeof value === 'string';
  if (Array.isArray(value)) return true;
  if (value.kind === 'instance') return value.type === 'loop';
  return value.kind !== 'float' && value.kind !== 'callable';
}
