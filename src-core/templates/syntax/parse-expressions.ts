import type { BinaryOperator, CompareOperator, Expression } from './nodes.ts';
import { countLink, parseFiltersAndTests, parsePostfix } from './parse-postfix.ts';
import { type TokenStream, unexpected } from './token-stream.ts';

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
