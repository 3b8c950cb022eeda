import { order } from '../../runtime/compare.ts';
import { setEntry } from '../../runtime/dict-keys.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { createWriter, quote, reprValue } from '../../runtime/print.ts';
import { blankClass, codePointLength, splitLines } from '../../runtime/text/characters.ts';
import { Dict, isNumber, Tuple, textOf, typeName, type Value } from '../../runtime/values.ts';

interface Printer {
  readonly runtime: Runtime;
  readonly write: (piece: string) => void;
}

const width = 80;
/** A word with the blanks behind it. */
const words = new RegExp(`[^${blankClass}]*[${blankClass}]*`, 'gu');

/** Python's `pprint.pformat`: lines of at most 80 characters, sorted keys. */
export function prettyPrint(runtime: Runtime, value: Value): string {
  const writer = createWriter(runtime);
  format({ runtime, write: writer.write }, value, 0, 0, 0);
  return writer.text();
}

/** Writes a value at a column; `allowance` is what must still fit behind it on its last line. */
function format(printer: Printer, value: Value, column: number, allowance: number, depth: number): void {
  const { runtime, write } = printer;
  runtime.step();
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  const plain = reprValue(runtime, sortedDeep(runtime, value, 0));
  if (codePointLength(plain) <= width - column - allowance) {
    write(plain);
    return;
  }
  if (value instanceof Dict && value.map.size > 0) {
    formatDict(printer, value, column, allowance, depth);
    return;
  }
  if (Array.isArray(value) && value.length > 0) {
    formatItems(printer, '[', value, ']', column, allowance, depth);
    return;
  }
  if (value instanceof Tuple && value.items.length > 0) {
    formatItems(printer, '(', value.items, value.items.length === 1 ? ',)' : ')', column, allowance, depth);
    return;
  }
  if (typeof value === 'string' && value !== '') {
    formatText(printer, value, column, allowance, depth);
    return;
  }
  write(plain);
}

function formatDict(printer: Printer, dict: Dict, column: number, allowance: number, depth: number): void {
  printer.write('{');
  const entries = sortedEntries(printer.runtime, dict);
  entries.forEach(([key, value], index) => {
    const shown = reprValue(printer.runtime, key);
    printer.write(`${shown}: `);
    const isLast = index === entries.length - 1;
    format(printer, value, column + 1 + codePointLength(shown) + 2, isLast ? allowance + 1 : 1, depth + 1);
    if (!isLast) printer.write(`,\n${' '.repeat(column + 1)}`);
  });
  printer.write('}');
}

function formatItems(
  printer: Printer,
  open: string,
  items: readonly Value[],
  close: string,
  column: number,
  allowance: number,
  depth: number,
): void {
  printer.write(open);
  items.forEach((item, index) => {
    const isLast = index === items.length - 1;
    format(printer, item, column + 1, isLast ? allowance + close.length : 1, depth + 1);
    if (!isLast) printer.write(`,\n${' '.repeat(column + 1)}`);
  });
  printer.write(close);
}

/** Long text becomes several literals, broken at blanks; only the outermost gets brackets. */
function formatText(printer: Printer, text: string, column: number, allowance: number, depth: number): void {
  const isOutermost = depth === 0;
  const at = isOutermost ? column + 1 : column;
  const pieces = textPieces(printer.runtime, text, at, isOutermost ? allowance + 1 : allowance);
  if (pieces.length === 1) {
    printer.write(pieces[0]!);
    return;
  }
  if (isOutermost) printer.write('(');
  pieces.forEach((piece, index) => {
    printer.write(index === 0 ? piece : `\n${' '.repeat(at)}${piece}`);
  });
  if (isOutermost) printer.write(')');
}

function textPieces(runtime: Runtime, text: string, column: number, allowance: number): string[] {
  const pieces: string[] = [];
  const lines = splitLines(runtime, text, true);
  lines.forEach((line, index) => {
    const isLastLine = index === lines.length - 1;
    const shown = quote(runtime, line);
    if (codePointLength(shown) <= width - column - (isLastLine ? allowance : 0)) {
      pieces.push(shown);
      return;
    }
    const parts = line.match(words) ?? [];
    if (parts.at(-1) === '') parts.pop();
    let current = '';
    parts.forEach((part, at) => {
      runtime.step();
      const candidate = current + part;
      const room = width - column - (at === parts.length - 1 && isLastLine ? allowance : 0);
      runtime.look(candidate.length);
      if (codePointLength(quote(runtime, candidate)) > room) {
        if (current !== '') pieces.push(quote(runtime, current));
        current = part;
      } else current = candidate;
    });
    if (current !== '') pieces.push(quote(runtime, current));
  });
  return pieces;
}

function sortedEntries(runtime: Runtime, dict: Dict): (readonly [Value, Value])[] {
  const entries = [...dict.map].map(([hashed, value]) => [dict.keyOf(hashed), value] as const);
  return entries.sort(([a], [b]) => {
    runtime.step();
    return safeOrder(runtime, a, b);
  });
}

/** Keys of different types are ordered by the names of their types. */
function safeOrder(runtime: Runtime, a: Value, b: Value): number {
  const isComparable =
    (isNumber(a) && isNumber(b)) ||
    (textOf(a) !== null && textOf(b) !== null) ||
    (a instanceof Tuple && b instanceof Tuple);
  if (isComparable) return order(runtime, a, b);
  return typeName(a) < typeName(b) ? -1 : typeName(a) > typeName(b) ? 1 : 0;
}

/** A copy whose dicts are sorted, for printing on one line. */
function sortedDeep(runtime: Runtime, value: Value, depth: number): Value {
  runtime.step();
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  if (Array.isArray(value)) return value.map((item) => sortedDeep(runtime, item, depth + 1));
  if (value instanceof Tuple) return new Tuple(value.items.map((item) => sortedDeep(runtime, item, depth + 1)));
  if (!(value instanceof Dict)) return value;
  const sorted = new Dict();
  for (const [key, item] of sortedEntries(runtime, value)) {
    setEntry(runtime, sorted, key, sortedDeep(runtime, item, depth + 1));
  }
  return sorted;
}
