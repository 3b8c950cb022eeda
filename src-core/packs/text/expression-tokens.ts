/** A token of an expression between the delimiters of a template. */
export interface ExpressionToken {
  readonly kind: 'text' | 'number' | 'name' | 'operator';
  /** As it stands; a text with its quotes. */
  readonly text: string;
}

const token =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([\p{L}_$][\p{L}\p{M}\p{N}_$]*)|(===|!==|==|!=|<=|>=|&&|\|\||\*\*|\/\/|[-+*/%~|.,:()[\]{}<>!=?]))/suy;

/** The tokens of an expression; null where it has something else. */
export function tokensOf(expression: string): readonly ExpressionToken[] | null {
  const tokens: ExpressionToken[] = [];
  token.lastIndex = 0;
  const text = expression.trim();
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return null;
    const [, quoted, number, name, operator] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'operator', text: operator! });
  }
  return tokens;
}

const tight = new Set(['.', '[', ']', '(', ')', ',']);

/** The expression again, with one blank between tokens where that reads better. */
export function joinTokens(tokens: readonly ExpressionToken[]): string {
  return tokens.reduce((text, { kind, text: next }, index) => {
    const before = tokens[index - 1];
    if (before === undefined) return next;
    const opens = before.kind === 'operator' && (before.text === '.' || before.text === '(' || before.text === '[');
    const isCall = next === '(' && before.kind === 'name' && tokens[index - 2]?.text === '|';
    const closes = kind === 'operator' && tight.has(next) && (next !== '(' || isCall);
    return opens || closes ? text + next : `${text} ${next}`;
  }, '');
}
