import { typeFailure, unknownName } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Callable, Dict, Instance, Markup, type Value } from '../../runtime/values.ts';
import { compare, isNothing, isNullish, isSame, isTruthy, kindName, nothing, toNumber } from '../meaning/meaning.ts';
import type { Apply } from './filter.ts';
import { requireText } from './filter.ts';

const remainder = (runtime: Runtime, value: Value, by: Value): number =>
  toNumber(runtime, value) % toNumber(runtime, by);
const ordered =
  (operator: string): Apply =>
  (runtime, value, [other = nothing]) =>
    compare(runtime, operator, value, other);
const same: Apply = (runtime, value, [other = nothing]) => isSame(runtime, value, other);

function iterable(value: Value): boolean {
  if (isNullish(value)) throw typeFailure(`"iterable" needs a value, but got ${kindName(value)}.`);
  return typeof value === 'string' || Array.isArray(value) || value instanceof Markup;
}

/** Every test of nunjucks by name; `none` is `null` there. */
export const nunjucksTests: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['callable', (_, value) => value instanceof Callable],
  ['defined', (_, value) => !isNothing(value)],
  ['divisibleby', (runtime, value, [by = nothing]) => remainder(runtime, value, by) === 0],
  ['escaped', (_, value) => value instanceof Markup],
  ['equalto', same],
  ['eq', same],
  ['sameas', same],
  ['even', (runtime, value) => remainder(runtime, value, 2) === 0],
  ['falsy', (_, value) => !isTruthy(value)],
  ['ge', ordered('>=')],
  ['greaterthan', ordered('>')],
  ['gt', ordered('>')],
  ['le', ordered('<=')],
  ['lessthan', ordered('<')],
  ['lt', ordered('<')],
  ['lower', (runtime, value) => isCase(runtime, 'lower', value, (text) => text.toLowerCase())],
  ['ne', (runtime, value, [other = nothing]) => !isSame(runtime, value, other)],
  ['null', (_, value) => value === null],
  ['number', (_, value) => typeof value === 'number'],
  ['odd', (runtime, value) => remainder(runtime, value, 2) === 1],
  ['string', (_, value) => typeof value === 'string'],
  ['truthy', (_, value) => isTruthy(value)],
  ['undefined', (_, value) => isNothing(value)],
  ['upper', (runtime, value) => isCase(runtime, 'upper', value, (text) => text.toUpperCase())],
  ['iterable', (_, value) => iterable(value)],
  ['mapping', (_, value) => value instanceof Dict || value instanceof Markup || value instanceof Instance],
]);

/** The result of a macro is an object, which never equals a text. */
function isCase(runtime: Runtime, callee: string, value: Value, change: (text: string) => string): boolean {
  const text = requireText(runtime, callee, value);
  return typeof value === 'string' && change(text) === text;
}

/** The test of a name that is known only while rendering. */
export function requireTest(name: string): Apply {
  const test = nunjucksTests.get(name);
  if (test !== undefined) return test;
  throw unknownName('test', name, nunjucksTests.keys());
}
