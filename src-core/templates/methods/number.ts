import { bitLength, toBigInt, toDouble } from '../arithmetic.ts';
import type { Runtime } from '../runtime.ts';
import { isFloat, type Named, type Value } from '../values.ts';

type Method = (runtime: Runtime, self: Value, args: Value[], named: Named) => Value;

const integerMethods = new Map<string, Method>([
  ['bit_length', (_, self) => bitLength(toBigInt(self))],
  ['is_integer', () => true],
]);

const floatMethods = new Map<string, Method>([['is_integer', (_, self) => Number.isInteger(toDouble(self))]]);

/** The few methods of `int` and `float` that make sense in a prompt. */
export function numberMethod(value: Value, name: string): Method | undefined {
  return isFloat(value) ? floatMethods.get(name) : integerMethods.get(name);
}
