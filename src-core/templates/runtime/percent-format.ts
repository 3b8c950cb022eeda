import { toBigInt, toDouble } from './arithmetic.ts';
import { Failure, typeFailure } from './diagnostics.ts';
import { getEntry } from './dict-keys.ts';
import type { Runtime } from './execution/runtime.ts';
import { floatDigits } from './format-spec.ts';
import { convertText, createWriter, quote } from './print.ts';
import { codePointLength, sliceCharacters } from './text/characters.ts';
import { escapeHtml } from './text/html.ts';
import { Dict, isInteger, isNumber, Markup, Range, Tuple, textOf, typeName, Undefined, type Value } from './values.ts';
import { weighDecimal } from './weigh.ts';

const conversion = /%(?:\(([^()]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S])?/y;

/** `format % values`; with `escapes`, as Markup does, text that is filled in is escaped. */
export function formatPercent(runtime: Runtime, format: string, values: Value, escapes: boolean): string {
  const writer = createWriter(runtime);
  const source = argumentsOf(values);
  let at = 0;
  for (let next = format.indexOf('%'); next !== -1; next = format.indexOf('%', at)) {
    writer.write(format.slice(at, next));
    conversion.lastIndex = next;
    const match = conversion.exec(format);
    if (match === null) throw typeFailure('A "%" of the format is not complete.');
    runtime.spend(8);
    runtime.look(match[0].length);
    writer.write(convert(runtime, match, source, escapes));
    at = next + match[0].length;
  }
  writer.write(format.slice(at));
  if (source.left() > 0) throw typeFailure('The format has fewer "%" than there are values.');
  return writer.text();
}

interface ArgumentSource {
  readonly next: () => Value;
  readonly named: Dict | null;
  readonly left: () => number;
}

function argumentsOf(values: Value): ArgumentSource {
  const list = values instanceof Tuple ? values.items : [values];
  const named = values instanceof Dict ? values : null;
  let used = 0;
  return {
    named,
    next() {
      if (used >= list.length) throw typeFailure('The format has more "%" than there are values.');
      used += 1;
      return list[used - 1]!;
    },
    // Python reports a single unused value as an error, unless it can be indexed by name.
    left: () => (isLookedUp(values) ? 0 : list.length - used),
  };
}

function isLookedUp(values: Value): boolean {
  return Array.isArray(values) || values instanceof Dict || values instanceof Range || values instanceof Undefined;
}

function convert(runtime: Runtime, match: RegExpExecArray, source: ArgumentSource, escapes: boolean): string {
  const [whole, name, flags = '', widthText, precisionText, type] = match;
  if (type === undefined) throw typeFailure('A "%" of the format is not complete.');
  const width = widthText === '*' ? wholeNumber(source.next()) : Number(widthText ?? 0);
  const hasPrecision = whole.includes('.', name === undefined ? 0 : name.length + 3);
  const precision = !hasPrecision
    ? null
    : precisionText === '*'
      ? wholeNumber(source.next())
      : Number(precisionText ?? 0);
  if (type === '%') return '%';
  runtime.willMakeText(Math.abs(width) + (precision ?? 0));
  const value = name === undefined ? source.next() : namedValue(runtime, source, name);
  const left = flags.includes('-') || width < 0;
  const body = convertValue(runtime, value, type, { flags, precision, escapes });
  const missing = Math.abs(width) - codePointLength(body.sign + body.text);
  if (missing <= 0) return body.sign + body.text;
  if (left) return body.sign + body.text + ' '.repeat(missing);
  if (flags.includes('0') && body.isNumber) return body.sign + '0'.repeat(missing) + body.text;
  return ' '.repeat(missing) + body.sign + body.text;
}

function wholeNumber(value: Value): number {
  if (!isInteger(value)) throw typeFailure('"*" in a format needs an int.');
  return Number(value);
}

function namedValue(runtime: Runtime, source: ArgumentSource, name: string): Value {
  if (source.named === null) throw typeFailure('A format with names needs a dict.');
  const value = getEntry(runtime, source.named, name);
  if (value === undefined) throw typeFailure(`The format wants ${quote(runtime, name)}, which is not given.`);
  return value;
}

interface Conversion {
  readonly sign: string;
  readonly text: string;
  readonly isNumber: boolean;
}

function convertValue(
  runtime: Runtime,
  value: Value,
  type: string,
  options: { readonly flags: string; readonly precision: number | null; readonly escapes: boolean },
): Conversion {
  const { flags, precision, escapes } = options;
  switch (type) {
    case 's':
    case 'r':
    case 'a': {
      const shown = convertText(runtime, value, type);
      runtime.look(shown.length);
      const text = escapes && !(value instanceof Markup) ? escapeHtml(runtime, shown) : shown;
      return {
        sign: '',
        text: precision === null || text.length <= precision ? text : sliceCharacters(text, 0, precision),
        isNumber: false,
      };
    }
    case 'c':
      return { sign: '', text: characterOf(value), isNumber: false };
    case 'd':
    case 'i':
    case 'u':
      return wholeConversion(runtime, truncated(value, type), 10, '', flags, precision);
    case 'o':
    case 'x':
    case 'X': {
      if (!isInteger(value)) throw wrongType(value, type);
      const done = wholeConversion(
        runtime,
        toBigInt(value),
        type === 'o' ? 8 : 16,
        flags.includes('#') ? `0${type}` : '',
        flags,
        precision,
      );
      return type === 'X' ? { ...done, text: done.text.toUpperCase() } : done;
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      if (!isNumber(value)) throw wrongType(value, type);
      const double = toDouble(value);
      runtime.spend(8 + (precision ?? 0));
      const text = floatDigits(Math.abs(double), { type, precision, alternate: flags.includes('#') });
      return { sign: signOf(double < 0 || Object.is(double, -0), flags), text, isNumber: true };
    }
    default:
      throw typeFailure(`"%${type}" is not a format.`);
  }
}

function wrongType(value: Value, type: string): Error {
  if (value instanceof Undefined) return new Failure('undefined', value.reason);
  return typeFailure(`Format "%${type}" does not work on ${typeName(value)}.`);
}

function truncated(value: Value, type: string): bigint {
  if (isInteger(value)) return toBigInt(value);
  if (!isNumber(value) || !Number.isFinite(toDouble(value))) throw wrongType(value, type);
  return BigInt(Math.trunc(toDouble(value)));
}

function characterOf(value: Value): string {
  const text = textOf(value);
  if (text !== null && codePointLength(text) === 1) return text;
  if (!isInteger(value) || !(Number(value) >= 0 && Number(value) <= 0x10ffff)) throw wrongType(value, 'c');
  return String.fromCodePoint(Number(value));
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function wholeConversion(
  runtime: Runtime,
  value: bigint,
  radix: number,
  prefix: string,
  flags: string,
  precision: number | null,
): Conversion {
  weighDecimal(runtime, value);
  const digits = (value < 0n ? -value : value).toString(radix).padStart(precision ?? 0, '0');
  return { sign: signOf(value < 0n, flags) + prefix, text: digits, isNumber: true };
}
