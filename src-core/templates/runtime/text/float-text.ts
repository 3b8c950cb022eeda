/** A float as Python's `repr` prints it: the shortest digits that read back as the same float. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) return mantissa + exponentPart(exponent, 'e');
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace('-', '').replace('.', '');
  return (negative ? '-' : '') + placePoint(digits, exponent);
}

function placePoint(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return `${digits.padEnd(exponent + 1, '0')}.0`;
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function exponentPart(exponent: number, letter: string): string {
  return `${letter}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** The exact value of a finite float: `numerator / 2 ** shift`. */
function exactFraction(value: number): { readonly numerator: bigint; readonly shift: bigint } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = bits >> 52n;
  const fraction = bits & 0xfffffffffffffn;
  const numerator = exponent === 0n ? fraction : fraction | 0x10000000000000n;
  const shift = 1075n - (exponent === 0n ? 1n : exponent);
  return shift >= 0n ? { numerator, shift } : { numerator: numerator << -shift, shift: 0n };
}

/** `round(|value| * 10 ** places)`, exactly, halves to even. */
function scaledRound(value: number, places: number): bigint {
  const { numerator, shift } = exactFraction(value);
  const scale = 10n ** BigInt(Math.abs(places));
  const top = places >= 0 ? numerator * scale : numerator;
  const bottom = (1n << shift) * (places >= 0 ? 1n : scale);
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  const up = twice > bottom || (twice === bottom && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

const isNegative = (value: number) => value < 0 || Object.is(value, -0);

/** Format `f`: a fixed number of decimals, correctly rounded. */
export function fixedText(value: number, decimals: number): string {
  const digits = scaledRound(value, decimals)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return (isNegative(value) ? '-' : '') + whole;
}

/** Format `e`: one digit, a point and `decimals` digits, then the exponent. */
export function exponentText(value: number, decimals: number, letter: string): string {
  const { digits, exponent } = significantDigits(value, decimals + 1);
  const mantissa = decimals === 0 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return (isNegative(value) ? '-' : '') + mantissa + exponentPart(exponent, letter);
}

/** Format `g`: `precision` significant digits in whichever of `f` and `e` is shorter. */
export function generalText(value: number, precision: number, letter: string, keepZeros: boolean): string {
  const wanted = Math.max(1, precision);
  const { digits, exponent } = significantDigits(value, wanted);
  const kept = keepZeros ? digits : digits.replace(/0+$/, '') || '0';
  const sign = isNegative(value) ? '-' : '';
  if (exponent < -4 || exponent >= wanted) {
    const mantissa = kept.length > 1 ? `${kept[0]}.${kept.slice(1)}` : keepZeros ? `${kept}.` : kept;
    return sign + mantissa + exponentPart(exponent, letter);
  }
  const placed = placePoint(kept, exponent);
  return sign + (keepZeros ? placed.replace(/\.0$/, wanted === exponent + 1 ? '.' : '.0') : placed.replace(/\.0$/, ''));
}

function significantDigits(value: number, count: number): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = Number(Math.abs(value).toExponential().split('e')[1]);
  let digits = scaledRound(value, count - 1 - exponent).toString();
  if (digits.length > count) {
    // Rounding carried into a new digit, as in 9.99 to 10.0.
    exponent += 1;
    digits = scaledRound(value, count - 1 - exponent).toString();
  }
  return { digits, exponent };
}

/** Python's `round(value, places)` of a finite float. */
export function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 323) return value;
  if (places < -308) return value < 0 ? -0 : 0;
  const digits = scaledRound(value, places).toString();
  const size = Number(`${digits}e${-places}`);
  return isNegative(value) ? -size : size;
}
