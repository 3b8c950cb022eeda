import type { BinaryOperator } from '../syntax/nodes.ts';
import { Failure, typeFailure } from './diagnostics.ts';
import type { Runtime } from './execution/runtime.ts';
import { formatPercent } from './percent-format.ts';
import { escapeHtml } from './text/html.ts';
import {
  Float,
  isFloat,
  isInteger,
  isNumber,
  Markup,
  makeFloat,
  makeInteger,
  Tuple,
  textOf,
  typeName,
  Undefined,
  type Value,
} from './values.ts';
import { weighInteger } from './weigh.ts';

const largestExact = 2 ** 53 - 1;

/** The value of `left operator right` as Python computes it. */
export function calculate(runtime: Runtime, operator: BinaryOperator, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const quick = quickNumber(operator, left, right);
    if (quick !== null) return quick;
  }
  if (left instanceof Undefined) throw new Failure('undefined', left.reason);
  if (right instanceof Undefined && !(operator === '%' && textOf(left) !== null))
    throw new Failure('undefined', right.reason);
  if (isNumber(left) && isNumber(right)) return calculateNumbers(runtime, operator, left, right);
  const other = calculateSequences(runtime, operator, left, right);
  if (other !== null) return other;
  const joinHint =
    operator === '+' && (textOf(left) ?? textOf(right)) !== null ? 'Use "~" to join values as text.' : undefined;
  throw new Failure('type', `"${operator}" does not work between ${typeName(left)} and ${typeName(right)}.`, joinHint);
}

function quickNumber(operator: BinaryOperator, left: number, right: number): Value | null {
  if (operator !== '+' && operator !== '-' && operator !== '*') return null;
  const result = operator === '+' ? left + right : operator === '-' ? left - right : left * right;
  if (!Number.isInteger(left) || !Number.isInteger(right)) return makeFloat(result);
  // Adding 0 turns -0, which Python integers do not have, into 0.
  return result >= -largestExact && result <= largestExact ? result + 0 : null;
}

function calculateNumbers(runtime: Runtime, operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '/') {
    const isLong = typeof left === 'bigint' || typeof right === 'bigint';
    if (isLong && isInteger(left) && isInteger(right)) return divideLong(runtime, toBigInt(left), toBigInt(right));
    return divide(toDouble(left), toDouble(right));
  }
  if (isFloat(left) || isFloat(right)) return calculateFloats(operator, toDouble(left), toDouble(right));
  const a = toBigInt(left);
  const b = toBigInt(right);
  weighInteger(runtime, a);
  weighInteger(runtime, b);
  switch (operator) {
    case '+':
      return boundedInteger(runtime, a + b);
    case '-':
      return boundedInteger(runtime, a - b);
    case '*':
      checkBits(runtime, bitLength(a) + bitLength(b) - 1);
      return makeInteger(a * b);
    case '**':
      return power(runtime, a, b);
    default: {
      if (b === 0n) throw typeFailure('An integer cannot be divided by zero.');
      const remainder = floorRemainder(a, b);
      return makeInteger(operator === '%' ? remainder : (a - remainder) / b);
    }
  }
}

function floorRemainder(a: bigint, b: bigint): bigint {
  const remainder = a % b;
  return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
}

function boundedInteger(runtime: Runtime, value: bigint): Value {
  const result = makeInteger(value);
  if (typeof result === 'bigint') checkBits(runtime, bitLength(result));
  return result;
}

function checkBits(runtime: Runtime, bits: number): void {
  if (bits > runtime.limits.integer) throw runtime.exceeded('integer');
}

/** The number of binary digits of an integer's size. */
export function bitLength(value: bigint): number {
  const size = value < 0n ? -value : value;
  if (size === 0n) return 0;
  const hex = size.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)));
}

function power(runtime: Runtime, base: bigint, exponent: bigint): Value {
  if (exponent < 0n) {
    if (base === 0n) throw typeFailure('Zero has no negative power.');
    return makeFloat(Number(base) ** Number(exponent));
  }
  if (base !== 0n && base !== 1n && base !== -1n) {
    const bits = Number(exponent) * (bitLength(base) - 1);
    checkBits(runtime, bits);
    runtime.spend(bits >> 5);
    return makeInteger(base ** exponent);
  }
  return makeInteger(exponent % 2n === 0n && base === -1n ? 1n : exponent === 0n ? 1n : base);
}

function divide(a: number, b: number): Value {
  if (b === 0) throw typeFailure('A number cannot be divided by zero.');
  return makeFloat(a / b);
}

/** The float nearest to the quotient of integers that floats may not hold. */
function divideLong(runtime: Runtime, a: bigint, b: bigint): Value {
  if (b === 0n) throw typeFailure('A number cannot be divided by zero.');
  weighInteger(runtime, a);
  weighInteger(runtime, b);
  // 66 or 67 bits of the quotient, with the last one set for a remainder, round like the whole quotient.
  const shift = bitLength(a) - bitLength(b) - 66;
  const [top, bottom] = shift < 0 ? [a << BigInt(-shift), b] : [a, b << BigInt(shift)];
  const whole = top / bottom;
  const digits = (whole < 0n ? -whole : whole) | (top % bottom === 0n ? 0n : 1n);
  const sign = a < 0n === b < 0n ? 1 : -1;
  const quotient = sign * Number(digits) * 2 ** Math.max(shift, -1000) * 2 ** Math.min(0, shift + 1000);
  if (!Number.isFinite(quotient)) throw typeFailure('The result of "/" is too large for a float.');
  return makeFloat(quotient);
}

function calculateFloats(operator: BinaryOperator, a: number, b: number): Value {
  switch (operator) {
    case '+':
      return makeFloat(a + b);
    case '-':
      return makeFloat(a - b);
    case '*':
      return makeFloat(a * b);
    case '**':
      return floatPower(a, b);
    default:
      if (b === 0) throw typeFailure('A number cannot be divided by zero.');
      return makeFloat(operator === '%' ? floatRemainder(a, b) : floatFloor(a, b));
  }
}

function floatPower(a: number, b: number): Value {
  if (a === 0 && b < 0 && Number.isFinite(b)) throw typeFailure('Zero has no negative power.');
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    throw typeFailure('A negative number has no power with a fraction.');
  }
  // JavaScript has 1 ** nan as nan, Python as 1.
  const result = a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) ? 1 : a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    throw typeFailure('The result of "**" is too large for a float.');
  return makeFloat(result);
}

function floatRemainder(a: number, b: number): number {
  const remainder = a % b;
  if (remainder === 0) return b < 0 ? -0 : 0;
  return remainder < 0 === b < 0 ? remainder : remainder + b;
}

function floatFloor(a: number, b: number): number {
  const remainder = a % b;
  const exact = (a - remainder) / b - (remainder !== 0 && b < 0 !== remainder < 0 ? 1 : 0);
  if (exact === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(exact);
  return exact - floor > 0.5 ? floor + 1 : floor;
}

/** A number as a JavaScript number; an integer beyond the range of a float is an error, as in Python. */
export function toDouble(value: Value): number {
  if (typeof value === 'number') return value;
  if (value instanceof Float) return value.value;
  const double = Number(value);
  if (!Number.isFinite(double)) throw typeFailure('An integer is too large to be a float.');
  return double;
}

export function toBigInt(value: Value): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number(value));
}

function calculateSequences(runtime: Runtime, operator: BinaryOperator, left: Value, right: Value): Value | null {
  if (operator === '+') return concatenate(runtime, left, right);
  if (operator === '*') {
    if (isInteger(left)) return repeat(runtime, right, left);
    return isInteger(right) ? repeat(runtime, left, right) : null;
  }
  const format = operator === '%' ? textOf(left) : null;
  if (format === null) return null;
  const text = formatPercent(runtime, format, right, left instanceof Markup);
  return left instanceof Markup ? new Markup(text) : text;
}

function concatenate(runtime: Runtime, left: Value, right: Value): Value | null {
  if (Array.isArray(left) && Array.isArray(right)) {
    runtime.willMakeList(left.length + right.length);
    return left.concat(right);
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    runtime.willMakeList(left.items.length + right.items.length);
    return new Tuple(left.items.concat(right.items));
  }
  const a = textOf(left);
  const b = textOf(right);
  if (a === null || b === null) return null;
  if (left instanceof Markup || right instanceof Markup) return joinMarkup(runtime, left, right);
  runtime.fits(a.length + b.length);
  return a + b;
}

function joinMarkup(runtime: Runtime, left: Value, right: Value): Markup {
  const a = left instanceof Markup ? left.text : escapeHtml(runtime, textOf(left) ?? '');
  const b = right instanceof Markup ? right.text : escapeHtml(runtime, textOf(right) ?? '');
  runtime.fits(a.length + b.length);
  return new Markup(a + b);
}

function repeat(runtime: Runtime, value: Value, times: number | bigint | boolean): Value | null {
  const count = Math.max(0, Number(times));
  const text = textOf(value);
  if (text !== null) {
    if (text === '') return value;
    runtime.willMakeText(text.length * count);
    return value instanceof Markup ? new Markup(text.repeat(count)) : text.repeat(count);
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : null;
  if (items === null) return null;
  if (items.length > 0) runtime.willMakeList(items.length * count);
  const repeated: Value[] = [];
  if (items.length > 0) for (let turn = 0; turn < count; turn += 1) for (const item of items) repeated.push(item);
  return Array.isArray(value) ? repeated : new Tuple(repeated);
}

/** `-value` or `+value`. */
export function applySign(negative: boolean, value: Value): Value {
  if (value instanceof Undefined) throw new Failure('undefined', value.reason);
  if (typeof value === 'number') return negative ? (Number.isInteger(value) ? 0 - value : -value) : value;
  if (value instanceof Float) return negative ? new Float(-value.value) : value;
  if (typeof value === 'bigint') return negative ? makeInteger(-value) : value;
  if (typeof value === 'boolean') return negative ? 0 - Number(value) : Number(value);
  throw typeFailure(`A sign does not work before ${typeName(value)}.`);
}
