import { typeFailure } from '../../runtime/diagnostics.ts';
import { getEntry } from '../../runtime/dict-keys.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { formatValue } from '../../runtime/format-spec.ts';
import { convertText, createWriter, quote } from '../../runtime/print.ts';
import type { Dict, Named, Value } from '../../runtime/values.ts';
import { findAttribute, findItem } from './access.ts';

interface Source {
  readonly args: readonly Value[];
  readonly named: (name: string) => Value | undefined;
  /** The next automatic index; -1 once an explicit index was used. */
  automatic: number;
}

/** Where the path of a field ends: at the first "!" or ":" outside square brackets. */
function endOfPath(field: string): number {
  let inBrackets = false;
  for (let at = 0; at < field.length; at += 1) {
    const character = field[at];
    if (character === '[') inBrackets = true;
    else if (character === ']') inBrackets = false;
    else if (!inBrackets && (character === '!' || character === ':')) return at;
  }
  return field.length;
}

/** Python's `str.format`. */
export function formatBraces(runtime: Runtime, format: string, args: readonly Value[], named: Named): string {
  return render(runtime, format, { args, named: (name) => named?.get(name), automatic: 0 }, 0);
}

/** Python's `str.format_map`. */
export function formatMap(runtime: Runtime, format: string, values: Dict): string {
  return render(runtime, format, { args: [], named: (name) => getEntry(runtime, values, name), automatic: 0 }, 0);
}

function render(runtime: Runtime, format: string, source: Source, depth: number): string {
  if (depth > 2) throw typeFailure('A format has too many braces inside each other.');
  const writer = createWriter(runtime);
  let at = 0;
  while (at < format.length) {
    const brace = nextBrace(format, at);
    writer.write(format.slice(at, brace));
    if (brace === format.length) break;
    runtime.spend(8);
    if (format[brace + 1] === format[brace]) {
      writer.write(format[brace]!);
      at = brace + 2;
      continue;
    }
    if (format[brace] === '}') throw typeFailure('A format has a single "}"; write "}}" for a brace.');
    const end = closingBrace(format, brace);
    runtime.look(4 * (end - brace));
    writer.write(renderField(runtime, format.slice(brace + 1, end), source, depth));
    at = end + 1;
  }
  return writer.text();
}

function nextBrace(format: string, from: number): number {
  let at = from;
  while (at < format.length && format[at] !== '{' && format[at] !== '}') at += 1;
  return at;
}

function closingBrace(format: string, open: number): number {
  let depth = 0;
  let inBrackets = false;
  for (let at = open; at < format.length; at += 1) {
    const character = format[at];
    if (character === '[') inBrackets = true;
    else if (character === ']') inBrackets = false;
    else if (inBrackets) continue;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw typeFailure('A format has a "{" that is never closed.');
}

function renderField(runtime: Runtime, field: string, source: Source, depth: number): string {
  const pathEnd = endOfPath(field);
  const path = field.slice(0, pathEnd);
  const conversionLetter = field[pathEnd] === '!' ? (field[pathEnd + 1] ?? '') : undefined;
  const specAt = conversionLetter === undefined ? pathEnd : pathEnd + 2;
  if (specAt < field.length && field[specAt] !== ':') {
    throw typeFailure(`"{${field.slice(0, 40)}}" is not a format field.`);
  }
  const spec = field.slice(specAt + 1);
  const value = lookUp(runtime, path, source);
  const shown = conversionLetter === undefined ? value : convert(runtime, value, conversionLetter);
  return formatValue(runtime, shown, spec.includes('{') ? render(runtime, spec, source, depth + 1) : spec);
}

function convert(runtime: Runtime, value: Value, letter: string): string {
  if (letter === 'r' || letter === 's' || letter === 'a') return convertText(runtime, value, letter);
  throw typeFailure(`"!${letter}" is not a conversion; there are "!s" and "!r".`);
}

const pathStep = /\.([^.[]+)|\[([^\]]+)\]/y;

function lookUp(runtime: Runtime, path: string, source: Source): Value {
  const first = /^[^.[]*/.exec(path)![0];
  let value = firstValue(runtime, first, source);
  let at = first.length;
  while (at < path.length) {
    pathStep.lastIndex = at;
    const step = pathStep.exec(path);
    if (step === null) throw typeFailure(`"${path.slice(0, 40)}" is not a path of a format field.`);
    const [whole, attribute, key = ''] = step;
    runtime.step();
    const found =
      attribute === undefined
        ? findItem(runtime, value, /^\d+$/.test(key) ? Number(key) : key)
        : findAttribute(runtime, value, attribute);
    if (found === undefined) throw typeFailure(`The format wants "${path.slice(0, 80)}", which is not there.`);
    value = found;
    at += whole.length;
  }
  return value;
}

function firstValue(runtime: Runtime, name: string, source: Source): Value {
  if (name === '' || /^\d+$/.test(name)) return positional(name, source);
  const value = source.named(name);
  if (value === undefined) throw typeFailure(`The format wants ${quote(runtime, name)}, which is not given.`);
  return value;
}

function positional(name: string, source: Source): Value {
  const isAutomatic = name === '';
  if (isAutomatic ? source.automatic === -1 : source.automatic > 0) {
    throw typeFailure('A format either numbers all its fields or none.');
  }
  const index = isAutomatic ? source.automatic : Number(name);
  source.automatic = isAutomatic ? source.automatic + 1 : -1;
  const value = source.args[index];
  if (value === undefined) throw typeFailure('The format has more fields than there are values.');
  return value;
}
