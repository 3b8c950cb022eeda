import type { Named, Value } from '../values.ts';
import { weigh, weighValue } from '../weigh.ts';
import { bindArguments, type Parameter, parameters } from './arguments.ts';
import type { Runtime } from './runtime.ts';

/** A filter or test. Both get the value on their left and the arguments in brackets. */
export type Operation =
  | {
      readonly kind: 'bound';
      readonly name: string;
      readonly params: readonly Parameter[];
      readonly run: (runtime: Runtime, value: Value, args: Value[]) => Value;
    }
  /** One that takes any arguments. */
  | {
      readonly kind: 'open';
      readonly name: string;
      /** Its arguments as text for messages. */
      readonly usage: string;
      readonly run: (runtime: Runtime, value: Value, args: Value[], named: Named) => Value;
    };

export function bound(
  name: string,
  notation: string,
  run: (runtime: Runtime, value: Value, args: Value[]) => Value,
): readonly [string, Operation] {
  return [name, { kind: 'bound', name, params: parameters(notation), run }];
}

export function open(
  name: string,
  usage: string,
  run: (runtime: Runtime, value: Value, args: Value[], named: Named) => Value,
): readonly [string, Operation] {
  return [name, { kind: 'open', name, usage, run }];
}

/** Applies a filter or test with arguments that were not bound yet. */
export function applyOperation(
  runtime: Runtime,
  operation: Operation,
  value: Value,
  args: Value[],
  named: Named,
): Value {
  runtime.step();
  weighValue(runtime, value);
  weigh(runtime, args, named);
  if (operation.kind === 'open') return operation.run(runtime, value, args, named);
  return operation.run(runtime, value, bindArguments(operation.name, operation.params, args, named));
}
