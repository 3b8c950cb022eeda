/// <reference path="./liquidjs.d.ts" />
import { Drop, type FilterCall, filters, toValue } from 'liquidjs/dist/liquid.browser.mjs';
import type { OwnContext } from './own-context.ts';

type LiquidFilter = (this: FilterCall, ...values: unknown[]) => unknown;

/** A whole number that a template made with a decimal point: dividing it does not round. Prints as the number. */
class Float extends Drop {
  readonly #value: number;

  constructor(value: number) {
    super();
    this.#value = value;
  }

  override valueOf(): number {
    return this.#value;
  }

  toJSON(): number {
    return this.#value;
  }
}

/** What a template gives a filter, with the text of arguments that are written as numbers: `2.0` is a float. */
function hasFloat(call: FilterCall, operands: readonly unknown[]): boolean {
  const isFloat = (value: unknown) =>
    value instanceof Float || (typeof value === 'string' ? value.includes('.') : !Number.isInteger(toValue(value)));
  const isWrittenFloat = call.token.args.some((arg) => 'kind' in arg && /^[-+]?\d+\.\d*$/.test(arg.getText()));
  return isWrittenFloat || operands.some(isFloat);
}

function libraryFilter(name: string): LiquidFilter {
  const filter = filters[name];
  if (filter === undefined) throw new Error(`There is no filter "${name}".`);
  return filter;
}

/** Arithmetic that remembers whether it is with floats. */
function arithmetic(name: string): LiquidFilter {
  const filter = libraryFilter(name);
  return function (...operands) {
    const result = filter.apply(this, operands.map(toValue));
    return typeof result === 'number' && hasFloat(this, operands) ? new Float(result) : result;
  };
}

const divide: LiquidFilter = function (...operands) {
  const [dividend = 0, divisor = 0] = operands.map((operand) => Number(toValue(operand)) || 0);
  if (divisor === 0) throw new Error('a number cannot be divided by 0');
  const quotient = dividend / divisor;
  return hasFloat(this, operands) ? new Float(quotient) : Math.floor(quotient);
};

const modulo: LiquidFilter = function (...operands) {
  if ((Number(toValue(operands[1])) || 0) === 0) throw new Error('a number cannot be divided by 0');
  return arithmetic('modulo').apply(this, operands);
};

const join: LiquidFilter = function (value, ...rest) {
  const list = toValue(value);
  return libraryFilter('join').apply(this, [Array.isArray(list) ? list.flat(128) : list, ...rest]);
};

/** One blank splits at any whitespace, as in Ruby. */
const split: LiquidFilter = function (value, separator) {
  const text = toValue(value);
  const isWords = toValue(separator) === ' ' && typeof text === 'string';
  return libraryFilter('split').apply(this, isWords ? [text.trim().replace(/\s+/g, ' '), ' '] : [value, separator]);
};

const escapeHtml: LiquidFilter = function (...values) {
  return String(libraryFilter('escape').apply(this, values)).replaceAll('&#34;', '&quot;');
};

/** Dates are read and shown in the time zone that they name, else in UTC, so that every machine gives the same text. */
function dated(name: string): LiquidFilter {
  const filter = libraryFilter(name);
  return function (value, ...rest) {
    return filter.apply(this, [zoned(toValue(value), this), ...rest]);
  };
}

function zoned(value: unknown, { context }: FilterCall): unknown {
  if (typeof value !== 'string' || /^\d+$/.test(value)) return value;
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

/** Filters that would run a value as an expression; templates have them not. */
export const removedLiquidFilters: readonly string[] = [
  'where_exp',
  'reject_exp',
  'group_by_exp',
  'has_exp',
  'find_exp',
  'find_index_exp',
];

/** Filters in which liquidjs differs from Shopify's Liquid, or from itself on another machine. */
export const ownFilters: Readonly<Record<string, LiquidFilter>> = {
  plus: arithmetic('plus'),
  minus: arithmetic('minus'),
  times: arithmetic('times'),
  divided_by: divide,
  modulo,
  join,
  split,
  escape: escapeHtml,
  xml_escape: escapeHtml,
  ...Object.fromEntries(
    ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'].map((name) => [
      name,
      dated(name),
    ]),
  ),
};
