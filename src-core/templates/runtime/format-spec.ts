import { toBigInt, toDouble } from './arithmetic.ts';
import { typeFailure } from './diagnostics.ts';
import type { Runtime } from './execution/runtime.ts';
import { printValue } from './print.ts';
import { codePointLength, sliceCharacters } from './text/characters.ts';
import { exponentText, fixedText, floatText, generalText } from './text/float-text.ts';
import { isFloat, isInteger, textOf, typeName, type Value } from './values.ts';
import { weighDecimal } from './weigh.ts';

/** What stands after the colon in `{:…}`, or between `%` and its letter. */
export interface FormatSpec {
  readonly fill: string;
  readonly align: '<' | '>' | '=' | '^' | '';
  readonly sign: '+' | '-' | ' ' | '';
  /** Prints a float that is rounded to zero without a minus sign. */
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: ',' | '_' | '';
  readonly precision: number | null;
  readonly type: string;
}

/** More decimals than any float has, to bound the exact arithmetic. */
const mostDecimals = 1100;

const grammar = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d*)([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

function parseFormatSpec(runtime: Runtime, text: string): FormatSpec {
  const match = grammar.exec(text);
  if (match === null) throw typeFailure(`"${text.slice(0, 40)}" is not a format.`);
  const [, fill, align, sign, noNegativeZero, alternate, zero, width, grouping, precision, type] = match;
  const padsZeros = zero === '0' && align === undefined;
  const size = Number(width || '0');
  runtime.willMakeText(size + Number(precision ?? 0));
  return {
    fill: fill ?? (zero === '0' ? '0' : ' '),
    align: padsZeros ? '=' : ((align ?? '') as FormatSpec['align']),
    sign: (sign ?? '') as FormatSpec['sign'],
    noNegativeZero: noNegativeZero !== undefined,
    alternate: alternate !== undefined,
    width: size,
    grouping: (grouping ?? '') as FormatSpec['grouping'],
    precision: precision === undefined ? null : Number(precision),
    type: type ?? '',
  };
}

/** `format(value, spec)`. */
export function formatValue(runtime: Runtime, value: Value, specText: string): string {
  if (specText === '') return printValue(runtime, value);
  const spec = parseFormatSpec(runtime, specText);
  const text = textOf(value);
  if (text !== null) return formatString(runtime, text, spec);
  if (typeof value === 'boolean' && spec.type === '') return formatNumber(runtime, Number(value), spec);
  if (isInteger(value) || isFloat(value)) return formatNumber(runtime, value, spec);
  throw typeFailure(`A format does not work on ${typeName(value)}.`);
}

function formatString(runtime: Runtime, text: string, spec: FormatSpec): string {
  if (spec.type !== '' && spec.type !== 's') throw typeFailure(`Format "${spec.type}" does not work on str.`);
  if (spec.align === '=' && spec.fill !== '0') throw typeFailure('The alignment "=" does not work on str.');
  if (spec.grouping !== '' || spec.sign !== '' || spec.alternate || spec.noNegativeZero)
    throw typeFailure('A number format does not work on str.');
  const shown = spec.precision === null ? text : sliceCharacters(text, 0, spec.precision);
  return pad(runtime, shown, spec, '<');
}

/** Pads to the width; for a string "=", which only a leading 0 can give, aligns left. */
function pad(runtime: Runtime, text: string, spec: FormatSpec, usual: '<' | '>'): string {
  const missing = spec.width - codePointLength(text);
  if (missing <= 0) return text;
  runtime.willMakeText(spec.width);
  const align = spec.align === '' || spec.align === '=' ? usual : spec.align;
  if (align === '<') return text + spec.fill.repeat(missing);
  if (align === '>') return spec.fill.repeat(missing) + text;
  const left = missing >> 1;
  return spec.fill.repeat(left) + text + spec.fill.repeat(missing - left);
}

function formatNumber(runtime: Runtime, value: Value, spec: FormatSpec): string {
  const isWhole = isInteger(value);
  if (isWhole && (spec.type === '' || 'bcdnoxX'.includes(spec.type)))
    return formatInteger(runtime, toBigInt(value), spec);
  if (!'eEfFgGn%'.includes(spec.type)) {
    throw typeFailure(`Format "${spec.type}" does not work on ${typeName(value)}.`);
  }
  const double = toDouble(value);
  runtime.spend(8 + (spec.precision ?? 0));
  const digits = floatDigits(Math.abs(double), spec);
  const isNegative = (double < 0 || Object.is(double, -0)) && !(spec.noNegativeZero && /^[0.]+(?:e|%|$)/i.test(digits));
  return assemble(runtime, isNegative ? '-' : '', '', digits, spec);
}

function formatInteger(runtime: Runtime, value: bigint, spec: FormatSpec): string {
  if (spec.precision !== null) throw typeFailure('An integer format takes no precision.');
  if (spec.noNegativeZero) throw typeFailure('The format "z" works on floats only.');
  if (spec.type === 'c') {
    if (value < 0n || value > 0x10ffffn) throw typeFailure('Format "c" needs the number of a character.');
    return pad(runtime, String.fromCodePoint(Number(value)), spec, '<');
  }
  weighDecimal(runtime, value);
  if (spec.grouping === ',' && 'boxXn'.includes(spec.type || 'd'))
    throw typeFailure(`The format "${spec.type}" takes no commas.`);
  const radix = { b: 2, o: 8, x: 16, X: 16 }[spec.type] ?? 10;
  const size = (value < 0n ? -value : value).toString(radix);
  const prefix = spec.alternate && radix !== 10 ? `0${spec.type}` : '';
  return assemble(runtime, value < 0n ? '-' : '', prefix, spec.type === 'X' ? size.toUpperCase() : size, spec);
}

/** The digits of a float that is not negative, for one of the float formats. */
export function floatDigits(value: number, spec: Pick<FormatSpec, 'type' | 'precision' | 'alternate'>): string {
  const upper = spec.type === 'E' || spec.type === 'G' || spec.type === 'F';
  if (!Number.isFinite(value)) {
    const word = `${Number.isNaN(value) ? 'nan' : 'inf'}${spec.type === '%' ? '%' : ''}`;
    return upper ? word.toUpperCase() : word;
  }
  const precision = spec.precision ?? 6;
  if (precision > mostDecimals) throw typeFailure(`A number is printed with at most ${mostDecimals} decimals.`);
  switch (spec.type) {
    case 'e':
    case 'E':
      return exponentText(value, precision, spec.type);
    case 'f':
    case 'F':
      return fixedText(value, precision) + (spec.alternate && precision === 0 ? '.' : '');
    case '%':
      return `${fixedText(value * 100, precision)}%`;
    case 'g':
    case 'G':
    case 'n':
      return generalText(value, precision, spec.type === 'G' ? 'E' : 'e', spec.alternate);
    default:
      return plainDigits(value, spec);
  }
}

/** A float format without a letter: like `g`, but with at least one decimal. */
function plainDigits(value: number, { precision, alternate }: Pick<FormatSpec, 'precision' | 'alternate'>): string {
  if (precision === null) return alternate ? floatText(value).replace(/^(\d)e/, '$1.e') : floatText(value);
  const text = generalText(value, precision, 'e', false);
  if (text.includes('e') || text.includes('.')) return text;
  return text.length >= Math.max(1, precision) ? exponentIfFull(value, precision) : `${text}.0`;
}

function exponentIfFull(value: number, precision: number): string {
  const text = exponentText(value, Math.max(0, precision - 1), 'e');
  return text.replace(/\.?0+e/, 'e');
}

function assemble(runtime: Runtime, minus: string, prefix: string, digits: string, spec: FormatSpec): string {
  const sign = minus !== '' ? '-' : spec.sign === '-' ? '' : spec.sign;
  const fills = spec.align === '=' ? spec.width - sign.length - prefix.length : 0;
  const radixGroup = prefix !== '' || 'boxX'.includes(spec.type || 'd') ? 4 : 3;
  const grouped =
    spec.grouping === ''
      ? digits
      : group(
          digits,
          wholeDigits(digits, spec),
          spec.grouping,
          radixGroup,
          spec.align === '=' && spec.fill === '0' ? fills : 0,
        );
  if (spec.align === '=') {
    const missing = Math.max(0, fills - grouped.length);
    runtime.willMakeText(spec.width);
    return sign + prefix + spec.fill.repeat(missing) + grouped;
  }
  return pad(runtime, sign + prefix + grouped, spec, '>');
}

/** How many digits are before the point or exponent. */
function wholeDigits(digits: string, { type }: FormatSpec): number {
  return (type === 'x' || type === 'X' ? /^[\da-f]*/i : /^\d*/).exec(digits)?.[0].length ?? 0;
}

/** Groups the digits before the point; zeros that fill up to `width` are grouped too. */
function group(digits: string, end: number, separator: string, size: number, width: number): string {
  const rest = digits.slice(end);
  let count = end;
  const lengthOf = (wholeDigits: number) => wholeDigits + Math.floor((wholeDigits - 1) / size) + rest.length;
  while (end > 0 && lengthOf(count) < width) count += 1;
  const whole = digits.slice(0, end).padStart(count, '0');
  const groups: string[] = [];
  for (let at = whole.length; at > 0; at -= size) groups.push(whole.slice(Math.max(0, at - size), at));
  return groups.reverse().join(separator) + rest;
}
