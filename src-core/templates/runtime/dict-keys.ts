import { Failure, typeFailure } from './diagnostics.ts';
import type { Runtime } from './execution/runtime.ts';
import { type Dict, Float, type HashedKey, Tuple, textOf, typeName, Undefined, type Value } from './values.ts';
import { weighDecimal } from './weigh.ts';

/** What a key is stored under in a dict; throws for what Python cannot hash. */
export function hashKey(runtime: Runtime, key: Value, depth = 0): HashedKey {
  if (typeof key === 'string') {
    runtime.scan(key.length);
    return key.charCodeAt(0) === 0 ? `\0s${key}` : key;
  }
  if (key === null) return key;
  if (typeof key === 'number') return hashNumber(key);
  if (typeof key === 'bigint') return hashInteger(runtime, key);
  if (typeof key === 'boolean') return Number(key);
  if (key instanceof Float) return hashNumber(key.value);
  const text = textOf(key);
  if (text !== null) return hashKey(runtime, text);
  if (key instanceof Tuple) return hashTuple(runtime, key, depth);
  if (key instanceof Undefined && !runtime.strict) return '\0u';
  if (key instanceof Undefined) throw new Failure('undefined', key.reason);
  throw typeFailure(`A ${typeName(key)} cannot be a key.`);
}

function hashTuple(runtime: Runtime, tuple: Tuple, depth: number): string {
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  let text = '\0(';
  for (const item of tuple.items) {
    runtime.step();
    const hashed = hashKey(runtime, item, depth + 1);
    const part = `${hashed === null ? 'n' : typeof hashed === 'string' ? 's' : 'i'}${hashed}`;
    runtime.fits(text.length + part.length);
    runtime.look(part.length);
    text += `${part.length}:${part}`;
  }
  return text;
}

/**
 * Small integers are used as they are. Other numbers become text, because V8's hashes of text are seeded: those of
 * numbers are not, and for a bigint only the lowest 64 bits count, so that a template could make thousands of keys with
 * one hash.
 */
function hashNumber(key: number): HashedKey {
  return Number.isInteger(key) && key > -65_536 && key < 65_536 ? key + 0 : `\0n${key}`;
}

function hashInteger(runtime: Runtime, key: bigint): HashedKey {
  weighDecimal(runtime, key);
  // Equal floats and ints are one key.
  const double = Number(key);
  return Number.isFinite(double) && BigInt(double) === key ? hashNumber(double) : `\0i${key.toString(36)}`;
}

/** Longer texts of equal length share one hash in V8, so a lookup may compare with all of them. */
const longestHashed = 16_383;

/** Counts the lookup of a key among `others`. */
export function weighKey(runtime: Runtime, key: HashedKey, others: number): void {
  if (typeof key === 'string' && key.length > longestHashed) runtime.spend((key.length >> 10) * (1 + others));
}

/** The value under a key, or undefined when there is none. */
export function getEntry(runtime: Runtime, dict: Dict, key: Value): Value | undefined {
  const hashed = hashKey(runtime, key);
  weighKey(runtime, hashed, dict.map.size);
  return dict.map.get(hashed);
}

/** Sets `dict[key]`. */
export function setEntry(runtime: Runtime, dict: Dict, key: Value, value: Value): void {
  runtime.step();
  const hashed = hashKey(runtime, key);
  weighKey(runtime, hashed, dict.map.size);
  if (!dict.map.has(hashed)) {
    if (dict.map.size >= runtime.limits.list) throw runtime.exceeded('list');
    if (hashed !== key) {
      dict.originals ??= new Map();
      dict.originals.set(hashed, key);
    }
  }
  dict.map.set(hashed, value);
}

export function deleteEntry(runtime: Runtime, dict: Dict, key: Value): void {
  const hashed = hashKey(runtime, key);
  dict.map.delete(hashed);
  dict.originals?.delete(hashed);
}
