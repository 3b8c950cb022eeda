import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import { hashKey } from '../../runtime/dict-keys.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { createWriter } from '../../runtime/print.ts';
import { includesText } from '../../runtime/text/text-search.ts';
import { Dict, Markup, Undefined, type Value } from '../../runtime/values.ts';

/** JavaScript's `undefined`. */
export const nothing = new Undefined('The value is undefined.');

/** A value that may be missing; `null` is a value. */
export function orNothing(value: Value | undefined): Value {
  return value === undefined ? nothing : value;
}

export function isNothing(value: Value): value is Undefined {
  return value instanceof Undefined;
}

/** `undefined` or `null`. */
export function isNullish(value: Value): boolean {
  return value === null || value instanceof Undefined;
}

/** Whether a value is truthy in JavaScript: lists, objects and macro results always are. */
export function isTruthy(value: Value): boolean {
  if (value === null || value instanceof Undefined) return false;
  return typeof value === 'object' ? true : Boolean(value);
}

/** The name of a value's type for messages. */
export function kindName(value: Value): string {
  if (value === null) return 'null';
  if (isNothing(value)) return 'undefined';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'number':
    case 'bigint':
      return 'a number';
    case 'boolean':
      return String(value);
    default:
      if (value instanceof Markup) return 'a text';
      if (value.kind === 'instance' && value.type === 'regex') return 'a regular expression';
      return value instanceof Dict ? 'an object' : value.kind === 'callable' ? 'a function' : 'an object';
  }
}

/** A text, or the escaped text of a macro; null for anything else. */
export function textIn(value: Value): string | null {
  if (typeof value === 'string') return value;
  return value instanceof Markup ? value.text : null;
}

/** A value as `String(value)`; a list as its items with commas between them. */
export function toText(runtime: Runtime, value: Value): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const writer = createWriter(runtime);
    writeItems(runtime, value, ',', writer.write, 0);
    return writer.text();
  }
  return scalarText(runtime, value);
}

/** A value as the output shows it, where `undefined` and `null` show nothing. */
export function toOutput(runtime: Runtime, value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (value instanceof Undefined) {
    if (runtime.strict) throw new Failure('undefined', value.reason);
    return '';
  }
  return toText(runtime, value);
}

function scalarText(runtime: Runtime, value: Exclude<Value, Value[]>): string {
  if (value === null || typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'undefined':
      return 'undefined';
    case 'markup':
      return value.text;
    case 'float':
      return String(value.value);
    case 'callable':
      return '[object Function]';
    case 'instance':
      return value.type === 'regex' ? value.print(runtime) : '[object Object]';
    default:
      return '[object Object]';
  }
}

/** The items of a list with a separator, as `list.join(separator)`. */
export function joinItems(runtime: Runtime, items: readonly Value[], separator: string): string {
  const writer = createWriter(runtime);
  writeItems(runtime, items, separator, writer.write, 0);
  return writer.text();
}

function writeItems(
  runtime: Runtime,
  items: readonly Value[],
  separator: string,
  write: (piece: string) => void,
  depth: number,
): void {
  if (depth > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  for (let index = 0; index < items.length; index += 1) {
    runtime.step();
    if (index > 0) write(separator);
    const item = items[index]!;
    if (Array.isArray(item)) writeItems(runtime, item, ',', write, depth + 1);
    else if (!isNullish(item)) write(scalarText(runtime, item));
  }
}

/** `Number(value)`. */
export function toNumber(runtime: Runtime, value: Value): number {
  if (typeof value === 'number') return value;
  if (value === null) return 0;
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
      return Number(value);
    case 'string':
      runtime.look(value.length);
      return Number(value);
  }
  if (value instanceof Undefined || value instanceof Dict) return Number.NaN;
  const text = toText(runtime, value);
  runtime.look(text.length);
  return Number(text);
}

/** A value as a primitive, as operators convert it: lists, objects and macro results become text. */
function primitive(runtime: Runtime, value: Value): string | number | boolean | null | Undefined {
  if (value === null || value instanceof Undefined) return value;
  switch (typeof value) {
    case 'bigint':
      return Number(value);
    case 'object':
      return toText(runtime, value);
    default:
      return value;
  }
}

/** `left + right`. */
export function add(runtime: Runtime, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  const [a, b] = [primitive(runtime, left), primitive(runtime, right)];
  if (typeof a !== 'string' && typeof b !== 'string') return toNumber(runtime, a) + toNumber(runtime, b);
  return joined(runtime, toText(runtime, a), toText(runtime, b));
}

/** `left + '' + right`. */
export function concatenate(runtime: Runtime, left: Value, right: Value): string {
  return joined(runtime, toText(runtime, left), toText(runtime, right));
}

function joined(runtime: Runtime, left: string, right: string): string {
  runtime.fits(left.length + right.length);
  return left + right;
}

/** One step of arithmetic. */
export function calculate(runtime: Runtime, operator: string, left: Value, right: Value): Value {
  if (operator === '+') return add(runtime, left, right);
  const [a, b] = [toNumber(runtime, left), toNumber(runtime, right)];
  switch (operator) {
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a % b;
    default:
      return a ** b;
  }
}

/** `left === right`. */
export function isSame(runtime: Runtime, left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false;
    runtime.scan(left.length);
    return left === right;
  }
  return left === right || (isNothing(left) && isNothing(right));
}

/** `left == right`. */
function isLike(runtime: Runtime, left: Value, right: Value): boolean {
  if (isNullish(left) || isNullish(right)) return isNullish(left) && isNullish(right);
  const [isObject, isOther] = [typeof left === 'object', typeof right === 'object'];
  if (isObject && isOther) return left === right;
  const [a, b] = [primitive(runtime, left), primitive(runtime, right)];
  if (typeof a === typeof b) return isSame(runtime, a, b);
  return toNumber(runtime, a) === toNumber(runtime, b);
}

/** One comparison; texts are compared with texts unit by unit, everything else as numbers. */
export function compare(runtime: Runtime, operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '===':
      return isSame(runtime, left, right);
    case '!==':
      return !isSame(runtime, left, right);
    case '==':
      return isLike(runtime, left, right);
    case '!=':
      return !isLike(runtime, left, right);
    case 'in':
      return isIn(runtime, left, right);
    default:
      return isOrdered(runtime, operator, left, right);
  }
}

function isOrdered(runtime: Runtime, operator: string, left: Value, right: Value): boolean {
  let [a, b] = [primitive(runtime, left), primitive(runtime, right)];
  if (typeof a !== 'string' || typeof b !== 'string') [a, b] = [toNumber(runtime, a), toNumber(runtime, b)];
  else runtime.scan(Math.min(a.length, b.length));
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

/** Whether a list or text has an item or part, or an object a key of its own. */
function isIn(runtime: Runtime, key: Value, container: Value): boolean {
  if (Array.isArray(container)) return indexIn(runtime, container, key) !== -1;
  if (typeof container === 'string') return includesText(runtime, container, toText(runtime, key));
  if (container instanceof Dict) return container.map.has(hashKey(runtime, toText(runtime, key)));
  if (
    container !== null &&
    typeof container === 'object' &&
    container.kind === 'instance' &&
    container.type !== 'regex'
  )
    return container.attribute(toText(runtime, key), runtime) !== undefined;
  if (container instanceof Markup) return false;
  throw typeFailure(`"in" looks into lists, texts and objects, but got ${kindName(container)}.`);
}

/** `list.indexOf(item, from)`. */
export function indexIn(runtime: Runtime, list: readonly Value[], item: Value, from = 0): number {
  for (let index = from; index < list.length; index += 1) {
    runtime.step();
    if (isSame(runtime, list[index]!, item)) return index;
  }
  return -1;
}
