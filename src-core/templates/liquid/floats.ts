/// <reference path="./liquidjs.d.ts" />
import {
  Drop,
  type FilterArgument,
  type FilteredValueToken,
  type LiquidNode,
  TokenKind,
  toValue,
  type Value,
  type ValueToken,
} from 'liquidjs/dist/liquid.browser.mjs';

/** A number that was written with a decimal point, or made of such a one: dividing it does not round. */
export class Float extends Drop {
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

export function isFloat(value: unknown): boolean {
  if (value instanceof Float) return true;
  return typeof value === 'string' ? value.includes('.') : !Number.isInteger(toValue(value) ?? 0);
}

/** Makes `2.0` in a node's own values a Float: for liquidjs it is the same as `2`. */
export function markFloats(node: LiquidNode): void {
  for (const argument of node.arguments?.() ?? []) {
    if (argument === undefined) continue;
    if ('kind' in argument) markToken(argument);
    else markExpression(argument);
  }
}

function markExpression({ initial, filters }: Pick<Value, 'initial' | 'filters'>): void {
  for (const token of initial.postfix) markToken(token);
  for (const { args } of filters) args.forEach(markArgument);
}

function markArgument(argument: FilterArgument): void {
  markToken('kind' in argument ? argument : argument[1]);
}

function markToken(token: ValueToken | undefined): void {
  if (token?.kind === TokenKind.FilteredValue) markExpression(token as FilteredValueToken);
  const isWhole = token?.kind === TokenKind.Number && Number.isInteger(token.content);
  if (isWhole && token.getText().includes('.')) Object.assign(token, { content: new Float(token.content as number) });
}
