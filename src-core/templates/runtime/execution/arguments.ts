import { Failure, typeFailure } from '../diagnostics.ts';
import { isInteger, makeFloat, type Named, textOf, typeName, Undefined, type Value } from '../values.ts';

/** A parameter of a filter, test, method or global; without `usual` it is required. */
export interface Parameter {
  readonly name: string;
  readonly usual?: Value;
}

const cache = new Map<string, readonly Parameter[]>();

/**
 * Parameters from a short notation: `"width=80, first=false"`. Values are `none`, `true`, `false`, whole numbers and
 * quoted text; a name without one is required.
 */
export function parameters(notation: string): readonly Parameter[] {
  const known = cache.get(notation);
  if (known !== undefined) return known;
  const parsed = notation === '' ? [] : notation.split(/, (?=[a-z_]+(?:=|, |$))/).map(parseParameter);
  cache.set(notation, parsed);
  return parsed;
}

function parseParameter(notation: string): Parameter {
  const equals = notation.indexOf('=');
  if (equals === -1) return { name: notation };
  return { name: notation.slice(0, equals), usual: parseUsual(notation.slice(equals + 1)) };
}

function parseUsual(text: string): Value {
  if (text === 'none') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text.startsWith("'")) return text.slice(1, -1);
  return text.includes('.') ? makeFloat(Number(text)) : Number(text);
}

/** One value per parameter, as Python binds a call. */
export function bindArguments(
  callee: string,
  params: readonly Parameter[],
  args: readonly Value[],
  named: Named,
): Value[] {
  if (args.length > params.length) {
    throw typeFailure(`"${callee}" takes at most ${countOf(params.length)}, but got ${args.length}.`);
  }
  const bound: Value[] = args.slice();
  let taken = 0;
  for (let index = args.length; index < params.length; index += 1) {
    const parameter = params[index]!;
    const value = named?.get(parameter.name);
    if (value !== undefined) taken += 1;
    const filled = value ?? (value === null ? null : parameter.usual);
    if (filled === undefined) throw typeFailure(`"${callee}" needs the argument "${parameter.name}".`);
    bound.push(filled);
  }
  if (named !== null && taken < named.size) throw unexpected(callee, params, args.length, named);
  return bound;
}

function countOf(count: number): string {
  return count === 1 ? '1 argument' : `${count === 0 ? 'no' : count} arguments`;
}

function unexpected(
  callee: string,
  params: readonly Parameter[],
  given: number,
  named: ReadonlyMap<string, Value>,
): Failure {
  for (const name of named.keys()) {
    const index = params.findIndex((parameter) => parameter.name === name);
    if (index === -1) return typeFailure(`"${callee}" has no argument "${name}".`);
    if (index < given) return typeFailure(`"${callee}" got the argument "${name}" twice.`);
  }
  return typeFailure(`"${callee}" got arguments that it does not have.`);
}

/** Fails for a call by name of what takes positions only, as most of Python's own methods do. */
export function refuseNames(callee: string, named: Named): void {
  if (named === null || named.size === 0) return;
  const [name] = named.keys();
  throw typeFailure(`"${callee}" takes its arguments without names, but got "${name}".`);
}

/** The text of an argument that must be a string. */
export function needText(callee: string, value: Value): string {
  const text = textOf(value);
  if (text !== null) return text;
  throw wrongArgument(callee, 'a str', value);
}

/** The number of an argument that must be an int. */
export function needInteger(callee: string, value: Value): number {
  if (isInteger(value)) return Number(value);
  throw wrongArgument(callee, 'an int', value);
}

export function wrongArgument(callee: string, wanted: string, value: Value): Failure {
  if (value instanceof Undefined) return new Failure('undefined', value.reason);
  return typeFailure(`"${callee}" needs ${wanted}, but got ${typeName(value)}.`);
}
