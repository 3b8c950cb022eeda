import { typeFailure } from '../../runtime/diagnostics.ts';
import { deleteEntry, getEntry, setEntry } from '../../runtime/dict-keys.ts';
import { bindArguments, parameters, refuseNames } from '../../runtime/execution/arguments.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { reprValue } from '../../runtime/print.ts';
import { itemsOf } from '../../runtime/sequences.ts';
import { Dict, DictView, type Named, Tuple, type Value } from '../../runtime/values.ts';

type Method = (runtime: Runtime, self: Value, args: Value[], named: Named) => Value;

/** What Python's `dict` does, for the listed methods. */
export function dictMethod(name: string): Method | undefined {
  return methods.get(name);
}

export function dictMethodNames(): Iterable<string> {
  return methods.keys();
}

function method(
  name: string,
  notation: string,
  run: (runtime: Runtime, dict: Dict, args: Value[]) => Value,
): readonly [string, Method] {
  const params = parameters(notation);
  return [
    name,
    (runtime, self, args, named) => {
      refuseNames(name, named);
      return run(runtime, self as Dict, bindArguments(name, params, args, null));
    },
  ];
}

/** Adds what `dict(…)` and `update(…)` take: a dict or pairs, then keyword arguments. */
export function updateDict(runtime: Runtime, dict: Dict, source: Value | undefined, named: Named): void {
  if (source instanceof Dict) {
    for (const [hashed, value] of [...source.map]) setEntry(runtime, dict, source.keyOf(hashed), value);
  } else if (source !== undefined) {
    for (const pair of itemsOf(runtime, source)) {
      runtime.step();
      const items = itemsOf(runtime, pair);
      if (items.length !== 2) throw typeFailure('A dict is made of pairs of a key and a value.');
      setEntry(runtime, dict, items[0]!, items[1]!);
    }
  }
  for (const [name, value] of named ?? []) setEntry(runtime, dict, name, value);
}

function copyDict(runtime: Runtime, dict: Dict): Dict {
  const copy = new Dict();
  updateDict(runtime, copy, dict, null);
  return copy;
}

function pop(runtime: Runtime, dict: Dict, args: readonly Value[]): Value {
  const value = getEntry(runtime, dict, args[0] ?? null);
  if (value !== undefined) {
    deleteEntry(runtime, dict, args[0] ?? null);
    return value;
  }
  if (args[1] !== undefined) return args[1];
  throw typeFailure(`"pop" did not find the key ${reprValue(runtime, args[0] ?? null).slice(0, 80)}.`);
}

function popItem(runtime: Runtime, dict: Dict): Tuple {
  runtime.spend(dict.map.size >> 3);
  const last = [...dict.map.keys()].at(-1);
  if (last === undefined) throw typeFailure('"popitem" needs a dict that is not empty.');
  const pair = new Tuple([dict.keyOf(last), dict.map.get(last)!]);
  dict.map.delete(last);
  dict.originals?.delete(last);
  return pair;
}

const methods = new Map<string, Method>([
  method('get', 'key, default=none', (runtime, dict, [key, usual]) => {
    const value = getEntry(runtime, dict, key!);
    return value === undefined ? usual! : value;
  }),
  method('keys', '', (_, dict) => new DictView(dict, 'keys')),
  method('values', '', (_, dict) => new DictView(dict, 'values')),
  method('items', '', (_, dict) => new DictView(dict, 'items')),
  method('copy', '', (runtime, dict) => copyDict(runtime, dict)),
  method('clear', '', (_, dict) => {
    dict.map.clear();
    dict.originals = null;
    return null;
  }),
  method('setdefault', 'key, default=none', (runtime, dict, [key, usual]) => {
    const value = getEntry(runtime, dict, key!);
    if (value !== undefined) return value;
    setEntry(runtime, dict, key!, usual!);
    return usual!;
  }),
  method('popitem', '', popItem),
  method('fromkeys', 'iterable, value=none', (runtime, _, [keys, value]) => {
    const dict = new Dict();
    for (const key of itemsOf(runtime, keys!)) setEntry(runtime, dict, key, value!);
    return dict;
  }),
  [
    'pop',
    (runtime, self, args, named) => {
      refuseNames('pop', named);
      if (args.length < 1 || args.length > 2) throw typeFailure('"pop" needs a key and may take a default.');
      return pop(runtime, self as Dict, args);
    },
  ],
  [
    'update',
    (runtime, self, args, named) => {
      if (args.length > 1) throw typeFailure(`"update" takes at most 1 argument, but got ${args.length}.`);
      updateDict(runtime, self as Dict, args[0], named);
      return null;
    },
  ],
]);
