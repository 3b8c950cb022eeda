import { isTrue } from '../../runtime/compare.ts';
import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import { needText } from '../../runtime/execution/arguments.ts';
import { applyOperation, type Operation, open } from '../../runtime/execution/operations.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { itemsOf } from '../../runtime/sequences.ts';
import { type Named, Undefined, type Value } from '../../runtime/values.ts';
import { pathGetter } from './paths.ts';
import { findFilter } from './registry.ts';
import { generator } from './sequences.ts';
import { tests } from './tests.ts';

/** Filters that apply another filter or a test to each item. */
export const mappingFilters: readonly (readonly [string, Operation])[] = [
  open('map', "map('filter', *arguments) or map(attribute='…', default=none)", (runtime, value, args, named) => {
    return generator('sync_do_map', map(runtime, value, args, named));
  }),
  picking('select', false, true),
  picking('reject', false, false),
  picking('selectattr', true, true),
  picking('rejectattr', true, false),
];

function picking(name: string, byAttribute: boolean, keeps: boolean): readonly [string, Operation] {
  const usage = byAttribute ? `${name}('attribute', 'test', *arguments)` : `${name}('test', *arguments)`;
  return open(name, usage, (runtime, value, args, named) => {
    return generator(`sync_do_${name}`, pick(runtime, value, args, named, byAttribute, keeps));
  });
}

function* map(runtime: Runtime, value: Value, args: Value[], named: Named): Iterator<Value> {
  if (!isTrue(runtime, value)) return;
  const change = itemChanger(runtime, args, named);
  for (const item of itemsOf(runtime, value)) {
    runtime.step();
    yield change(item);
  }
}

function itemChanger(runtime: Runtime, args: Value[], named: Named): (item: Value) => Value {
  const attribute = args.length === 0 ? named?.get('attribute') : undefined;
  if (attribute !== undefined) {
    for (const name of named?.keys() ?? []) {
      if (name !== 'attribute' && name !== 'default') throw typeFailure(`"map" has no argument "${name}".`);
    }
    return pathGetter(runtime, attribute, named?.get('default'), false);
  }
  const [name, ...rest] = args;
  if (name === undefined) throw typeFailure('"map" needs the name of a filter, or "attribute".');
  const operation = operationNamed('filter', name, findFilter);
  return (item) => applyOperation(runtime, operation, item, rest, named);
}

/** The filter or test that a template names by a string. */
function operationNamed(
  what: 'filter' | 'test',
  name: Value,
  find: (name: string) => Operation | undefined,
): Operation {
  if (name instanceof Undefined) {
    throw new Failure(
      'unknown',
      `The name of the ${what} is undefined: ${name.reason}`,
      `Write the name of the ${what} in quotes.`,
    );
  }
  const text = needText(what, name);
  const operation = find(text);
  if (operation === undefined) throw new Failure('unknown', `There is no ${what} "${text.slice(0, 80)}".`);
  return operation;
}

function* pick(
  runtime: Runtime,
  value: Value,
  args: Value[],
  named: Named,
  byAttribute: boolean,
  keeps: boolean,
): Iterator<Value> {
  if (!isTrue(runtime, value)) return;
  if (byAttribute && args.length === 0) throw typeFailure('The name of the attribute is missing.');
  const getter = byAttribute ? pathGetter(runtime, args[0]!, undefined, false) : (item: Value) => item;
  const [name, ...rest] = byAttribute ? args.slice(1) : args;
  const test = name === undefined ? null : operationNamed('test', name, (text) => tests.get(text));
  for (const item of itemsOf(runtime, value)) {
    runtime.step();
    const subject = getter(item);
    const result = test === null ? subject : applyOperation(runtime, test, subject, rest, named);
    if (isTrue(runtime, result) === keeps) yield item;
  }
}
