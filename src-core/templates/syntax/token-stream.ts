import { limitFailure } from '../runtime/diagnostics.ts';
import { defaultLimits, type Limits } from '../runtime/limits.ts';
import type { Token } from './lexer.ts';
import { LocatedFailure, syntaxFailure } from './located-failure.ts';
import type { Span } from './nodes.ts';

/** The tokens of one source, read one after the other, with the limits of what may be built from them. */
export interface TokenStream {
  /** The token to be read next. */
  current(): Token;
  /** The one after it. */
  look(): Token;
  next(): Token;
  /** End of the token that was read last. */
  lastEnd(): number;
  isOperator(text: string): boolean;
  isName(text: string): boolean;
  /** Reads the operator when it is next. */
  skipOperator(text: string): boolean;
  skipName(text: string): boolean;
  expectOperator(text: string): Token;
  expectName(text?: string): Token;
  /** Runs `parse` one level deeper. */
  nested<Result>(parse: () => Result): Result;
  /** Counts a node that starts at `start` and ends with the last token. */
  span(start: number): Span;
}

export function createTokenStream(tokens: readonly Token[], limits: Limits = defaultLimits): TokenStream {
  const last = tokens.length - 1;
  let at = 0;
  let nodes = 0;
  let depth = 0;
  const current = () => tokens[at]!;
  const next = () => {
    const token = tokens[at]!;
    if (at < last) at += 1;
    return token;
  };
  const isOperator = (text: string) => current().kind === 'operator' && current().text === text;
  const isName = (text: string) => current().kind === 'name' && current().text === text;
  return {
    current,
    next,
    isOperator,
    isName,
    look: () => tokens[Math.min(at + 1, last)]!,
    lastEnd: () => (at === 0 ? 0 : tokens[at - 1]!.end),
    skipOperator(text) {
      const found = isOperator(text);
      if (found) next();
      return found;
    },
    skipName(text) {
      const found = isName(text);
      if (found) next();
      return found;
    },
    expectOperator(text) {
      if (!isOperator(text)) throw unexpected(current(), `"${text}"`);
      return next();
    },
    expectName(text) {
      if (current().kind !== 'name' || (text !== undefined && current().text !== text)) {
        throw unexpected(current(), text === undefined ? 'a name' : `"${text}"`);
      }
      return next();
    },
    nested(parse) {
      depth += 1;
      if (depth > limits.nesting)
        throw new LocatedFailure(limitFailure('nesting', limits), current().start, current().end);
      const result = parse();
      depth -= 1;
      return result;
    },
    span(start) {
      nodes += 1;
      const end = Math.max(start, at === 0 ? 0 : tokens[at - 1]!.end);
      if (nodes > limits.nodes) throw new LocatedFailure(limitFailure('nodes', limits), start, end);
      return { start, end };
    },
  };
}

/** The error for a token that does not fit. */
export function unexpected(token: Token, wanted: string): LocatedFailure {
  return syntaxFailure(
    `${describe(token)} is here, but ${wanted} was expected.`,
    token.start,
    Math.max(token.end, token.start + 1),
  );
}

export function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'The end of the template';
    case 'text':
      return 'Text';
    case 'variable-begin':
      return '"{{"';
    case 'variable-end':
      return '"}}"';
    case 'block-begin':
      return '"{%"';
    case 'block-end':
      return '"%}"';
    case 'string':
      return 'A string';
    default:
      return `"${token.text.slice(0, 40)}"`;
  }
}
