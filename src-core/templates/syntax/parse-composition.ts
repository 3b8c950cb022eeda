import { syntaxFailure } from './located-failure.ts';
import type { Statement } from './nodes.ts';
import { parseExpression } from './parse-expressions.ts';
import { parseName } from './parse-targets.ts';
import type { TokenStream } from './token-stream.ts';

interface Parsing {
  readonly tokens: TokenStream;
}

/** `with context` or `without context` when it is next. */
function parseContext(tokens: TokenStream, usual: boolean): boolean {
  const isContext = tokens.look().kind === 'name' && tokens.look().text === 'context';
  if (!isContext || !(tokens.isName('with') || tokens.isName('without'))) return usual;
  const withContext = tokens.next().text === 'with';
  tokens.next();
  return withContext;
}

export function parseInclude({ tokens }: Parsing, start: number): Statement {
  const template = parseExpression(tokens);
  const ignoreMissing = tokens.isName('ignore') && tokens.look().kind === 'name' && tokens.look().text === 'missing';
  if (ignoreMissing) {
    tokens.next();
    tokens.next();
  }
  const withContext = parseContext(tokens, true);
  return { kind: 'include', template, ignoreMissing, withContext, ...tokens.span(start) };
}

export function parseImport({ tokens }: Parsing, start: number): Statement {
  const template = parseExpression(tokens);
  tokens.expectName('as');
  const target = parseName(tokens);
  return { kind: 'import', template, target, withContext: parseContext(tokens, false), ...tokens.span(start) };
}

export function parseFromImport({ tokens }: Parsing, start: number): Statement {
  const template = parseExpression(tokens);
  tokens.expectName('import');
  const names: { name: string; alias: string }[] = [];
  const atContext = () => (tokens.isName('with') || tokens.isName('without')) && tokens.look().text === 'context';
  for (;;) {
    if (names.length > 0) tokens.expectOperator(',');
    if (atContext()) break;
    const { name, start: at, end } = parseName(tokens);
    if (name.startsWith('_')) throw syntaxFailure('A name that starts with "_" cannot be imported.', at, end);
    names.push({ name, alias: tokens.skipName('as') ? parseName(tokens).name : name });
    if (!tokens.isOperator(',')) break;
  }
  return { kind: 'from-import', template, names, withContext: parseContext(tokens, false), ...tokens.span(start) };
}
