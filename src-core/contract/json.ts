/** An object of data: without a class, or from another realm's literal. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Why a value is no JSON, as the rest of a sentence; null when it is. Data may nest as deep as its reader takes. */
export function faultInJson(value: unknown): string | null {
  const waiting: { readonly place: string; readonly value: unknown }[] = [{ place: 'it', value }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { place } = next;
    const item = next.value;
    if (item === null || typeof item === 'string' || typeof item === 'boolean') continue;
    if (typeof item === 'number') {
      if (Number.isFinite(item)) continue;
      return `${place} is ${item}`;
    }
    if (Array.isArray(item))
      for (const one of item) waiting.push({ place: `an item of ${place}`.slice(-100), value: one });
    else if (isPlainObject(item))
      for (const key of Object.keys(item)) waiting.push({ place: `"${key.slice(0, 80)}"`, value: item[key] });
    else return `${place} is ${typeof item === 'object' ? 'an object of another kind' : `of type ${typeof item}`}`;
  }
  return null;
}

/** What a record holds under a name as its own; a name like "constructor" finds nothing else. */
export function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
