import { bitLength, toBigInt, toDouble } from '../../runtime/arithmetic.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Float, isFloat, type Named, type Value } from '../../runtime/values.ts';
import { weighInteger } from '../../runtime/weigh.ts';

type Method = (runtime: Runtime, self: Value, args: Value[], named: Named) => Value;

function weighed(runtime: Runtime, value: bigint): bigint {
  weighInteger(runtime, value);
  return value;
}

const integerMethods = new Map<string, Method>([
  ['bit_length', (runtime, self) => bitLength(weighed(runtime, toBigInt(self)))],
  ['is_integer', () => true],
]);

const floatMethods = new Map<string, Method>([['is_integer', (_, self) => Number.isInteger(toDouble(self))]]);

/** The few methods of `int` and `float` that make sense in a prompt. */
export function numberMethod(value: Value, name: string): Method | undefined {
  return isFloat(value) ? floatMethods.get(name) : integerMethods.get(name);
}

/** What a number is as a complex number or a fraction. */
export function numberAttribute(value: Value, name: string): Value | undefined {
  if (name === 'real') return typeof value === 'boolean' ? Number(value) : value;
  if (name === 'imag') return isFloat(value) ? new Float(0) : 0;
  if (isFloat(value)) return undefined;
  if (name === 'numerator') return typeof value === 'boolean' ? Number(value) : value;
  return name === 'denominator' ? 1 : undefined;
}
