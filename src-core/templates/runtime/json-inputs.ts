import type { Json } from '../../contract/shared.ts';
import { Float } from './values.ts';

/** The original key order of objects whose keys JavaScript reorders. */
const orders = new WeakMap<object, readonly string[]>();

/** The keys of an object of inputs, in the order of its text where that is known. */
export function keysOf(data: object): readonly string[] {
  return orders.get(data) ?? Object.keys(data);
}

/**
 * Reads JSON text as Python does: `1.0` prints as `1.0`, long integers stay exact, and keys that are numbers stay where
 * they are. The result is for rendering only; it is not plain JSON any more.
 */
export function parseJsonInputs(text: string): Json {
  // Most texts need none of this, and parsing without a reviver is much faster.
  const movesKeys = /"[\d\\\uffff]/.test(text);
  if (!movesKeys && !/\d[.eE]|\d{16}/.test(text)) return JSON.parse(text) as Json;
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value === 'object' && value !== null) return movesKeys ? unmarked(value) : value;
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined || !Number.isInteger(value)) return value;
    if (/[.eE]/.test(source)) return new Float(value);
    // Python refuses longer ones too: reading them takes quadratic time.
    if (source.length > 4300) throw new SyntaxError(`A number has ${source.length} digits.`);
    return Number.isSafeInteger(value) ? value : BigInt(source);
  };
  return JSON.parse(movesKeys ? markKeys(text) : text, revive) as Json;
}

/** Prefix of keys that look like numbers, which JavaScript would move to the front. */
const mark = '\uffff';
const strings = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function markKeys(text: string): string {
  return text.replace(strings, (string, colon?: string) => {
    return colon !== undefined && /^"[\d\\\uffff]/.test(string) ? `"${mark}${string.slice(1)}` : string;
  });
}

/** An object with the keys that its text had. */
function unmarked(value: object): object {
  if (Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (!entries.some(([key]) => key.startsWith(mark))) return value;
  const plain = entries.map(([key, item]) => [key.startsWith(mark) ? key.slice(1) : key, item] as const);
  const restored = Object.fromEntries(plain);
  orders.set(
    restored,
    plain.map(([key]) => key),
  );
  return restored;
}
