/// <reference path="./liquidjs.d.ts" />
import {
  type Context,
  evalToken,
  type FilterArgument,
  type FilteredValueToken,
  type LiquidNode,
  type PropertyAccessToken,
  type RangeToken,
  TokenKind,
  toValue,
  type Value,
  type ValueToken,
} from 'liquidjs/dist/liquid.browser.mjs';
import { defaultLimits } from '../runtime/limits.ts';
import { Float } from './floats.ts';
import { LimitExceeded } from './scope.ts';

/**
 * Corrects literal values of liquidjs: `2.0` is a float, and the ends of a range are whole numbers within the limit.
 */
export function adaptValues(node: LiquidNode): void {
  for (const argument of node.arguments?.() ?? []) {
    if (argument === undefined) continue;
    if ('kind' in argument) adaptToken(argument);
    else adaptExpression(argument);
  }
}

function adaptExpression({ initial, filters }: Pick<Value, 'initial' | 'filters'>): void {
  for (const token of initial.postfix) adaptToken(token);
  for (const { args } of filters) args.forEach(adaptArgument);
}

function adaptArgument(argument: FilterArgument): void {
  adaptToken('kind' in argument ? argument : argument[1]);
}

function adaptToken(token: ValueToken | undefined): void {
  if (token === undefined) return;
  if (token.kind === TokenKind.FilteredValue) adaptExpression(token as FilteredValueToken);
  if (token.kind === TokenKind.PropertyAccess) adaptToken((token as PropertyAccessToken).variable);
  if (token.kind === TokenKind.Range) adaptRange(token as RangeToken);
  const isWhole = token.kind === TokenKind.Number && Number.isInteger(token.content);
  if (isWhole && token.getText().includes('.')) Object.assign(token, { content: new Float(token.content as number) });
}

/** Replaces the range by a value with an expression of our own, because liquidjs would evaluate it without limits. */
function adaptRange(token: RangeToken): void {
  const { lhs, rhs } = token;
  function* evaluate(context: Context): Generator {
    const first = toInteger(toValue(yield evalToken(lhs, context)));
    const last = toInteger(toValue(yield evalToken(rhs, context)));
    const length = Math.max(0, last - first + 1);
    if (length > defaultLimits.range) throw new LimitExceeded('range');
    context.memoryLimit.use(length);
    return Array.from({ length }, (_, index) => first + index);
  }
  Object.assign(token, { kind: TokenKind.FilteredValue, initial: { postfix: [lhs, rhs], evaluate }, filters: [] });
}

function toInteger(value: unknown): number {
  const number = typeof value === 'number' ? Math.trunc(value) : Number.parseInt(String(value ?? ''), 10);
  return Number.isNaN(number) ? 0 : number;
}
