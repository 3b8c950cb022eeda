import { Failure } from './diagnostics.ts';
import type { Runtime } from './execution/runtime.ts';
import { floatText } from './text/float-text.ts';
import { Dict, Tuple, type Value } from './values.ts';
import { weighDecimal } from './weigh.ts';

/** A value as `str()` prints it, which is what `{{ }}` shows. */
export function printValue(runtime: Runtime, value: Value): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      if (Number.isInteger(value)) return String(value);
      runtime.spend(4);
      return floatText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      weighDecimal(runtime, value);
      return value.toString();
  }
  if (value === null) return 'None';
  if (Array.isArray(value)) return reprValue(runtime, value);
  switch (value.kind) {
    case 'markup':
      return value.text;
    case 'undefined':
      if (runtime.strict && !value.isLenient) throw new Failure('undefined', value.reason);
      return '';
    case 'instance':
      return value.print(runtime);
    default:
      return reprValue(runtime, value);
  }
}

/** A value as Python's `repr()` shows it, as inside a printed list. */
export function reprValue(runtime: Runtime, value: Value): string {
  const writer = createWriter(runtime);
  writeRepr(runtime, value, writer.write, 0);
  return writer.text();
}

/** Collects pieces of one string within the limit of its length. */
export function createWriter(runtime: Runtime): {
  readonly write: (piece: string) => void;
  readonly text: () => string;
} {
  let text = '';
  return {
    write(piece) {
      runtime.scan(piece.length);
      text += piece;
      if (text.length > runtime.limits.string) throw runtime.exceeded('string');
    },
    text: () => {
      runtime.look(text.length);
      return text;
    },
  };
}

function writeRepr(runtime: Runtime, value: Value, write: (piece: string) => void, depth: number): void {
  if (typeof value === 'string') {
    write(quote(runtime, value));
    return;
  }
  if (value === null || typeof value !== 'object') {
    write(printValue(runtime, value));
    return;
  }
  runtime.step();
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  if (Array.isArray(value)) {
    writeItems(runtime, '[', value, ']', write, depth);
    return;
  }
  if (value instanceof Tuple) {
    writeItems(runtime, '(', value.items, value.items.length === 1 ? ',)' : ')', write, depth);
    return;
  }
  if (value instanceof Dict) {
    writeDict(runtime, value, write, depth);
    return;
  }
  switch (value.kind) {
    case 'dict-view':
      write(`dict_${value.shows}(`);
      writeItems(runtime, '[', viewItems(runtime, value.dict, value.shows), ']', write, depth + 1);
      write(')');
      return;
    case 'markup':
      write(`Markup(${quote(runtime, value.text)})`);
      return;
    case 'undefined':
      write('Undefined');
      return;
    case 'float':
      write(floatText(value.value));
      return;
    case 'range':
      write(`range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`);
      return;
    case 'generator':
      write(value.name);
      return;
    case 'callable':
      write(value.text);
      return;
    case 'instance':
      write(value.repr ?? value.print(runtime));
      return;
  }
}

function writeItems(
  runtime: Runtime,
  open: string,
  items: readonly Value[],
  close: string,
  write: (piece: string) => void,
  depth: number,
): void {
  write(open);
  items.forEach((item, index) => {
    if (index > 0) write(', ');
    runtime.step();
    writeRepr(runtime, item, write, depth + 1);
  });
  write(close);
}

function writeDict(runtime: Runtime, dict: Dict, write: (piece: string) => void, depth: number): void {
  write('{');
  let first = true;
  for (const [hashed, value] of dict.map) {
    if (!first) write(', ');
    first = false;
    runtime.step();
    writeRepr(runtime, dict.keyOf(hashed), write, depth + 1);
    write(': ');
    writeRepr(runtime, value, write, depth + 1);
  }
  write('}');
}

/** The current items of a dict view. */
export function viewItems(runtime: Runtime, dict: Dict, shows: 'keys' | 'values' | 'items'): Value[] {
  runtime.spend(shows === 'items' ? dict.map.size : dict.map.size >> 2);
  if (shows === 'values') return [...dict.map.values()];
  const items: Value[] = [];
  for (const [hashed, value] of dict.map) {
    const key = dict.keyOf(hashed);
    items.push(shows === 'keys' ? key : new Tuple([key, value]));
  }
  return items;
}

const plainText = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;
const escapedCharacters = /[\\\n\r\t]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** A string between quotes with Python's escapes. */
export function quote(runtime: Runtime, text: string): string {
  runtime.look(text.length);
  if (plainText.test(text)) return `'${text}'`;
  runtime.look(16 * text.length);
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(escapedCharacters, escapeCharacter);
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

/** `str`, `repr` or `ascii` of a value, as the letters of formats name them. */
export function convertText(runtime: Runtime, value: Value, letter: 's' | 'r' | 'a'): string {
  if (letter === 's') return printValue(runtime, value);
  const text = reprValue(runtime, value);
  if (letter === 'a') runtime.look(16 * text.length);
  return letter === 'r' ? text : text.replace(/[^\0-\x7f]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
