import type { Value } from '../../runtime/values.ts';
import { isNothing, isTruthy, nothing, toNumber, toText } from '../meaning/meaning.ts';
import { dump } from './dump.ts';
import { type Apply, at, byName } from './filter.ts';

const round: Apply = (runtime, value, args) => {
  const precision = isTruthy(at(args, 0)) ? toNumber(runtime, at(args, 0)) : 0;
  const factor = 10 ** precision;
  const scaled = toNumber(runtime, value) * factor;
  const method = at(args, 1);
  const rounded = method === 'ceil' ? Math.ceil(scaled) : method === 'floor' ? Math.floor(scaled) : Math.round(scaled);
  return rounded / factor;
};

const integer: Apply = (runtime, value, args) => {
  const [usual = nothing, base = nothing] = byName(runtime, ['default', 'base'], args);
  const text = toText(runtime, value);
  runtime.look(text.length);
  const number = Number.parseInt(text, isNothing(base) ? 10 : toNumber(runtime, base));
  return Number.isNaN(number) ? usual : number;
};

const float: Apply = (runtime, value, args) => {
  const text = toText(runtime, value);
  runtime.look(text.length);
  const number = Number.parseFloat(text);
  return Number.isNaN(number) ? at(args, 0) : number;
};

const usual: Apply = (_, value, args) => {
  const other: Value = at(args, 0);
  if (isTruthy(at(args, 1))) return isTruthy(value) ? value : other;
  return isNothing(value) ? other : value;
};

/** Filters of numbers, and those of any value. */
export const valueFilters: readonly (readonly [string, Apply])[] = [
  ['abs', (runtime, value) => Math.abs(toNumber(runtime, value))],
  ['default', usual],
  ['d', usual],
  ['dump', dump],
  ['float', float],
  ['int', integer],
  ['round', round],
];
