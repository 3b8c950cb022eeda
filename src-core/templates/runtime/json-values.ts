import type { Json } from '../../contract/shared.ts';
import { Failure } from './diagnostics.ts';
import { hashKey } from './dict-keys.ts';
import type { NameSource } from './execution/frame.ts';
import type { Runtime } from './execution/runtime.ts';
import { keysOf } from './json-inputs.ts';
import type { Inputs } from './types.ts';
import { Dict, Float, type HashedKey, makeInteger, type Value } from './values.ts';

/** Converts JSON data to template values; objects when they are first read. */
export function toValue(runtime: Runtime, data: unknown, depth = 0): Value {
  switch (typeof data) {
    case 'string':
      if (data.length > runtime.limits.string) throw runtime.exceeded('string');
      return data;
    case 'boolean':
      return data;
    case 'number':
      return runtime.plainNumbers ? data : toNumber(data);
    case 'bigint':
      if (BigInt.asIntN(runtime.limits.integer, data) !== data) throw runtime.exceeded('integer');
      return makeInteger(data);
    case 'object':
      break;
    default:
      throw new Failure('type', `An input is a ${typeof data}, but inputs are JSON data.`);
  }
  if (data === null || data instanceof Float) return data;
  runtime.step();
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  if (Array.isArray(data)) {
    if (data.length > runtime.limits.list) throw runtime.exceeded('list');
    runtime.spend(data.length >> 2);
    return Array.from(data, (item: unknown) => toValue(runtime, item, depth + 1));
  }
  return new Dict(() => toEntries(runtime, data, depth));
}

/** The entries of an object; accessors, which JSON data does not have, are never run. */
function toEntries(runtime: Runtime, data: object, depth: number): Map<HashedKey, Value> {
  const entries = new Map<HashedKey, Value>();
  const keys = keysOf(data);
  if (keys.length > runtime.limits.list) throw runtime.exceeded('list');
  runtime.spend(4 * keys.length);
  for (const key of keys) {
    const value: unknown = Object.getOwnPropertyDescriptor(data, key)?.value;
    if (value !== undefined) entries.set(hashKey(runtime, key), toValue(runtime, value, depth + 1));
  }
  return entries;
}

/** JSON does not tell 1.0 from 1; whole numbers are ints, and those too large to be exact are floats. */
function toNumber(data: number): Value {
  if (!Number.isInteger(data)) return data;
  return Number.isSafeInteger(data) ? data + 0 : new Float(data);
}

/** The inputs of a render: converted when first read, and noted in `used`. */
export function inputSource(runtime: Runtime, inputs: Inputs, used: string[] | null): NameSource {
  const converted = new Map<string, Value>();
  return {
    get(name) {
      const known = converted.get(name);
      if (known !== undefined) return known;
      const data = Object.getOwnPropertyDescriptor(inputs, name)?.value as Json | undefined;
      if (data === undefined) return undefined;
      used?.push(name);
      const value = toValue(runtime, data);
      converted.set(name, value);
      return value;
    },
  };
}
