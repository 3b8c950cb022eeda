import type { Runtime } from '../runtime/execution/runtime.ts';
import { Callable, Instance, type Value } from '../runtime/values.ts';
import { isNothing, isTruthy, nothing, orNothing, toNumber } from './meaning/meaning.ts';

function range(runtime: Runtime, args: readonly Value[]): Value {
  const [first = nothing, second = nothing, third = nothing] = args;
  const hasStop = !isNothing(second);
  const start = hasStop ? toNumber(runtime, first) : 0;
  const stop = toNumber(runtime, hasStop ? second : first);
  const step = hasStop && isTruthy(third) ? toNumber(runtime, third) : 1;
  const items: Value[] = [];
  const goes = step > 0 ? (at: number) => at < stop : (at: number) => at > stop;
  for (let at = start; goes(at); at += step) {
    if (items.length >= runtime.limits.range) throw runtime.exceeded('range');
    runtime.step();
    items.push(at);
  }
  return items;
}

/** Gives its items in turn. */
function cycler(items: readonly Value[]): Instance {
  let index = -1;
  let current: Value = null;
  const members: ReadonlyMap<string, () => Value> = new Map([
    ['current', () => current],
    [
      'next',
      () =>
        new Callable('next', () => {
          index = index + 1 >= items.length ? 0 : index + 1;
          current = orNothing(items[index]);
          return current;
        }),
    ],
    [
      'reset',
      () =>
        new Callable('reset', () => {
          index = -1;
          current = null;
          return nothing;
        }),
    ],
  ]);
  return new Instance({
    type: 'cycler',
    attribute: (name) => members.get(name)?.(),
    print: () => '[object Object]',
  });
}

/** Empty when it is called first, the separator from then on. */
function joiner(runtime: Runtime, separator: Value): Callable {
  const text = isTruthy(separator) ? separator : ',';
  let isFirst = true;
  runtime.step();
  return new Callable('joiner', () => {
    const shown = isFirst ? '' : text;
    isFirst = false;
    return shown;
  });
}

/** Names that every nunjucks template has. */
export const nunjucksGlobals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', new Callable('range', range)],
  ['cycler', new Callable('cycler', (_, args) => cycler(args.slice()))],
  ['joiner', new Callable('joiner', (runtime, args) => joiner(runtime, orNothing(args[0])))],
]);

/** Names that are not inputs wherever they are read. */
export const nunjucksGlobalNames: ReadonlySet<string> = new Set([...nunjucksGlobals.keys(), 'undefined']);
