import { applySign, calculate, toBigInt, toDouble } from '../../runtime/arithmetic.ts';
import { isTrue, order } from '../../runtime/compare.ts';
import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import { needInteger, wrongArgument } from '../../runtime/execution/arguments.ts';
import { bound, type Operation } from '../../runtime/execution/operations.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { strip } from '../../runtime/text/characters.ts';
import { fixedText, roundFloat } from '../../runtime/text/float-text.ts';
import {
  isFloat,
  isInteger,
  isNumber,
  makeFloat,
  makeInteger,
  textOf,
  typeName,
  Undefined,
  type Value,
} from '../../runtime/values.ts';

/** Filters on single numbers. */
export const numberFilters: readonly (readonly [string, Operation])[] = [
  bound('abs', '', (runtime, value) => absolute(runtime, value)),
  bound('round', "precision=0, method='common'", round),
  bound('int', 'default=0, base=10', (runtime, value, [usual, base]) => toInteger(runtime, value, usual!, base!)),
  bound('float', 'default=0.0', (_, value, [usual]) => toFloat(value, usual!)),
  bound('filesizeformat', 'binary=false', (runtime, value, [binary]) => fileSize(value, isTrue(runtime, binary!))),
];

function absolute(runtime: Runtime, value: Value): Value {
  if (!isNumber(value)) throw wrongArgument('abs', 'a number', value);
  return order(runtime, value, 0) < 0 || Object.is(toDouble(value), -0)
    ? applySign(true, value)
    : applySign(false, value);
}

function round(runtime: Runtime, value: Value, [precision, method]: Value[]): Value {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') {
    throw typeFailure('"round" knows the methods "common", "ceil" and "floor".');
  }
  if (!isNumber(value)) throw wrongArgument('round', 'a number', value);
  if (method === 'common') return roundCommon(runtime, value, precision!);
  const scale = calculate(runtime, '**', 10, precision!);
  const scaled = calculate(runtime, '*', value, scale);
  if (isInteger(scaled)) return calculate(runtime, '/', scaled, scale);
  const double = toDouble(scaled);
  if (!Number.isFinite(double)) throw typeFailure('"round" needs a finite number.');
  const whole = method === 'ceil' ? Math.ceil(double) : Math.floor(double);
  return calculate(runtime, '/', makeInteger(BigInt(whole)), scale);
}

function roundCommon(runtime: Runtime, value: Value, precision: Value): Value {
  if (precision === null) return roundToInteger(value);
  const places = needInteger('round', precision);
  runtime.spend(Math.min(512, Math.abs(places)));
  return isFloat(value) ? makeFloat(roundFloat(toDouble(value), places)) : roundInteger(runtime, value, places);
}

function roundToInteger(value: Value): Value {
  if (isInteger(value)) return makeInteger(toBigInt(value));
  const whole = roundFloat(toDouble(value), 0);
  if (!Number.isFinite(whole)) throw typeFailure('"round" needs a finite number.');
  return makeInteger(BigInt(whole));
}

function roundInteger(runtime: Runtime, value: Value, places: number): Value {
  if (places >= 0) return makeInteger(toBigInt(value));
  if (places < -4300) return 0;
  runtime.spend(-places >> 1);
  const unit = 10n ** BigInt(-places);
  const whole = toBigInt(value);
  const below = whole / unit - (whole % unit < 0n ? 1n : 0n);
  const twice = (whole - below * unit) * 2n;
  const up = twice > unit || (twice === unit && below % 2n !== 0n);
  return makeInteger((up ? below + 1n : below) * unit);
}

const decimalFloat = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const specialFloat = /^([+-]?)(inf|infinity|nan)$/i;

/** What Python's `float(text)` reads, or null. */
function parseFloatText(text: string): number | null {
  const trimmed = strip(text, null, true, true);
  if (decimalFloat.test(trimmed)) return Number(trimmed.replaceAll('_', ''));
  const special = specialFloat.exec(trimmed);
  if (special === null) return null;
  if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function toFloat(value: Value, usual: Value): Value {
  if (value instanceof Undefined) throw new Failure('undefined', value.reason);
  if (isNumber(value)) return makeFloat(toDouble(value));
  const text = textOf(value);
  const parsed = text === null ? null : parseFloatText(text);
  return parsed === null ? usual : makeFloat(parsed);
}

function toInteger(runtime: Runtime, value: Value, usual: Value, base: Value): Value {
  if (value instanceof Undefined) throw new Failure('undefined', value.reason);
  if (isInteger(value)) return makeInteger(toBigInt(value));
  if (isFloat(value)) return truncated(toDouble(value), usual);
  const text = textOf(value);
  if (text === null) return usual;
  // Digits become an integer in quadratic time; there are at most 4300 of them.
  if (text.length > 100) runtime.spend(8192);
  const whole = parseIntegerText(text, needInteger('int', base));
  if (whole !== null) return makeInteger(whole);
  const parsed = parseFloatText(text);
  return parsed === null ? usual : truncated(parsed, usual);
}

function truncated(value: number, usual: Value): Value {
  return Number.isFinite(value) ? makeInteger(BigInt(Math.trunc(value))) : usual;
}

/** What Python's `int(text, base)` reads, or null. */
function parseIntegerText(text: string, base: number): bigint | null {
  const trimmed = strip(text, null, true, true);
  if (trimmed.length > 4300 || base < 0 || base === 1 || base > 36) return null;
  const match = /^([+-]?)(?:0([xob])_?)?([\da-z]+(?:_[\da-z]+)*)$/i.exec(trimmed);
  if (match === null) return null;
  const [, sign, letter, digits] = match;
  const prefixBase = letter === undefined ? null : { x: 16, o: 8, b: 2 }[letter.toLowerCase() as 'x' | 'o' | 'b'];
  const isPrefixed = prefixBase !== null && (base === 0 || base === prefixBase);
  // In base 12, say, the "0b" of "0b1" is two digits.
  const all = (isPrefixed ? digits! : `${letter === undefined ? '' : `0${letter}`}${digits}`).replaceAll('_', '');
  const radix = base === 0 ? (isPrefixed ? prefixBase : 10) : base;
  const value = digitsValue(all.toLowerCase(), BigInt(radix));
  return value !== null && sign === '-' ? -value : value;
}

function digitsValue(digits: string, radix: bigint): bigint | null {
  if (radix === 10n) return /^\d+$/.test(digits) ? BigInt(digits) : null;
  let value = 0n;
  for (const digit of digits) {
    const number = BigInt(Number.parseInt(digit, 36));
    if (number >= radix) return null;
    value = value * radix + number;
  }
  return value;
}

const decimalUnits = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const binaryUnits = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function fileSize(value: Value, binary: boolean): string {
  const text = textOf(value);
  const bytes = text === null ? (isNumber(value) ? toDouble(value) : null) : parseFloatText(text);
  if (value instanceof Undefined) throw new Failure('undefined', value.reason);
  if (bytes === null) throw typeFailure(`"filesizeformat" needs a number, but got ${typeName(value)}.`);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const units = binary ? binaryUnits : decimalUnits;
  let index = 0;
  while (index < units.length - 1 && bytes >= base ** (index + 2)) index += 1;
  if (!Number.isFinite(bytes)) return `${bytes > 0 ? 'inf' : 'nan'} ${units.at(-1)}`;
  return `${fixedText((base * bytes) / base ** (index + 2), 1)} ${units[index]}`;
}
