import { limitFailure } from './diagnostics.ts';
import { LocatedFailure, syntaxFailure } from './lexer.ts';
import { defaultLimits } from './limits.ts';
import type { Arguments, BinaryOperator, CompareOperator, Expression, FilterNode, SliceNode } from './nodes.ts';
import { describe, type TokenStream, unexpected } from './token-stream.ts';

/** Subscripts, calls, filters and tests in a row; each is inside the next, so their number is bounded like nesting. */
const longestChain = 200;

export function parseExpression(tokens: TokenStream, withCondition = true): Expression {
  return withCondition ? parseCondition(tokens) : parseOr(tokens);
}

function parseCondition(tokens: TokenStream): Expression {
  const start = tokens.current().start;
  let expression = parseOr(tokens);
  let links = 0;
  while (tokens.skipName('if')) {
    const test = parseOr(tokens);
    const otherwise = tokens.skipName('else') ? tokens.nested(() => parseCondition(tokens)) : null;
    expression = { kind: 'condition', test, value: expression, otherwise, ...tokens.span(start) };
    links = countLink(tokens, links);
  }
  return expression;
}

function parseOr(tokens: TokenStream): Expression {
  return parseLogic(tokens, 'or', parseAnd);
}

function parseAnd(tokens: TokenStream): Expression {
  return parseLogic(tokens, 'and', parseNot);
}

function parseLogic(tokens: TokenStream, kind: 'and' | 'or', parse: (tokens: TokenStream) => Expression): Expression {
  const start = tokens.current().start;
  const first = parse(tokens);
  if (!tokens.isName(kind)) return first;
  const operands = [first];
  while (tokens.skipName(kind)) operands.push(parse(tokens));
  return { kind, operands, ...tokens.span(start) };
}

function parseNot(tokens: TokenStream): Expression {
  const start = tokens.current().start;
  if (!tokens.skipName('not')) return parseCompare(tokens);
  const operand = tokens.nested(() => parseNot(tokens));
  return { kind: 'not', operand, ...tokens.span(start) };
}

const compareOperators: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function parseCompare(tokens: TokenStream): Expression {
  const start = tokens.current().start;
  const first = parseSum(tokens);
  const rest: { operator: CompareOperator; operand: Expression }[] = [];
  for (let operator = compareOperator(tokens); operator !== null; operator = compareOperator(tokens)) {
    rest.push({ operator, operand: parseSum(tokens) });
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, ...tokens.span(start) };
}

/** Reads a comparison operator when one is next. */
function compareOperator(tokens: TokenStream): CompareOperator | null {
  const token = tokens.current();
  if (token.kind === 'operator' && compareOperators.has(token.text)) return tokens.next().text as CompareOperator;
  if (tokens.skipName('in')) return 'in';
  const after = tokens.look();
  if (!tokens.isName('not') || after.kind !== 'name' || after.text !== 'in') return null;
  tokens.next();
  tokens.next();
  return 'not in';
}

const parseSum = (tokens: TokenStream) => parseArithmetic(tokens, sumOperators, parseConcat);
const parseProduct = (tokens: TokenStream) => parseArithmetic(tokens, productOperators, parsePower);
const parsePower = (tokens: TokenStream) => parseArithmetic(tokens, powerOperators, parseUnary);
const sumOperators: ReadonlySet<string> = new Set(['+', '-']);
const productOperators: ReadonlySet<string> = new Set(['*', '/', '//', '%']);
const powerOperators: ReadonlySet<string> = new Set(['**']);

function parseArithmetic(
  tokens: TokenStream,
  operators: ReadonlySet<string>,
  parse: (tokens: TokenStream) => Expression,
): Expression {
  const start = tokens.current().start;
  const first = parse(tokens);
  const rest: { operator: BinaryOperator; operand: Expression }[] = [];
  while (tokens.current().kind === 'operator' && operators.has(tokens.current().text)) {
    const operator = tokens.next().text as BinaryOperator;
    rest.push({ operator, operand: parse(tokens) });
  }
  return rest.length === 0 ? first : { kind: 'arithmetic', first, rest, ...tokens.span(start) };
}

function parseConcat(tokens: TokenStream): Expression {
  const start = tokens.current().start;
  const first = parseProduct(tokens);
  if (!tokens.isOperator('~')) return first;
  const operands = [first];
  while (tokens.skipOperator('~')) operands.push(parseProduct(tokens));
  return { kind: 'concat', operands, ...tokens.span(start) };
}

function parseUnary(tokens: TokenStream, withFilters = true): Expression {
  const start = tokens.current().start;
  const isNegative = tokens.isOperator('-');
  let expression: Expression;
  if (isNegative || tokens.isOperator('+')) {
    tokens.next();
    const operand = tokens.nested(() => parseUnary(tokens, false));
    expression = { kind: 'sign', negative: isNegative, operand, ...tokens.span(start) };
  } else expression = parsePrimary(tokens);
  const subscripted = parsePostfix(tokens, expression);
  return withFilters ? parseFiltersAndTests(tokens, subscripted) : subscripted;
}

const constants: ReadonlyMap<string, null | boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** A name, literal or something in brackets. */
export function parsePrimary(tokens: TokenStream): Expression {
  const token = tokens.current();
  switch (token.kind) {
    case 'name': {
      tokens.next();
      const constant = constants.get(token.text);
      if (constant !== undefined) return { kind: 'constant', value: constant, ...tokens.span(token.start) };
      return { kind: 'name', name: token.text, ...tokens.span(token.start) };
    }
    case 'string':
      return parseStrings(tokens);
    case 'integer':
    case 'float':
      tokens.next();
      return { kind: 'constant', value: token.value, ...tokens.span(token.start) };
    case 'operator':
      if (token.text === '(') return tokens.nested(() => parseParentheses(tokens));
      if (token.text === '[') return tokens.nested(() => parseList(tokens));
      if (token.text === '{') return tokens.nested(() => parseDict(tokens));
  }
  throw unexpected(token, 'a value');
}

function parseStrings(tokens: TokenStream): Expression {
  const start = tokens.current().start;
  let value = '';
  while (tokens.current().kind === 'string') value += tokens.next().text;
  return { kind: 'constant', value, ...tokens.span(start) };
}

function parseParentheses(tokens: TokenStream): Expression {
  tokens.expectOperator('(');
  const inside = parseTuple(tokens, { allowsEmpty: true });
  tokens.expectOperator(')');
  return inside;
}

export interface TupleOptions {
  readonly withCondition?: boolean;
  readonly allowsEmpty?: boolean;
  readonly parseItem?: () => Expression;
}

/** One expression, or a tuple when there is a comma. */
export function parseTuple(tokens: TokenStream, options: TupleOptions = {}): Expression {
  const start = tokens.current().start;
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) tokens.expectOperator(',');
    if (endsTuple(tokens)) break;
    items.push(
      options.parseItem === undefined ? parseExpression(tokens, options.withCondition ?? true) : options.parseItem(),
    );
    if (!tokens.isOperator(',')) break;
    isTuple = true;
  }
  if (!isTuple && items.length === 1) return items[0]!;
  if (!isTuple && options.allowsEmpty !== true) throw unexpected(tokens.current(), 'a value');
  return { kind: 'tuple', items, ...tokens.span(start) };
}

function endsTuple(tokens: TokenStream): boolean {
  const { kind } = tokens.current();
  return kind === 'variable-end' || kind === 'block-end' || tokens.isOperator(')');
}

function parseList(tokens: TokenStream): Expression {
  const start = tokens.expectOperator('[').start;
  const items: Expression[] = [];
  while (!tokens.isOperator(']')) {
    if (items.length > 0) tokens.expectOperator(',');
    if (tokens.isOperator(']')) break;
    items.push(parseExpression(tokens));
  }
  tokens.expectOperator(']');
  return { kind: 'list', items, ...tokens.span(start) };
}

function parseDict(tokens: TokenStream): Expression {
  const start = tokens.expectOperator('{').start;
  const entries: { key: Expression; value: Expression }[] = [];
  while (!tokens.isOperator('}')) {
    if (entries.length > 0) tokens.expectOperator(',');
    if (tokens.isOperator('}')) break;
    const key = parseExpression(tokens);
    tokens.expectOperator(':');
    entries.push({ key, value: parseExpression(tokens) });
  }
  tokens.expectOperator('}');
  return { kind: 'dict', entries, ...tokens.span(start) };
}

function countLink(tokens: TokenStream, links: number): number {
  if (links < longestChain) return links + 1;
  const { start, end } = tokens.current();
  throw new LocatedFailure(limitFailure('nesting', defaultLimits), start, end);
}

function parsePostfix(tokens: TokenStream, first: Expression): Expression {
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

export function parseCall(tokens: TokenStream, callee: Expression): Expression {
  const args = parseArguments(tokens);
  return { kind: 'call', callee, args, ...tokens.span(callee.start) };
}

const noArguments: Arguments = { positional: [], named: [], spread: null, namedSpread: null };

function parseArguments(tokens: TokenStream): Arguments {
  const open = tokens.expectOperator('(');
  const positional: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
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
        check(!named.some((other) => other.name === name));
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

function parseFiltersAndTests(tokens: TokenStream, first: Expression): Expression {
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
  const name = parseDottedName(tokens);
  const args = tokens.isOperator('(') ? parseArguments(tokens) : noArguments;
  return { kind: 'filter', operand, name, args, ...tokens.span(start) };
}

/** The filters of a `filter` or `set` block; the innermost has no operand. */
export function parseBlockFilters(tokens: TokenStream): FilterNode {
  let filter = parseFilter(tokens, null, tokens.current().start);
  for (let links = 0; tokens.skipOperator('|'); links = countLink(tokens, links)) {
    filter = parseFilter(tokens, filter, filter.start);
  }
  return filter;
}

function parseDottedName(tokens: TokenStream): string {
  let name = tokens.expectName().text;
  while (tokens.skipOperator('.')) name += `.${tokens.expectName().text}`;
  return name;
}

const notArguments: ReadonlySet<string> = new Set(['else', 'or', 'and']);

function parseTest(tokens: TokenStream, operand: Expression): Expression {
  tokens.next();
  const isNegated = tokens.skipName('not');
  const name = parseDottedName(tokens);
  const args = parseTestArguments(tokens);
  const test: Expression = { kind: 'test', operand, name, args, ...tokens.span(operand.start) };
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
