import { typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Callable, type Value } from '../../runtime/values.ts';
import { isNothing, kindName, orNothing, toNumber, toText } from './meaning.ts';

/** What a method does with its object and arguments; it never sees anything of the host. */
export type Method = (runtime: Runtime, self: Value, args: readonly Value[]) => Value;

/** An argument as a whole number, as JavaScript's own methods read it. */
export function integerAt(runtime: Runtime, args: readonly Value[], index: number, usual: number): number {
  const value = orNothing(args[index]);
  if (isNothing(value)) return usual;
  const number = toNumber(runtime, value);
  return Number.isNaN(number) ? 0 : Math.trunc(number);
}

/** An argument as text; what is missing is the text "undefined". */
export function textAt(runtime: Runtime, args: readonly Value[], index: number): string {
  return toText(runtime, orNothing(args[index]));
}

/** An argument as text; undefined when it is missing. */
export function optionalText(runtime: Runtime, args: readonly Value[], index: number): string | undefined {
  const value = orNothing(args[index]);
  return isNothing(value) ? undefined : toText(runtime, value);
}

/** The replacement of a part of a text; a function is refused. */
export function replacementText(runtime: Runtime, value: Value): string {
  if (value instanceof Callable) refuseFunction('replace', value);
  return toText(runtime, value);
}

/** Fails for a function as argument: there is none that a template could write. */
export function refuseFunction(callee: string, value: Value | undefined): void {
  if (value !== undefined && value !== null && !isNothing(value))
    throw typeFailure(`"${callee}" takes no function here, but got ${kindName(value)}.`);
}
