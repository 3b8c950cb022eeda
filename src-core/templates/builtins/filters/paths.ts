import type { Runtime } from '../../runtime/execution/runtime.ts';
import { splitText } from '../../runtime/text/text-search.ts';
import { textOf, Undefined, type Value } from '../../runtime/values.ts';
import { getItem } from '../methods/access.ts';

export type Getter = (item: Value) => Value;

/** Finds `user.name`, `0` or `items.0.id` in an item; with `fallback`, whatever is undefined on the way becomes that. */
export function pathGetter(runtime: Runtime, path: Value, fallback: Value | undefined, ignoresCase: boolean): Getter {
  const parts = pathParts(runtime, path);
  return (item) => {
    let found = item;
    for (const part of parts) {
      runtime.step();
      found = getItem(runtime, found, part);
      if (fallback !== undefined && fallback !== null && found instanceof Undefined) found = fallback;
    }
    return ignoresCase ? lowered(runtime, found) : found;
  };
}

/** The getters of paths with commas between them, as `sort` takes. */
export function pathGetters(runtime: Runtime, paths: Value, ignoresCase: boolean): readonly Getter[] {
  const text = textOf(paths);
  const each: readonly Value[] = text === null ? [paths] : splitText(runtime, text, ',', -1);
  return each.map((path) => pathGetter(runtime, path, undefined, ignoresCase));
}

function pathParts(runtime: Runtime, path: Value): readonly Value[] {
  if (path === null) return [];
  const text = textOf(path);
  if (text === null) return [path];
  return splitText(runtime, text, '.', -1).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function lowered(runtime: Runtime, value: Value): Value {
  const text = textOf(value);
  if (text === null) return value;
  runtime.look(text.length);
  return text.toLowerCase();
}
