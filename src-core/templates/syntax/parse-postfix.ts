import { limitFailure } from '../runtime/diagnostics.ts';
import { defaultLimits } from '../runtime/limits.ts';
import { LocatedFailure, syntaxFailure } from './located-failure.ts';
import type { Arguments, Expression, FilterNode, SliceNode, Span } from './nodes.ts';
import { parseExpression, parsePrimary } from './parse-expressions.ts';
import { describe, type TokenStream, unexpected } from './token-stream.ts';

/** Most subscripts, calls, filters and tests in a chain; each nests in the next, so they are limited like nesting. */
const longestChain = 200;

/** Counts one more link of a chain. */
export function countLink(tokens: TokenStream, links: number): number {
  if (links < longestChain) return links + 1;
  const { start, end } = tokens.current();
  throw new LocatedFailure(limitFailure('nesting', defaultLimits), start, end);
}

/** Attributes, subscripts and calls after a value. */
export function parsePostfix(tokens: TokenStream, first: Expression): Expression {
  let expression = first;
  for (let links = 0; ; links = countLink(tokens, links)) {
    if (tokens.isOperator('.')) expression = parseDot(tokens, expression);
    else if (tokens.isOperator('[')) expression = parseSubscript(tokens, expression);
    else if (tokens.isOperator('(')) expression = parseCall(tokens, expression);
    else return expression;
  }
}

function parseDot(tokens: TokenStream, object: Expression): Expression {
  tokens.next();
  const token = tokens.next();
  if (token.kind === 'name') return { kind: 'attribute', object, name: token.text, ...tokens.span(object.start) };
  if (token.kind !== 'integer') throw unexpected(token, 'a name or a whole number');
  const key: Expression = { kind: 'constant', value: token.value, ...tokens.span(token.start) };
  return { kind: 'item', object, key, ...tokens.span(object.start) };
}

function parseSubscript(tokens: TokenStream, object: Expression): Expression {
  const open = tokens.expectOperator('[');
  const keys: (Expression | SliceNode)[] = [];
  tokens.nested(() => {
    while (!tokens.isOperator(']')) {
      if (keys.length > 0) tokens.expectOperator(',');
      keys.push(parseKey(tokens));
    }
  });
  tokens.expectOperator(']');
  const only = keys[0];
  if (keys.length === 1 && only !== undefined) return { kind: 'item', object, key: only, ...tokens.span(object.start) };
  if (keys.some((key) => key.kind === 'slice')) {
    throw syntaxFailure('A slice stands alone between square brackets.', open.start, tokens.lastEnd());
  }
  const key: Expression = { kind: 'tuple', items: keys as Expression[], ...tokens.span(open.start) };
  return { kind: 'item', object, key, ...tokens.span(object.start) };
}

function parseKey(tokens: TokenStream): Expression | SliceNode {
  const start = tokens.current().start;
  const from = tokens.isOperator(':') ? null : parseExpression(tokens);
  if (from !== null && !tokens.isOperator(':')) return from;
  tokens.expectOperator(':');
  const to = sliceBound(tokens);
  const step = tokens.skipOperator(':') ? sliceBound(tokens) : null;
  return { kind: 'slice', from, to, step, ...tokens.span(start) };
}

function sliceBound(tokens: TokenStream): Expression | null {
  const isAbsent = tokens.isOperator(':') || tokens.isOperator(']') || tokens.isOperator(',');
  return isAbsent ? null : parseExpression(tokens);
}

function parseCall(tokens: TokenStream, callee: Expression): Expression {
  const args = parseArguments(tokens);
  return { kind: 'call', callee, args, ...tokens.span(callee.start) };
}

const noArguments: Arguments = { positional: [], named: [], spread: null, namedSpread: null };

function parseArguments(tokens: TokenStream): Arguments {
  const open = tokens.expectOperator('(');
  const positional: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
  const names = new Set<string>();
  let spread: Expression | null = null;
  let namedSpread: Expression | null = null;
  const check = (isValid: boolean) => {
    if (!isValid)
      throw syntaxFailure(
        'The arguments of a call are positional first, then named, then "*" and "**".',
        open.start,
        tokens.current().end,
      );
  };
  tokens.nested(() => {
    for (let isFirst = true; !tokens.isOperator(')'); isFirst = false) {
      if (!isFirst) tokens.expectOperator(',');
      if (tokens.isOperator(')')) break;
      if (tokens.skipOperator('*')) {
        check(spread === null && namedSpread === null);
        spread = parseExpression(tokens);
      } else if (tokens.skipOperator('**')) {
        check(namedSpread === null);
        namedSpread = parseExpression(tokens);
      } else if (tokens.current().kind === 'name' && tokens.look().kind === 'operator' && tokens.look().text === '=') {
        check(namedSpread === null);
        const name = tokens.next().text;
        tokens.next();
        check(!names.has(name));
        names.add(name);
        named.push({ name, value: parseExpression(tokens) });
      } else {
        check(spread === null && namedSpread === null && named.length === 0);
        positional.push(parseExpression(tokens));
      }
    }
  });
  tokens.expectOperator(')');
  return { positional, named, spread, namedSpread };
}

/** Filters, tests and calls after a value. */
export function parseFiltersAndTests(tokens: TokenStream, first: Expression): Expression {
  let expression = first;
  for (let links = 0; ; links = countLink(tokens, links)) {
    if (tokens.isOperator('|')) {
      tokens.next();
      expression = parseFilter(tokens, expression, expression.start);
    } else if (tokens.isName('is')) expression = parseTest(tokens, expression);
    else if (tokens.isOperator('(')) expression = parseCall(tokens, expression);
    else return expression;
  }
}

/** One filter, whose `|` was read. */
function parseFilter(tokens: TokenStream, operand: Expression | null, start: number): FilterNode {
  const { name, named } = parseDottedName(tokens);
  const args = tokens.isOperator('(') ? parseArguments(tokens) : noArguments;
  return { kind: 'filter', operand, name, named, args, ...tokens.span(start) };
}

/** The filters of a `filter` or `set` block; the innermost has no operand. */
export function parseBlockFilters(tokens: TokenStream): FilterNode {
  let filter = parseFilter(tokens, null, tokens.current().start);
  for (let links = 0; tokens.skipOperator('|'); links = countLink(tokens, links)) {
    filter = parseFilter(tokens, filter, filter.start);
  }
  return filter;
}

function parseDottedName(tokens: TokenStream): { readonly name: string; readonly named: Span } {
  const first = tokens.expectName();
  let name = first.text;
  while (tokens.skipOperator('.')) name += `.${tokens.expectName().text}`;
  return { name, named: { start: first.start, end: tokens.lastEnd() } };
}

const notArguments: ReadonlySet<string> = new Set(['else', 'or', 'and']);

function parseTest(tokens: TokenStream, operand: Expression): Expression {
  tokens.next();
  const isNegated = tokens.skipName('not');
  const { name, named } = parseDottedName(tokens);
  const args = parseTestArguments(tokens);
  const test: Expression = { kind: 'test', operand, name, named, args, ...tokens.span(operand.start) };
  return isNegated ? { kind: 'not', operand: test, ...tokens.span(operand.start) } : test;
}

/** The arguments of a test: in brackets, or one value without. */
function parseTestArguments(tokens: TokenStream): Arguments {
  if (tokens.isOperator('(')) return parseArguments(tokens);
  const token = tokens.current();
  const startsValue =
    token.kind === 'string' ||
    token.kind === 'integer' ||
    token.kind === 'float' ||
    tokens.isOperator('[') ||
    tokens.isOperator('{');
  if (!startsValue && (token.kind !== 'name' || notArguments.has(token.text))) return noArguments;
  if (tokens.isName('is')) {
    throw syntaxFailure(
      `${describe(token)} cannot follow a test.`,
      token.start,
      token.end,
      'Join two tests with "and".',
    );
  }
  const argument = parsePostfix(tokens, parsePrimary(tokens));
  return { positional: [argument], named: [], spread: null, namedSpread: null };
}
