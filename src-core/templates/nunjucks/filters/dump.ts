import { jsonText } from '../../builtins/filters/json.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { createWriter } from '../../runtime/print.ts';
import { Dict, Markup, type Value } from '../../runtime/values.ts';
import { isNothing, nothing } from '../meaning/meaning.ts';
import { entriesOf, makeObject } from '../meaning/objects.ts';
import { type Apply, at } from './filter.ts';

/** `JSON.stringify(value, null, spaces)`. */
export const dump: Apply = (runtime, value, args) => {
  if (!isJson(value)) return nothing;
  const writer = createWriter(runtime);
  write(runtime, value, indentOf(at(args, 0)), writer.write, '\n', 0);
  return writer.text();
};

function indentOf(spaces: Value): string {
  if (typeof spaces === 'number') return ' '.repeat(Math.min(10, Math.max(0, Math.trunc(spaces) || 0)));
  return typeof spaces === 'string' ? spaces.slice(0, 10) : '';
}

/** Lone surrogates are escaped, as in JavaScript. */
function quoted(runtime: Runtime, text: string): string {
  const json = jsonText(runtime, text, false);
  return json.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/** Whether a value is JSON; functions and `undefined` are left out of objects and are `null` in lists. */
function isJson(value: Value): boolean {
  return (
    !isNothing(value) && !(typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'callable')
  );
}

function write(
  runtime: Runtime,
  value: Value,
  indent: string,
  put: (piece: string) => void,
  line: string,
  depth: number,
): void {
  runtime.step();
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  if (typeof value === 'string') put(quoted(runtime, value));
  else if (typeof value === 'number') put(Number.isFinite(value) ? String(value) : 'null');
  else if (Array.isArray(value)) {
    writeGroup('[', value, ']', indent, put, line, (item, inner) => {
      if (isJson(item)) write(runtime, item, indent, put, inner, depth + 1);
      else put('null');
    });
  } else if (value === null || typeof value !== 'object') put(String(value));
  else {
    const entries = entriesOf(runtime, objectOf(runtime, value)).filter(([, item]) => isJson(item));
    writeGroup('{', entries, '}', indent, put, line, ([key, item], inner) => {
      put(`${quoted(runtime, key)}:${indent === '' ? '' : ' '}`);
      write(runtime, item, indent, put, inner, depth + 1);
    });
  }
}

/** The result of a macro is an object with its text; other objects have no members. */
function objectOf(runtime: Runtime, value: Value): Dict {
  if (value instanceof Dict) return value;
  if (!(value instanceof Markup)) return new Dict();
  return makeObject(runtime, [
    ['val', value.text],
    ['length', value.text.length],
  ]);
}

function writeGroup<Item>(
  open: string,
  items: readonly Item[],
  close: string,
  indent: string,
  put: (piece: string) => void,
  line: string,
  writeItem: (item: Item, line: string) => void,
): void {
  if (items.length === 0) {
    put(open + close);
    return;
  }
  const inner = indent === '' ? '' : line + indent;
  put(open + inner);
  for (const [index, item] of items.entries()) {
    if (index > 0) put(`,${inner}`);
    writeItem(item, inner);
  }
  put((indent === '' ? '' : line) + close);
}
