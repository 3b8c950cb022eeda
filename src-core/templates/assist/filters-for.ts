import type { Catalogue } from '../builtins/catalogue.ts';
import type { Knowledge } from './knowledge.ts';
import { type Local, resolvePath } from './locals.ts';
import type { OpenTag } from './place-at.ts';
import { shapeOf } from './shapes.ts';
import { documented, type Suggestion } from './suggestion.ts';

/** Those that fit what they are applied to come first, each group by name. */
export function filtersFor(
  { code }: OpenTag,
  word: string,
  knowledge: Knowledge,
  { filters }: Catalogue,
  locals: ReadonlyMap<string, Local>,
): readonly Suggestion[] {
  const operand = /([\p{XID_Start}_][\p{XID_Continue}.]*)\s*\|\s*$/u.exec(
    code.slice(0, code.length - word.length),
  )?.[1];
  const path = operand === undefined ? null : resolvePath(operand, (name) => locals.get(name));
  const fitting = fittingOperands[(path !== null && shapeOf(path, knowledge).type) || 'unknown'];
  const rank = (suggestion: Suggestion) => (fitting === undefined || fitting.includes(suggestion.detail) ? 0 : 1);
  return [...filters.values()]
    .map((entry) => documented('filter', entry))
    .sort((a, b) => rank(a) - rank(b) || (a.label < b.label ? -1 : 1));
}

/** What the signatures of filters call values of a type. */
const fittingOperands: Readonly<Record<string, readonly string[] | undefined>> = {
  string: ['text', 'value'],
  enum: ['text', 'value'],
  number: ['number', 'bytes', 'value'],
  array: ['list', 'value'],
  'array<string>': ['list', 'value'],
  object: ['dict', 'object', 'value'],
};
