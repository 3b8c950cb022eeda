import { toDouble } from '../../runtime/arithmetic.ts';
import { order } from '../../runtime/compare.ts';
import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { createWriter, printValue } from '../../runtime/print.ts';
import { floatText } from '../../runtime/text/float-text.ts';
import { Dict, isFloat, isNumber, Tuple, textOf, typeName, Undefined, type Value } from '../../runtime/values.ts';

/** How JSON is written; the separators are Python's. */
export interface JsonStyle {
  readonly indent: string | null;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly sortKeys: boolean;
  /** Whether everything beyond ASCII is escaped. */
  readonly ascii: boolean;
}

/** JSON as Python's `json.dumps` writes it. */
export function toJson(runtime: Runtime, value: Value, style: JsonStyle): string {
  const writer = createWriter(runtime);
  writeJson(runtime, value, style, writer.write, '\n', 0);
  return writer.text();
}

function writeJson(
  runtime: Runtime,
  value: Value,
  style: JsonStyle,
  write: (piece: string) => void,
  line: string,
  depth: number,
): void {
  runtime.step();
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  const scalar = scalarJson(runtime, value, style);
  if (scalar !== null) {
    write(scalar);
    return;
  }
  if (Array.isArray(value) || value instanceof Tuple) {
    const items = Array.isArray(value) ? value : value.items;
    writeGroup('[', items, ']', style, write, line, (item, inner) => {
      writeJson(runtime, item, style, write, inner, depth + 1);
    });
    return;
  }
  if (value instanceof Undefined) throw new Failure('undefined', `${value.reason} JSON cannot hold it.`);
  if (!(value instanceof Dict)) throw typeFailure(`JSON cannot hold a ${typeName(value)}.`);
  writeGroup('{', entriesOf(runtime, value, style), '}', style, write, line, ([key, entry], inner) => {
    write(jsonText(runtime, key, style.ascii) + style.keySeparator);
    writeJson(runtime, entry, style, write, inner, depth + 1);
  });
}

function writeGroup<Item>(
  open: string,
  items: readonly Item[],
  close: string,
  style: JsonStyle,
  write: (piece: string) => void,
  line: string,
  writeItem: (item: Item, line: string) => void,
): void {
  if (items.length === 0) {
    write(open + close);
    return;
  }
  const inner = style.indent === null ? '' : line + style.indent;
  write(open + inner);
  items.forEach((item, index) => {
    if (index > 0) write(style.itemSeparator + inner);
    writeItem(item, inner);
  });
  write((style.indent === null ? '' : line) + close);
}

function scalarJson(runtime: Runtime, value: Value, style: JsonStyle): string | null {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isNumber(value)) return numberJson(runtime, value);
  const text = textOf(value);
  return text === null ? null : jsonText(runtime, text, style.ascii);
}

function numberJson(runtime: Runtime, value: Value): string {
  if (!isFloat(value)) return printValue(runtime, value);
  const double = toDouble(value);
  if (Number.isFinite(double)) return floatText(double);
  return Number.isNaN(double) ? 'NaN' : double < 0 ? '-Infinity' : 'Infinity';
}

function entriesOf(runtime: Runtime, dict: Dict, style: JsonStyle): readonly (readonly [string, Value])[] {
  runtime.spend(dict.map.size);
  const keys = [...dict.map].map(([hashed, value]) => ({ key: dict.keyOf(hashed), value }));
  if (style.sortKeys) {
    const texts = keys.filter(({ key }) => textOf(key) !== null).length;
    const numbers = keys.filter(({ key }) => isNumber(key)).length;
    if (texts !== keys.length && numbers !== keys.length)
      throw typeFailure('JSON with sorted keys needs keys of one type.');
    keys.sort((a, b) => {
      runtime.step();
      return order(runtime, a.key, b.key);
    });
  }
  return keys.map(({ key, value }) => [keyText(runtime, key), value] as const);
}

function keyText(runtime: Runtime, key: Value): string {
  const text = textOf(key);
  if (text !== null) return text;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  if (isNumber(key)) return numberJson(runtime, key);
  throw typeFailure(`A ${typeName(key)} cannot be a key of JSON.`);
}

const plainJson = /^[\x20\x21\x23-\x5b\x5d-\x7f]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes these.
const escaped = /["\\\x00-\x1f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: everything beyond ASCII is escaped.
const escapedAscii = /["\\\x00-\x1f\x80-\uffff]/g;
const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

/** How much longer the escape of a character is than the character. */
function growth(unit: number, ascii: boolean): number {
  if (unit === 0x22 || unit === 0x5c || unit === 0x0a || unit === 0x0d || unit === 0x09) return 1;
  if (unit === 0x0c || unit === 0x08) return 1;
  return unit < 0x20 || (ascii && unit > 0x7f) ? 5 : 0;
}

/** A text as JSON writes it. */
export function jsonText(runtime: Runtime, text: string, ascii: boolean): string {
  runtime.look(text.length);
  if (plainJson.test(text)) return `"${text}"`;
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) length += growth(text.charCodeAt(at), ascii);
  runtime.fits(length);
  // Each escape takes as long as reading about a hundred characters.
  runtime.look(text.length + 32 * (length - text.length));
  const body = text.replace(ascii ? escapedAscii : escaped, (character) => {
    return shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${body}"`;
}
