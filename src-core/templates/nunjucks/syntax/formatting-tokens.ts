import type { Token, TokenKind } from '../../syntax/lexer.ts';
import { type PlacedToken, tokensOf } from './token-source.ts';

const kinds: Readonly<Record<string, TokenKind>> = {
  data: 'text',
  'variable-start': 'variable-begin',
  'variable-end': 'variable-end',
  'block-start': 'block-begin',
  'block-end': 'block-end',
  symbol: 'name',
  boolean: 'name',
  none: 'name',
  string: 'string',
  int: 'integer',
  float: 'float',
};

/** The tokens of a nunjucks template as our own lexer has them, for spacing them. Throws a LocatedFailure. */
export function formattingTokens(source: string): readonly Token[] {
  return tokensOf(source)
    .filter(({ type }) => type !== 'whitespace' && type !== 'comment')
    .map(({ type, value, start, end }: PlacedToken) => {
      // A raw block's text has no value of its own.
      const text = type === 'data' ? source.slice(start, end) : String(value);
      return { kind: kinds[type] ?? 'operator', text, value: null, start, end };
    });
}
