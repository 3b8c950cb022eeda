/// <reference path="./liquidjs.d.ts" />
import { Drop, type FilterCall } from 'liquidjs/dist/liquid.browser.mjs';
import type { Meter } from '../runtime/execution/meter.ts';

type Handler = (this: FilterCall, ...values: unknown[]) => unknown;
type LibraryFilter = Handler | { readonly raw?: boolean; readonly handler: Handler };

/** Filters that take one item or the number of items, however many there are. */
const quick: ReadonlySet<string> = new Set(['default', 'first', 'last', 'raw', 'size']);
/** Cost of some filters on text, relative to reading it. */
const slower: ReadonlyMap<string, number> = new Map([
  ['base64_encode', 16],
  ['base64_decode', 16],
  ['escape', 4],
  ['xml_escape', 4],
  ['strip_html', 4],
  ['slugify', 4],
  ['number_of_words', 4],
]);
/** Filters that give lists of the items that they get; all others write them as text. */
const listing: ReadonlySet<string> = new Set(
  (
    'compact concat find find_index group_by has map pop push reject reverse sample shift slice sort sort_natural ' +
    'sum uniq unshift where'
  ).split(' '),
);
/** Filters that can put a list into a list, so that the same items are there many times over. */
const nesting: ReadonlySet<string> = new Set(['concat', 'group_by', 'map', 'push', 'unshift']);

/** Counts what a filter reads before it runs, and checks its result. */
export function meteredFilter(name: string, filter: LibraryFilter, meterOf: () => Meter): LibraryFilter {
  if (quick.has(name)) return filter;
  const handler = typeof filter === 'function' ? filter : filter.handler;
  const metered: Handler = function (...values) {
    const meter = meterOf();
    meter.step();
    let text = 0;
    for (const value of values) text += weighArgument(meter, value, 0);
    meter.look(text * (slower.get(name) ?? 0));
    if (!listing.has(name) && text > meter.limits.string) throw meter.exceeded('string');
    const result = handler.apply(this, values);
    return isGenerator(result) ? checkLater(meter, name, result) : checkResult(meter, name, result);
  };
  return typeof filter === 'function' ? metered : { ...filter, handler: metered };
}

type Operator = (...operands: readonly unknown[]) => unknown;

/** Counts what `==`, `contains` and the like compare. */
export function meteredOperator(operator: unknown, meterOf: () => Meter): Operator {
  return (...operands) => {
    const meter = meterOf();
    meter.spend(4);
    for (const operand of operands.slice(0, 2)) weighOperand(meter, operand);
    return (operator as Operator)(...operands);
  };
}

function weighOperand(meter: Meter, value: unknown): void {
  if (typeof value === 'string') meter.scan(value.length);
  else if (Array.isArray(value)) {
    meter.spend(4 * value.length);
    for (const item of value) if (typeof item === 'string') meter.scan(item.length);
  }
}

/** Counts text and items; gives the length of all text in a value. */
function weighArgument(meter: Meter, value: unknown, depth: number): number {
  if (typeof value === 'string') {
    meter.look(2 * value.length);
    return value.length;
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > meter.limits.dataDepth) throw meter.exceeded('dataDepth');
  // liquidjs takes some microseconds for an item.
  meter.spend(4);
  let length = 0;
  if (Array.isArray(value)) {
    meter.spend(8 * value.length);
    for (const item of value) length += weighArgument(meter, item, depth + 1);
  } else if (!(value instanceof Drop)) {
    for (const key of Object.keys(value)) {
      length += key.length + weighArgument(meter, (value as Record<string, unknown>)[key], depth + 1);
    }
  }
  return length;
}

function checkResult(meter: Meter, name: string, result: unknown): unknown {
  if (typeof result === 'string') {
    if (result.length > meter.limits.string) throw meter.exceeded('string');
    meter.look(result.length);
  } else if (Array.isArray(result)) {
    if (result.length > meter.limits.list) throw meter.exceeded('list');
    if (nesting.has(name)) checkTree(meter, result);
  }
  return result;
}

function* checkLater(meter: Meter, name: string, result: Generator): Generator {
  return checkResult(meter, name, yield* result);
}

/** A list that holds the same list twice is small in memory, but large to print, compare or iterate. */
function checkTree(meter: Meter, list: readonly unknown[]): void {
  let items = 0;
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const inner: readonly unknown[] = Array.isArray(value) ? value : value instanceof Drop ? [] : Object.values(value);
    items += inner.length;
    if (items > meter.limits.list) throw meter.exceeded('list');
    meter.spend(inner.length >> 2);
    inner.forEach(count);
  };
  count(list);
}

function isGenerator(value: unknown): value is Generator {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value;
}
