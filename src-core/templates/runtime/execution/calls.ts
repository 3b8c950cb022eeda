import { Failure, typeFailure } from '../diagnostics.ts';
import { Callable, Instance, type Named, typeName, Undefined, type Value } from '../values.ts';
import { weigh } from '../weigh.ts';
import type { Runtime } from './runtime.ts';

/** Calls a value with arguments. */
export function callValue(runtime: Runtime, callee: Value, args: Value[], named: Named): Value {
  runtime.step();
  weigh(runtime, args, named);
  if (callee instanceof Callable) return callee.call(runtime, args, named);
  if (callee instanceof Instance && callee.call !== null) return callee.call(runtime, args, named);
  if (callee instanceof Undefined) throw new Failure('undefined', callee.reason);
  throw typeFailure(`A ${typeName(callee)} cannot be called.`);
}
