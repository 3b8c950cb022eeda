import type { Runtime } from '../../runtime/execution/runtime.ts';
import type { Value } from '../../runtime/values.ts';
import { indexIn, isNothing, joinItems, orNothing, toText } from '../meaning/meaning.ts';
import { integerAt, type Method, optionalText, refuseFunction } from '../meaning/method.ts';
import { sortByText } from '../meaning/sorting.ts';

type ListMethod = (runtime: Runtime, list: Value[], args: readonly Value[]) => Value;

function method(name: string, run: ListMethod): readonly [string, Method] {
  return [
    name,
    (runtime, self, args) => {
      const list = self as Value[];
      runtime.spend(1 + (list.length >> 5));
      return run(runtime, list, args);
    },
  ];
}

/** A place counted from the end when it is negative, within the list. */
function place(length: number, wanted: number): number {
  return wanted < 0 ? Math.max(0, length + wanted) : Math.min(length, wanted);
}

function grow(runtime: Runtime, list: Value[], count: number): void {
  if (list.length + count > runtime.limits.list) throw runtime.exceeded('list');
  runtime.spend(count);
}

function concat(runtime: Runtime, list: readonly Value[], args: readonly Value[]): Value[] {
  const parts = [list, ...args.map((arg) => (Array.isArray(arg) ? arg : [arg]))];
  runtime.willMakeList(parts.reduce((length, items) => length + items.length, 0));
  return parts.flat();
}

function flatten(runtime: Runtime, list: readonly Value[], depth: number, into: Value[], level = 0): Value[] {
  if (level > runtime.limits.dataDepth) throw runtime.exceeded('dataDepth');
  for (const item of list) {
    runtime.step();
    if (Array.isArray(item) && depth > 0) flatten(runtime, item, depth - 1, into, level + 1);
    else into.push(item);
    if (into.length > runtime.limits.list) throw runtime.exceeded('list');
  }
  return into;
}

function splice(runtime: Runtime, list: Value[], args: readonly Value[]): Value[] {
  if (args.length === 0) return [];
  const start = place(list.length, integerAt(runtime, args, 0, 0));
  const count =
    args.length === 1
      ? list.length - start
      : Math.min(Math.max(0, integerAt(runtime, args, 1, 0)), list.length - start);
  const added = args.slice(2);
  grow(runtime, list, Math.max(0, added.length - count));
  return list.splice(start, count, ...added);
}

/** Methods of lists; those that take a function are not there, because a template has none to give. */
export const listMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  method('at', (runtime, list, args) => orNothing(list.at(integerAt(runtime, args, 0, 0)))),
  method('concat', concat),
  method('fill', (runtime, list, args) => {
    runtime.spend(list.length >> 2);
    const end = integerAt(runtime, args, 2, list.length);
    return list.fill(orNothing(args[0]), integerAt(runtime, args, 1, 0), end);
  }),
  method('flat', (runtime, list, args) => flatten(runtime, list, integerAt(runtime, args, 0, 1), [])),
  method('includes', (runtime, list, args) => {
    const item = orNothing(args[0]);
    const isNotNumber = typeof item === 'number' && Number.isNaN(item);
    if (isNotNumber) return list.some((other) => typeof other === 'number' && Number.isNaN(other));
    return indexIn(runtime, list, item, place(list.length, integerAt(runtime, args, 1, 0))) !== -1;
  }),
  method('indexOf', (runtime, list, args) =>
    indexIn(runtime, list, orNothing(args[0]), place(list.length, integerAt(runtime, args, 1, 0))),
  ),
  method('lastIndexOf', (runtime, list, args) => {
    runtime.spend(list.length);
    const at = indexIn(runtime, list.toReversed(), orNothing(args[0]));
    return at === -1 ? -1 : list.length - 1 - at;
  }),
  method('join', (runtime, list, args) => joinItems(runtime, list, optionalText(runtime, args, 0) ?? ',')),
  method('pop', (_, list) => orNothing(list.pop())),
  method('push', (runtime, list, args) => {
    grow(runtime, list, args.length);
    return list.push(...args);
  }),
  method('reverse', (runtime, list) => {
    runtime.spend(list.length >> 2);
    return list.reverse();
  }),
  method('shift', (runtime, list) => {
    runtime.spend(list.length >> 3);
    return orNothing(list.shift());
  }),
  method('slice', (runtime, list, args) => {
    const end = isNothing(orNothing(args[1])) ? undefined : integerAt(runtime, args, 1, 0);
    const sliced = list.slice(integerAt(runtime, args, 0, 0), end);
    runtime.willMakeList(sliced.length);
    return sliced;
  }),
  method('sort', (runtime, list, args) => {
    refuseFunction('sort', args[0]);
    const sorted = sortByText(runtime, list);
    for (const [index, item] of sorted.entries()) list[index] = item;
    return list;
  }),
  method('splice', splice),
  method('toString', (runtime, list) => toText(runtime, list)),
  method('unshift', (runtime, list, args) => {
    grow(runtime, list, args.length);
    runtime.spend(list.length >> 3);
    return list.unshift(...args);
  }),
]);
