/// <reference path="./liquidjs.d.ts" />
import { type FilterCall, filters, toValue } from 'liquidjs/dist/liquid.browser.mjs';
import { defaultLimits } from '../runtime/limits.ts';
import { Float, isFloat } from './floats.ts';
import type { OwnContext } from './own-context.ts';
import { weigh } from './weigh.ts';

type LiquidFilter = (this: FilterCall, ...values: unknown[]) => unknown;

function libraryFilter(name: string): LiquidFilter {
  const filter = filters[name];
  if (filter === undefined) throw new Error(`There is no filter "${name}".`);
  return filter;
}

/** Decimal arithmetic, as in Ruby: `0.1 | plus: 0.2` is 0.3. The result is a float when an operand is. */
function arithmetic(name: string): LiquidFilter {
  const filter = libraryFilter(name);
  return function (...operands) {
    const result = Number(filter.apply(this, operands.map(toValue)));
    if (!operands.some(isFloat)) return result;
    return new Float(Number.isFinite(result) ? Number(result.toPrecision(15)) : result);
  };
}

const divide: LiquidFilter = (...operands) => {
  const quotient = numberOf(operands[0]) / divisorOf(operands[1]);
  return operands.some(isFloat) ? new Float(quotient) : Math.floor(quotient);
};

const modulo: LiquidFilter = function (...operands) {
  divisorOf(operands[1]);
  return arithmetic('modulo').apply(this, operands);
};

const numberOf = (value: unknown): number => Number(toValue(value)) || 0;

function divisorOf(value: unknown): number {
  const divisor = numberOf(value);
  if (divisor === 0) throw new Error('a number cannot be divided by 0');
  return divisor;
}

/** Lists inside a list count as their items. */
function flat(name: string): LiquidFilter {
  const filter = libraryFilter(name);
  return function (value, ...rest) {
    const list = toValue(value);
    return filter.apply(this, [Array.isArray(list) ? flatten(list) : value, ...rest]);
  };
}

function flatten(list: readonly unknown[]): unknown[] {
  if (!list.some(Array.isArray)) return [...list];
  weigh(list);
  return list.flat(defaultLimits.dataDepth);
}

/** Adds a value to a list; fails when the list with all that is in it becomes too large to read. */
function adding(name: string): LiquidFilter {
  const filter = libraryFilter(name);
  return function (...operands) {
    const result = filter.apply(this, operands);
    if (Array.isArray(result)) weigh(result);
    return result;
  };
}

const compact: LiquidFilter = function (value, property) {
  if (property === undefined) return flat('compact').apply(this, [value]);
  const list = flatten([toValue(value)]);
  const isThere = (item: unknown) => (this.context.readProperty(item, toValue(property)) ?? null) !== null;
  this.context.memoryLimit.use(list.length);
  return list.filter(isThere);
};

/** One blank splits at any whitespace, as in Ruby. */
const split: LiquidFilter = function (value, separator) {
  const text = toValue(value);
  const isWords = toValue(separator) === ' ' && typeof text === 'string';
  return libraryFilter('split').apply(this, isWords ? [text.trim().replace(/\s+/g, ' '), ' '] : [value, separator]);
};

/** Random items; liquidjs would sort the whole list and split a text. */
const sample: LiquidFilter = (value, count = 1) => {
  const list = toValue(value);
  if (list === undefined || list === null) return [];
  const items = Array.isArray(list) ? list.slice() : Array.from(String(list));
  const wanted = Number(toValue(count));
  if (wanted === 1) return items[Math.floor(Math.random() * items.length)];
  for (let at = 0; at < Math.min(wanted, items.length); at += 1) {
    const other = at + Math.floor(Math.random() * (items.length - at));
    [items[at], items[other]] = [items[other], items[at]];
  }
  return items.slice(0, wanted);
};

const escapeHtml: LiquidFilter = function (...values) {
  return String(libraryFilter('escape').apply(this, values)).replaceAll('&#34;', '&quot;');
};

/** Dates are read and shown in the time zone that they name, else in UTC, so that every machine gives the same text. */
function dated(name: string): LiquidFilter {
  const filter = libraryFilter(name);
  return function (value, format, ...rest) {
    return filter.apply(this, [zoned(toValue(value), this), withLongForms(format), ...rest]);
  };
}

/** Directives that liquidjs does not know, in those that it knows. */
const longForms: Readonly<Record<string, string>> = {
  '%F': '%Y-%m-%d',
  '%T': '%H:%M:%S',
  '%R': '%H:%M',
  '%D': '%m/%d/%y',
  '%r': '%I:%M:%S %p',
  '%h': '%b',
};

function withLongForms(format: unknown): unknown {
  if (typeof format !== 'string') return format;
  return format.replace(/%[%FTRDrh]/g, (directive) => longForms[directive] ?? directive);
}

function zoned(value: unknown, { context }: FilterCall): unknown {
  if (typeof value !== 'string' || value.length > 100 || /^\d+$/.test(value)) return value;
  if (value === 'now' || value === 'today') return (context as OwnContext).now / 1000;
  const text = value.trim();
  if (/\d:\d\d.*[+-]\d\d:?\d\d$/.test(text)) return text;
  const namesZone = /(?:\d|\b)(?:Z|UTC|GMT)$/i.test(text);
  const iso = text.replace(/^(\d{4}-\d\d-\d\d) (?=\d\d:)/, '$1T');
  const time = Date.parse(
    namesZone ? text : /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${iso}${isIso(iso) ? 'Z' : ' UTC'}`,
  );
  return Number.isNaN(time) ? value : new Date(time).toISOString();
}

const isIso = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text);

/** Filters that evaluate a value as an expression; they are removed. */
export const removedLiquidFilters: readonly string[] = [
  'where_exp',
  'reject_exp',
  'group_by_exp',
  'has_exp',
  'find_exp',
  'find_index_exp',
];

/** Filters in which liquidjs differs from Shopify's Liquid, or gives other results on other machines. */
export const ownFilters: Readonly<Record<string, LiquidFilter>> = {
  plus: arithmetic('plus'),
  minus: arithmetic('minus'),
  times: arithmetic('times'),
  divided_by: divide,
  modulo,
  push: adding('push'),
  unshift: adding('unshift'),
  compact,
  sample,
  split,
  escape: escapeHtml,
  xml_escape: escapeHtml,
  ...Object.fromEntries(
    ['join', 'map', 'sum', 'where', 'reject', 'find', 'has', 'sort', 'sort_natural', 'uniq', 'reverse'].map((name) => [
      name,
      flat(name),
    ]),
  ),
  ...Object.fromEntries(
    ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'].map((name) => [
      name,
      dated(name),
    ]),
  ),
};
