/*
 * Reads single columns into values that the contract accepts, whatever another version, another program or a fault left
 * there: a row that was stored once is always readable, and never hides the others of its page. Needs no contract, because
 * lists of the command line are made without loading it.
 */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** True for what the contract takes as an id; a row without one cannot be asked for, so lists leave it out. */
export function isStoredId(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}

/** A text, also one that stands there as a number; '' for anything else. */
export function storedText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

/** The same, but null stays null. */
export function storedTextOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : storedText(value);
}

/** A whole number of at least `least` and at most `most`, or `fallback`. */
export function storedWhole<Fallback>(
  value: unknown,
  fallback: Fallback,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): number | Fallback {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most ? Number(value) : fallback;
}

/** One of the keys of `values`, or `fallback`. */
export function storedChoice<Value extends string>(
  value: unknown,
  values: Readonly<Record<Value, true>>,
  fallback: Value,
): Value {
  return typeof value === 'string' && Object.hasOwn(values, value) ? (value as Value) : fallback;
}

/** Parsed JSON; undefined when it is none. */
export function storedJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The texts in a JSON list. */
export function storedTexts(text: unknown): string[] {
  const value = storedJson(text);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A JSON object, or an empty one. */
export function storedObject(text: unknown): Record<string, unknown> {
  const value = storedJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
