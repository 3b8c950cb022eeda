/// <reference path="./liquidjs.d.ts" />
import { LiquidError, type Token } from 'liquidjs/dist/liquid.browser.mjs';
import { createLocator, Failure, limitFailure, problemAt, unknownName } from '../runtime/diagnostics.ts';
import type { Limits } from '../runtime/limits.ts';
import { type Problem, TemplateError } from '../runtime/types.ts';
import { liquidDialect } from './dialect.ts';
import { IncludeFailed } from './render-state.ts';
import { LimitExceeded } from './scope.ts';

interface Where {
  readonly source: string;
  readonly name: string | null;
  readonly limits: Limits;
  readonly parsing: boolean;
}

/** What was thrown while parsing or rendering, in the shape that problems of Jinja templates have. */
export function problemOf(thrown: unknown, where: Where): Problem {
  if (thrown instanceof TemplateError) return thrown.problem;
  const isLiquid = LiquidError.is(thrown);
  const cause = isLiquid ? (thrown.originalError ?? thrown) : thrown;
  if (cause !== thrown && (LiquidError.is(cause) || cause instanceof TemplateError)) return problemOf(cause, where);
  const token = isLiquid ? thrown.token : null;
  const failure = failureOf(cause, isLiquid, token === null ? '' : tagAround(token), where);
  if (failure === null) throw thrown;
  const locator = createLocator(token?.input ?? where.source);
  const place = token === null ? null : (placeOfFilter(cause, token) ?? token);
  return problemAt(failure, token?.file ?? where.name, locator, place?.begin ?? 0, place?.end ?? 0);
}

const undefinedFilter = /^undefined filter: (.*)$/i;
const quotedOrFilter = /"[^"]*"|'[^']*'|\|\s*([^\s:|}%]+)/g;

/** Where the name of a filter that does not exist stands in its tag, which liquidjs does not say. */
function placeOfFilter(cause: unknown, { input, begin, end }: Token): { begin: number; end: number } | null {
  const message = cause instanceof Error ? (cause.message.split(/, (?:file:|line:)|\n/)[0] ?? '') : '';
  const name = undefinedFilter.exec(message)?.[1];
  if (name === undefined) return null;
  for (const found of input.slice(begin, end).matchAll(quotedOrFilter)) {
    const at = begin + found.index + found[0].length - name.length;
    if (found[1] === name) return { begin: at, end: at + name.length };
  }
  return null;
}

function failureOf(cause: unknown, isLiquid: boolean, tag: string, where: Where): Failure | null {
  if (cause instanceof LimitExceeded) return limitFailure(cause.limit, where.limits);
  if (cause instanceof RangeError) return limitFailure(where.parsing ? 'nesting' : 'recursion', where.limits);
  if (cause instanceof IncludeFailed) return new Failure('include', cause.message);
  if (!(cause instanceof Error) || !isLiquid) return null;
  const message = cause.message.replace(/, (file:.*, )?line:\d+, col:\d+/, '').split('\n')[0] ?? '';
  const isSyntax = where.parsing || cause.name === 'ParseError' || cause.name === 'TokenizationError';
  return known(message) ?? new Failure(isSyntax ? 'syntax' : 'type', sentence(reworded(message)), hintFor(tag));
}

/** The messages of liquidjs that have a better wording or a hint. */
function known(message: string): Failure | null {
  const [, filter] = undefinedFilter.exec(message) ?? [];
  if (filter !== undefined) return unknownName('filter', filter, Object.keys(liquidDialect().filters));
  const [, tag] = /^tag "(.*)" not found$/i.exec(message) ?? [];
  if (tag !== undefined) return unknownStatement(tag);
  const [, variable] = /^undefined variable: (.*)$/i.exec(message) ?? [];
  if (variable !== undefined) return new Failure('undefined', `"${variable}" is undefined.`);
  const [, open] = /^tag \{%-?\s*(\w+).* not closed$/i.exec(message) ?? [];
  if (open !== undefined)
    return new Failure('syntax', `The "${open}" is not closed.`, `Add {% end${open} %} where it ends.`);
  if (/^unexpected "if\b/i.test(message)) return new Failure('syntax', '"else if" is no statement.', 'Write "elsif".');
  return null;
}

/** Replaces messages that are about the parser by ones about the template. */
function reworded(message: string): string {
  if (/^expected "\|" before filter/.test(message)) return 'only a filter or an operator may follow the value here';
  const [, value] = /^invalid value expression: (.*)$/.exec(message) ?? [];
  if (value !== undefined) return value === '""' ? 'a value is missing here' : `${value} is not a value`;
  const [, tag] = /^illegal tag: \{%-?\s*(for|tablerow)\b/.exec(message) ?? [];
  return tag === undefined ? message : `the "${tag}" has not the form {% ${tag} item in list %}`;
}

function noStatement(name: string, hint: string): Failure {
  return new Failure('unknown', `There is no statement "${name}".`, hint, undefined, { kind: 'statement', name });
}

function unknownStatement(name: string): Failure {
  if (name === 'elif' || name === 'elseif') return noStatement(name, 'Write "elsif".');
  if (name === 'set') return noStatement(name, 'Write {% assign name = value %}.');
  const begins = /^end(\w+)$/.exec(name)?.[1];
  if (begins !== undefined && Object.hasOwn(liquidDialect().tags, begins))
    return new Failure('syntax', `There is no open "${begins}" for this "${name}".`);
  if (name === 'else' || name === 'elsif' || name === 'when')
    return new Failure('syntax', `"${name}" does not belong here.`);
  return unknownName('statement', name, Object.keys(liquidDialect().tags));
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/&&|\|\|/, 'Write "and" or "or".'],
  [/^\{%-?\s*(?:if|elsif|unless)\b[^=<>!]*[^=<>!]=[^=]/, 'Compare with "==".'],
  [/^\{%-?\s*(?:if|elsif|unless)\s*!/, 'Write "unless", or compare with "!=".'],
];

/** The whole tag that a token is in, for the message. */
function tagAround({ input, begin, end }: Token): string {
  const start = Math.max(input.lastIndexOf('{%', begin), input.lastIndexOf('{{', begin), 0);
  const close = /[%}]\}/.exec(input.slice(begin, begin + 1000));
  return input.slice(start, close === null ? end : begin + close.index + 2).slice(0, 1000);
}

function hintFor(tag: string): string | undefined {
  return hints.find(([pattern]) => pattern.test(tag))?.[1];
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
