import { hashKey, weighKey } from '../../runtime/dict-keys.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Dict, type Value } from '../../runtime/values.ts';

/** Keys that JavaScript puts first, in ascending order. */
const isIndex = (key: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 4_294_967_295;

/** An object with the order of keys that JavaScript gives it. */
export function makeObject(runtime: Runtime, entries: readonly (readonly [string, Value])[]): Dict {
  const dict = new Dict();
  if (entries.length > runtime.limits.list) throw runtime.exceeded('list');
  const indexes = entries.filter(([key]) => isIndex(key));
  for (const [key, value] of indexes.toSorted(([a], [b]) => Number(a) - Number(b))) setKey(runtime, dict, key, value);
  for (const [key, value] of entries) if (!isIndex(key)) setKey(runtime, dict, key, value);
  return dict;
}

export function setKey(runtime: Runtime, dict: Dict, key: string, value: Value): void {
  runtime.step();
  const hashed = hashKey(runtime, key);
  weighKey(runtime, hashed, dict.map.size);
  dict.map.set(hashed, value);
}

/** The value of an own key; undefined when there is none. */
export function getKey(runtime: Runtime, dict: Dict, key: string): Value | undefined {
  const hashed = hashKey(runtime, key);
  weighKey(runtime, hashed, dict.map.size);
  return dict.map.get(hashed);
}

/** The own keys and values of an object, in order. */
export function entriesOf(runtime: Runtime, dict: Dict): (readonly [string, Value])[] {
  runtime.spend(dict.map.size);
  return [...dict.map].map(([hashed, value]) => [String(dict.keyOf(hashed)), value] as const);
}
