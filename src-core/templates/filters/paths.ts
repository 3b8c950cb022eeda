import { getItem } from '../access.ts';
import type { Runtime } from '../runtime.ts';
import { textOf, Undefined, type Value } from '../values.ts';

export type Getter = (item: Value) => Value;

/** Finds `user.name`, `0` or `items.0.id` in an item; with `fallback`, whatever is undefined on the way becomes that. */
export function pathGetter(runtime: Runtime, path: Value, fallback: Value | undefined, ignoresCase: boolean): Getter {
  const parts = pathParts(path);
  return (item) => {
    let found = item;
    for (const part of parts) {
      runtime.step();
      found = getItem(runtime, found, part);
      if (fallback !== undefined && fallback !== null && found instanceof Undefined) found = fallback;
    }
    return ignoresCase ? lowered(found) : found;
  };
}

/** The getters of paths with commas between them, as `sort` takes. */
export function pathGetters(runtime: Runtime, paths: Value, ignoresCase: boolean): readonly Getter[] {
  const text = textOf(paths);
  const each: readonly Value[] = text === null ? [paths] : text.split(',');
  return each.map((path) => pathGetter(runtime, path, undefined, ignoresCase));
}

function pathParts(path: Value): readonly Value[] {
  if (path === null) return [];
  const text = textOf(path);
  if (text === null) return [path];
  return text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function lowered(value: Value): Value {
  const text = textOf(value);
  return text === null ? value : text.toLowerCase();
}
