import { calculate } from '../../runtime/arithmetic.ts';
import { compare, contains, isEqual } from '../../runtime/compare.ts';
import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import { bound, type Operation } from '../../runtime/execution/operations.ts';
import { isIterable } from '../../runtime/sequences.ts';
import {
  Callable,
  Dict,
  Instance,
  isFloat,
  isInteger,
  isNumber,
  Markup,
  textOf,
  Undefined,
  type Value,
} from '../../runtime/values.ts';
import type { CompareOperator } from '../../syntax/nodes.ts';
import { isLower, isUpper } from '../methods/character-tests.ts';
import { findFilter } from './registry.ts';
import { isSequence } from './sequences.ts';
import { printed } from './text.ts';

function comparing(name: string, operator: CompareOperator): readonly [string, Operation] {
  return bound(name, 'other', (runtime, value, [other]) => compare(runtime, operator, value, other!));
}

/** Every test by name, as in `value is name`. */
export const tests: ReadonlyMap<string, Operation> = new Map([
  bound('odd', '', (runtime, value) => isEqual(runtime, calculate(runtime, '%', value, 2), 1)),
  bound('even', '', (runtime, value) => isEqual(runtime, calculate(runtime, '%', value, 2), 0)),
  bound('divisibleby', 'num', (runtime, value, [num]) => isEqual(runtime, calculate(runtime, '%', value, num!), 0)),
  bound('defined', '', (_, value) => !(value instanceof Undefined)),
  bound('undefined', '', (_, value) => value instanceof Undefined),
  bound('filter', '', (_, value) => findFilter(needName(value)) !== undefined),
  bound('test', '', (_, value) => tests.has(needName(value))),
  bound('none', '', (_, value) => value === null),
  bound('boolean', '', (_, value) => typeof value === 'boolean'),
  bound('false', '', (_, value) => value === false),
  bound('true', '', (_, value) => value === true),
  bound('integer', '', (_, value) => isInteger(value) && typeof value !== 'boolean'),
  bound('float', '', (_, value) => isFloat(value)),
  bound('number', '', (_, value) => isNumber(value)),
  bound('lower', '', (runtime, value) => isLower(printed(runtime, value, 8))),
  bound('upper', '', (runtime, value) => isUpper(printed(runtime, value, 8))),
  bound('string', '', (_, value) => textOf(value) !== null),
  bound('mapping', '', (_, value) => value instanceof Dict),
  bound('sequence', '', (runtime, value) => isSequence(value) && !(runtime.strict && value instanceof Undefined)),
  bound('iterable', '', (runtime, value) => {
    if (value instanceof Undefined && runtime.strict) throw new Failure('undefined', value.reason);
    return isIterable(value);
  }),
  bound('callable', '', (_, value) => isCallable(value)),
  bound('sameas', 'other', (_, value, [other]) => isSame(value, other!)),
  bound('escaped', '', (_, value) => value instanceof Markup || (value instanceof Instance && value.type === 'module')),
  bound('in', 'seq', (runtime, value, [seq]) => contains(runtime, seq!, value)),
  ...(['==', 'eq', 'equalto'] as const).map((name) => comparing(name, '==')),
  ...(['!=', 'ne'] as const).map((name) => comparing(name, '!=')),
  ...(['>', 'gt', 'greaterthan'] as const).map((name) => comparing(name, '>')),
  ...(['>=', 'ge'] as const).map((name) => comparing(name, '>=')),
  ...(['<', 'lt', 'lessthan'] as const).map((name) => comparing(name, '<')),
  ...(['<=', 'le'] as const).map((name) => comparing(name, '<=')),
]);

/** Unlike in Jinja an undefined value is not callable, because calling it fails. */
function isCallable(value: Value): boolean {
  return value instanceof Callable || (value instanceof Instance && value.call !== null);
}

function needName(value: Value): string {
  const text = textOf(value);
  if (text !== null) return text;
  if (value instanceof Undefined) return '';
  if (Array.isArray(value) || value instanceof Dict) throw typeFailure('The name of a filter or test is a str.');
  return '';
}

/** Python's `is`: small values of one type are the same object when they are equal. */
function isSame(left: Value, right: Value): boolean {
  if (left === right) return true;
  return (
    isFloat(left) &&
    isFloat(right) &&
    typeof left === 'object' &&
    typeof right === 'object' &&
    left.value === right.value
  );
}
