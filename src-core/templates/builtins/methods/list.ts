import { isEqual, isTrue } from '../../runtime/compare.ts';
import { typeFailure } from '../../runtime/diagnostics.ts';
import { bindArguments, needInteger, parameters, refuseNames } from '../../runtime/execution/arguments.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { listOf } from '../../runtime/sequences.ts';
import { sortValues } from '../../runtime/sorting.ts';
import { Callable, type Named, type Tuple, type Value } from '../../runtime/values.ts';

type Method = (runtime: Runtime, self: Value, args: Value[], named: Named) => Value;
type Run<Self> = (runtime: Runtime, self: Self, args: Value[]) => Value;

/** What Python's `list` does, for the listed methods. */
export function listMethod(name: string): Method | undefined {
  return listMethods.get(name);
}

export function tupleMethod(name: string): Method | undefined {
  return tupleMethods.get(name);
}

export function listMethodNames(): Iterable<string> {
  return listMethods.keys();
}

function method(name: string, notation: string, run: Run<Value[]>): readonly [string, Method] {
  const params = parameters(notation);
  return [
    name,
    (runtime, self, args, named) => {
      runtime.step();
      if (name !== 'sort') refuseNames(name, named);
      return run(runtime, self as Value[], bindArguments(name, params, args, named));
    },
  ];
}

function grow(runtime: Runtime, list: readonly Value[], by: number): void {
  if (list.length + by > runtime.limits.list) throw runtime.exceeded('list');
}

function indexOf(runtime: Runtime, items: readonly Value[], [value, start, end]: Value[]): number {
  const from = place(start!, items.length, 0);
  const to = place(end!, items.length, items.length);
  for (let at = from; at < Math.min(to, items.length); at += 1) {
    runtime.step();
    if (isEqual(runtime, items[at]!, value!)) return at;
  }
  throw typeFailure('"index" did not find the item.');
}

function place(bound: Value, length: number, usual: number): number {
  if (bound === null) return usual;
  const at = needInteger('index', bound);
  return Math.max(0, at < 0 ? at + length : at);
}

function count(runtime: Runtime, items: readonly Value[], value: Value): number {
  return items.filter((item) => {
    runtime.step();
    return isEqual(runtime, item, value);
  }).length;
}

function pop(list: Value[], at: number): Value {
  const index = at < 0 ? at + list.length : at;
  const item = list[index];
  if (item === undefined)
    throw typeFailure(
      list.length === 0 ? '"pop" needs a list that is not empty.' : '"pop" got an index outside the list.',
    );
  list.splice(index, 1);
  return item;
}

function removeItem(runtime: Runtime, list: Value[], value: Value): null {
  const at = list.findIndex((item) => {
    runtime.step();
    return isEqual(runtime, item, value);
  });
  if (at === -1) throw typeFailure('"remove" did not find the item.');
  runtime.spend(list.length >> 5);
  list.splice(at, 1);
  return null;
}

function sort(runtime: Runtime, list: Value[], key: Value, reverse: Value): null {
  const keyOf = key instanceof Callable ? (item: Value) => key.call(runtime, [item], null) : null;
  if (key !== null && keyOf === null) throw typeFailure('"sort" needs a key that can be called.');
  const sorted = sortValues(runtime, list, keyOf, isTrue(runtime, reverse));
  list.length = 0;
  for (const item of sorted) list.push(item);
  return null;
}

const listMethods = new Map<string, Method>([
  method('append', 'item', (runtime, list, [item]) => {
    grow(runtime, list, 1);
    list.push(item!);
    return null;
  }),
  method('extend', 'items', (runtime, list, [items]) => {
    const added = listOf(runtime, items!);
    grow(runtime, list, added.length);
    for (const item of added) list.push(item);
    return null;
  }),
  method('insert', 'index, item', (runtime, list, [index, item]) => {
    grow(runtime, list, 1);
    runtime.spend(list.length >> 5);
    list.splice(needInteger('insert', index!), 0, item!);
    return null;
  }),
  method('pop', 'index=-1', (runtime, list, [index]) => {
    runtime.spend(list.length >> 5);
    return pop(list, needInteger('pop', index!));
  }),
  method('remove', 'value', (runtime, list, [value]) => removeItem(runtime, list, value!)),
  method('clear', '', (_, list) => {
    list.length = 0;
    return null;
  }),
  method('copy', '', (runtime, list) => {
    runtime.willMakeList(list.length);
    return list.slice();
  }),
  method('reverse', '', (runtime, list) => {
    runtime.spend(list.length >> 3);
    list.reverse();
    return null;
  }),
  method('sort', 'key=none, reverse=false', (runtime, list, [key, reverse]) => sort(runtime, list, key!, reverse!)),
  method('index', 'value, start=none, end=none', indexOf),
  method('count', 'value', (runtime, list, [value]) => count(runtime, list, value!)),
]);

const tupleMethods = new Map<string, Method>(
  (['index', 'count'] as const).map((name) => [
    name,
    (runtime, self, args, named) => listMethods.get(name)!(runtime, (self as Tuple).items as Value[], args, named),
  ]),
);
