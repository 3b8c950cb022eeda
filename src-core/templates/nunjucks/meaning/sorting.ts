import type { Runtime } from '../../runtime/execution/runtime.ts';
import type { Value } from '../../runtime/values.ts';
import { isNothing, toText } from './meaning.ts';

/** A sorted copy; `order` is called with the same pairs as in JavaScript's sort. */
export function sortWith<Item>(
  runtime: Runtime,
  items: readonly Item[],
  order: (left: Item, right: Item) => number,
): Item[] {
  runtime.willMakeList(items.length);
  return items.toSorted((left, right) => {
    runtime.spend(2);
    return order(left, right);
  });
}

/** As `list.sort()`: by the text of the items, what is undefined last. */
export function sortByText(runtime: Runtime, items: readonly Value[]): Value[] {
  const keyed = items.filter((item) => !isNothing(item)).map((item) => ({ item, key: toText(runtime, item) }));
  const sorted = sortWith(runtime, keyed, (left, right) => {
    runtime.scan(Math.min(left.key.length, right.key.length));
    return left.key < right.key ? -1 : Number(left.key > right.key);
  });
  return [...sorted.map(({ item }) => item), ...items.filter(isNothing)];
}
