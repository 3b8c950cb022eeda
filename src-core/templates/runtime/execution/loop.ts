import { isEqual } from '../compare.ts';
import { typeFailure } from '../diagnostics.ts';
import { Callable, Instance, Tuple, Undefined, type Value } from '../values.ts';
import { bindArguments, parameters } from './arguments.ts';
import type { Runtime } from './runtime.ts';

/** Renders a recursive loop again over other items, one level deeper. */
export type Recurse = (items: Value, depth: number) => Value;

/** What a `for` statement is doing; the variable `loop` shows it. */
export interface LoopState {
  /** Moves to the next item; false when there is none. */
  advance(): boolean;
  current(): Value;
  readonly variable: Instance;
}

/** A loop over the `items` that `accepts` allows; it is called as late as possible. */
export function createLoop(
  runtime: Runtime,
  items: readonly Value[],
  accepts: ((item: Value) => boolean) | null,
  depth: number,
  recurse: Recurse | null,
): LoopState {
  let at = 0;
  let index = -1;
  let item: Value = null;
  let previous: Value = null;
  /** Items that were read ahead. */
  const ahead: Value[] = [];
  let aheadFrom = 0;
  let lastChanged: Value | null = null;

  const pull = (): Value | undefined => {
    while (at < items.length) {
      const candidate = items[at]!;
      at += 1;
      runtime.step();
      if (accepts === null || accepts(candidate)) return candidate;
    }
    return undefined;
  };
  const peek = (): Value | undefined => {
    if (aheadFrom === ahead.length) {
      const next = pull();
      if (next !== undefined) ahead.push(next);
    }
    return ahead[aheadFrom];
  };
  const length = (): number => {
    if (accepts === null) return items.length;
    for (let next = pull(); next !== undefined; next = pull()) ahead.push(next);
    return index + 1 + ahead.length - aheadFrom;
  };
  const changed = (values: Value[]): boolean => {
    const value = new Tuple(values);
    if (lastChanged !== null && isEqual(runtime, lastChanged, value)) return false;
    lastChanged = value;
    return true;
  };
  const attribute = (name: string): Value | undefined => {
    switch (name) {
      case 'index':
        return index + 1;
      case 'index0':
        return index;
      case 'revindex':
        return length() - index;
      case 'revindex0':
        return length() - index - 1;
      case 'first':
        return index === 0;
      case 'last':
        return peek() === undefined;
      case 'length':
        return length();
      case 'depth':
        return depth + 1;
      case 'depth0':
        return depth;
      case 'previtem':
        return index === 0 ? new Undefined('There is no item before the first.') : previous;
      case 'nextitem': {
        const next = peek();
        return next === undefined ? new Undefined('There is no item after the last.') : next;
      }
      case 'cycle':
        return new Callable('<bound method LoopContext.cycle>', (_, values) => {
          if (values.length === 0) throw typeFailure('"loop.cycle" needs values to cycle through.');
          return values[index % values.length]!;
        });
      case 'changed':
        return new Callable('<bound method LoopContext.changed>', (_, values) => changed(values));
      default:
        return undefined;
    }
  };
  return {
    advance() {
      const isAhead = aheadFrom < ahead.length;
      const next = isAhead ? ahead[aheadFrom] : pull();
      if (isAhead) aheadFrom += 1;
      if (next === undefined) return false;
      index += 1;
      previous = item;
      item = next;
      return true;
    },
    current: () => item,
    variable: new Instance({
      type: 'loop',
      attribute,
      length,
      print: () => `<LoopContext ${index + 1}/${length()}>`,
      call: (_, args, named) => {
        const [inner] = bindArguments('loop', recursiveParameters, args, named);
        if (recurse === null) throw typeFailure('Only a loop that is marked "recursive" can be called.');
        return recurse(inner!, depth + 1);
      },
    }),
  };
}

const recursiveParameters = parameters('iterable');
