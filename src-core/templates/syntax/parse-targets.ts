import { Failure } from '../runtime/diagnostics.ts';
import { LocatedFailure, syntaxFailure } from './located-failure.ts';
import type { Expression, NameNode, Signature, Target } from './nodes.ts';
import { parseExpression, parsePrimary, parseTuple } from './parse-expressions.ts';
import type { TokenStream } from './token-stream.ts';

/** What an assignment writes to. */
export function parseTarget(tokens: TokenStream, allowsNamespace = false): Target {
  return toTarget(parseTuple(tokens, { parseItem: () => parseTargetItem(tokens, allowsNamespace) }));
}

/** A name or `namespace.attribute`, which is an attribute node until `toTarget`. */
function parseTargetItem(tokens: TokenStream, allowsNamespace: boolean): Expression {
  const first = parsePrimary(tokens);
  if (!allowsNamespace || first.kind !== 'name' || !tokens.skipOperator('.')) return first;
  const attribute = tokens.expectName().text;
  return { kind: 'attribute', object: first, name: attribute, ...tokens.span(first.start) };
}

function toTarget(expression: Expression): Target {
  const { start, end } = expression;
  switch (expression.kind) {
    case 'name':
      return expression;
    case 'tuple':
      return { kind: 'targets', items: expression.items.map(toTarget), start, end };
    case 'attribute':
      if (expression.object.kind === 'name')
        return { kind: 'namespace', name: expression.object.name, attribute: expression.name, start, end };
  }
  throw new LocatedFailure(
    new Failure('syntax', 'This cannot be set.', 'Only names, tuples of names and attributes of a namespace can.'),
    start,
    end,
  );
}

/** The parameters of a macro or caller. */
export function parseSignature(tokens: TokenStream): Signature {
  tokens.expectOperator('(');
  const params: NameNode[] = [];
  const defaults: Expression[] = [];
  const names = new Set<string>();
  while (!tokens.isOperator(')')) {
    if (params.length > 0) tokens.expectOperator(',');
    const param = parseName(tokens);
    if (tokens.skipOperator('=')) defaults.push(parseExpression(tokens));
    else if (defaults.length > 0) {
      throw syntaxFailure(
        `The parameter "${param.name}" needs a default.`,
        param.start,
        param.end,
        'One before it has a default.',
      );
    }
    if (names.has(param.name)) {
      throw syntaxFailure(`There are two parameters "${param.name}".`, param.start, param.end);
    }
    names.add(param.name);
    params.push(param);
  }
  tokens.expectOperator(')');
  return { params, defaults };
}

/** A name that may be set. */
export function parseName(tokens: TokenStream): NameNode {
  const token = tokens.expectName();
  if (isReserved(token.text)) throw cannotAssign(token.text, token.start, token.end);
  return { kind: 'name', name: token.text, ...tokens.span(token.start) };
}

const isReserved = (name: string) => /^(?:[Tt]rue|[Ff]alse|[Nn]one)$/.test(name);

function cannotAssign(what: string, start: number, end: number): LocatedFailure {
  return syntaxFailure(`${what} cannot be set.`, start, end, 'Only names can.');
}
