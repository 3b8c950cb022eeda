import { order } from './compare.ts';
import type { Runtime } from './execution/runtime.ts';
import type { Value } from './values.ts';

/** The items in the stable order of their keys; reversing keeps equal items in their order, as Python does. */
export function sortValues(
  runtime: Runtime,
  items: readonly Value[],
  keyOf: ((item: Value) => Value) | null,
  reverse: boolean,
): Value[] {
  runtime.willMakeList(items.length);
  // A key function may change the list itself.
  const keyed = items.slice().map((item) => {
    runtime.step();
    return { item, key: keyOf === null ? item : keyOf(item) };
  });
  const direction = reverse ? -1 : 1;
  keyed.sort((a, b) => {
    runtime.step();
    return direction * (order(runtime, a.key, b.key) || 0);
  });
  return keyed.map((entry) => entry.item);
}
