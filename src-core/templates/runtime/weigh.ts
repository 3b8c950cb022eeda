import type { Runtime } from './execution/runtime.ts';
import { Markup, type Named, type Value } from './values.ts';

/** Counts the arguments of a filter, test, method or function before they are read. */
export function weigh(runtime: Runtime, args: readonly Value[], named: Named): void {
  if (args.length > 8) runtime.spend(args.length >> 2);
  for (const value of args) weighValue(runtime, value);
  if (named === null) return;
  runtime.spend(named.size);
  for (const value of named.values()) weighValue(runtime, value);
}

/** Counts a value that is read: its text, or the digits of a large number. */
export function weighValue(runtime: Runtime, value: Value): void {
  if (typeof value === 'string') runtime.look(value.length);
  else if (value instanceof Markup) runtime.look(value.text.length);
  else if (typeof value === 'bigint') weighInteger(runtime, value);
}

const large = 1n << 512n;
/** Steps for arithmetic on integers of thousands of digits, and for writing them in decimal, which takes far longer. */
const arithmeticSteps = 128;
const decimalSteps = 1024;

/** Counts one calculation with an integer. */
export function weighInteger(runtime: Runtime, value: bigint): void {
  if (value > large || value < -large) runtime.spend(arithmeticSteps);
}

/** Counts turning an integer into its decimal digits, or digits into an integer. */
export function weighDecimal(runtime: Runtime, value: bigint): void {
  if (value > large || value < -large) runtime.spend(decimalSteps);
}
