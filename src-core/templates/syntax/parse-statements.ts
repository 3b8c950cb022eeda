import { Failure, nearestHint } from '../runtime/diagnostics.ts';
import type { Token } from './lexer.ts';
import { LocatedFailure, syntaxFailure } from './located-failure.ts';
import type { BlockNode, Body, Expression, OutputPart, Statement, Target } from './nodes.ts';
import { parseFromImport, parseImport, parseInclude } from './parse-composition.ts';
import { parseExpression, parseTuple } from './parse-expressions.ts';
import { parseBlockFilters } from './parse-postfix.ts';
import { parseName, parseSignature, parseTarget } from './parse-targets.ts';
import { describe, type TokenStream, unexpected } from './token-stream.ts';

/** Statements that are open around the current place, for messages. */
interface Context {
  readonly tokens: TokenStream;
  readonly open: { readonly name: string; readonly token: Token }[];
  /** How many loops are around the current place in this macro or block. */
  loops: number;
}

/** Parses a whole template. Throws a LocatedFailure. */
export function parseTemplateBody(tokens: TokenStream): Body {
  const context: Context = { tokens, open: [], loops: 0 };
  return parseBody(context, []);
}

/** Parses up to one of the tags in `ends`, whose name is then next; with none, to the end of the template. */
function parseBody(context: Context, ends: readonly string[]): Body {
  const { tokens } = context;
  const body: Statement[] = [];
  let parts: OutputPart[] = [];
  const flush = () => {
    const first = parts[0];
    if (first !== undefined) body.push({ kind: 'output', parts, ...tokens.span(first.start) });
    parts = [];
  };
  for (;;) {
    const token = tokens.current();
    switch (token.kind) {
      case 'text':
        tokens.next();
        parts.push({ kind: 'text', text: token.text, ...tokens.span(token.start) });
        break;
      case 'variable-begin':
        tokens.next();
        parts.push(parseTuple(tokens));
        expectEnd(tokens, 'variable-end');
        break;
      case 'block-begin':
        tokens.next();
        flush();
        if (tokens.current().kind === 'name' && ends.includes(tokens.current().text)) return body;
        body.push(parseStatement(context));
        expectEnd(tokens, 'block-end');
        break;
      default:
        flush();
        if (ends.length > 0) throw neverClosed(context, ends);
        return body;
    }
  }
}

function expectEnd(tokens: TokenStream, kind: 'variable-end' | 'block-end'): void {
  if (tokens.current().kind !== kind) throw unexpected(tokens.current(), kind === 'block-end' ? '"%}"' : '"}}"');
  tokens.next();
}

function neverClosed(context: Context, ends: readonly string[]): LocatedFailure {
  const innermost = context.open.at(-1);
  const close = ends.at(-1) ?? '';
  if (innermost === undefined) return unexpected(context.tokens.current(), close);
  const { name, token } = innermost;
  return syntaxFailure(`"${name}" is never closed.`, token.start, token.end, `Write {% ${close} %} where it ends.`);
}

type StatementParser = (context: Context, start: number) => Statement;

const statements: ReadonlyMap<string, StatementParser> = new Map<string, StatementParser>([
  ['for', parseFor],
  ['if', parseIf],
  ['set', parseSet],
  ['with', parseWith],
  ['macro', parseMacro],
  ['call', parseCallBlock],
  ['filter', parseFilterBlock],
  ['block', parseBlock],
  ['extends', ({ tokens }, start) => ({ kind: 'extends', template: parseExpression(tokens), ...tokens.span(start) })],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFromImport],
  ['print', parsePrint],
  ['do', ({ tokens }, start) => ({ kind: 'do', value: parseTuple(tokens), ...tokens.span(start) })],
  ['autoescape', parseAutoescape],
  ['generation', parseGeneration],
  ['break', parseLoopControl('break')],
  ['continue', parseLoopControl('continue')],
]);

/** The names of all statements, for completion and hints. */
export function statementNames(): Iterable<string> {
  return statements.keys();
}

function parseStatement(context: Context): Statement {
  const { tokens } = context;
  const token = tokens.current();
  if (token.kind !== 'name') throw unexpected(token, 'the name of a statement');
  const parse = statements.get(token.text);
  if (parse === undefined) throw unknownStatement(context, token);
  tokens.next();
  context.open.push({ name: token.text, token });
  const statement = tokens.nested(() => parse(context, token.start));
  context.open.pop();
  return statement;
}

function unknownStatement(context: Context, token: Token): LocatedFailure {
  const innermost = context.open.at(-1);
  if (token.text.startsWith('end') || token.text === 'else' || token.text === 'elif') {
    const hint =
      innermost === undefined ? 'Nothing is open here.' : `The innermost open statement is "${innermost.name}".`;
    return syntaxFailure(`${describe(token)} does not belong here.`, token.start, token.end, hint);
  }
  const hint = nearestHint(token.text, statements.keys());
  const unknown = { kind: 'statement', name: token.text } as const;
  const failure = new Failure('syntax', `There is no statement ${describe(token)}.`, hint, undefined, unknown);
  return new LocatedFailure(failure, token.start, token.end);
}

/** The body of a statement: ends its opening tag, parses up to one of `ends` and reads that name. */
function parseBlockBody(context: Context, ends: readonly string[]): { readonly body: Body; readonly end: string } {
  const { tokens } = context;
  // A colon is allowed, as in Python.
  tokens.skipOperator(':');
  expectEnd(tokens, 'block-end');
  const body = parseBody(context, ends);
  return { body, end: tokens.next().text };
}

function withLoops<Result>(context: Context, loops: number, parse: () => Result): Result {
  const before = context.loops;
  context.loops = loops;
  const result = parse();
  context.loops = before;
  return result;
}

function parseFor(context: Context, start: number): Statement {
  const { tokens } = context;
  const target = parseTarget(tokens);
  forbidLoopName(target);
  tokens.expectName('in');
  const source = parseTuple(tokens, { withCondition: false });
  const test = tokens.skipName('if') ? parseExpression(tokens) : null;
  const recursive = tokens.skipName('recursive');
  const main = withLoops(context, context.loops + 1, () => parseBlockBody(context, ['else', 'endfor']));
  const otherwise = main.end === 'else' ? parseBlockBody(context, ['endfor']).body : [];
  return { kind: 'for', target, source, test, recursive, body: main.body, otherwise, ...tokens.span(start) };
}

function forbidLoopName(target: Target): void {
  if (target.kind === 'targets') target.items.forEach(forbidLoopName);
  else if (target.name === 'loop') {
    throw syntaxFailure(
      'A loop cannot have a variable named "loop".',
      target.start,
      target.end,
      'It is what the loop knows about itself.',
    );
  }
}

function parseIf(context: Context, start: number): Statement {
  const { tokens } = context;
  const branches: { test: Expression; body: Body }[] = [];
  for (;;) {
    const test = parseTuple(tokens, { withCondition: false });
    const { body, end } = parseBlockBody(context, ['elif', 'else', 'endif']);
    branches.push({ test, body });
    if (end === 'elif') continue;
    const otherwise = end === 'else' ? parseBlockBody(context, ['endif']).body : [];
    return { kind: 'if', branches, otherwise, ...tokens.span(start) };
  }
}

function parseSet(context: Context, start: number): Statement {
  const { tokens } = context;
  const target = parseTarget(tokens, true);
  if (tokens.skipOperator('=')) return { kind: 'set', target, value: parseTuple(tokens), ...tokens.span(start) };
  const filter = tokens.skipOperator('|') ? parseBlockFilters(tokens) : null;
  const { body } = parseBlockBody(context, ['endset']);
  return { kind: 'set-block', target, filter, body, ...tokens.span(start) };
}

function parseWith(context: Context, start: number): Statement {
  const { tokens } = context;
  const bindings: { target: Target; value: Expression }[] = [];
  while (tokens.current().kind !== 'block-end') {
    if (bindings.length > 0) tokens.expectOperator(',');
    const target = parseTarget(tokens);
    tokens.expectOperator('=');
    bindings.push({ target, value: parseExpression(tokens) });
  }
  const { body } = parseBlockBody(context, ['endwith']);
  return { kind: 'with', bindings, body, ...tokens.span(start) };
}

function parseMacro(context: Context, start: number): Statement {
  const { tokens } = context;
  const { name } = parseName(tokens);
  const signature = parseSignature(tokens);
  const { body } = withLoops(context, 0, () => parseBlockBody(context, ['endmacro']));
  return { kind: 'macro', name, signature, body, ...tokens.span(start) };
}

function parseCallBlock(context: Context, start: number): Statement {
  const { tokens } = context;
  const signature = tokens.isOperator('(') ? parseSignature(tokens) : { params: [], defaults: [] };
  const call = parseExpression(tokens);
  if (call.kind !== 'call')
    throw syntaxFailure('"call" needs a call of a macro.', call.start, call.end, 'As in {% call name() %}.');
  const { body } = withLoops(context, 0, () => parseBlockBody(context, ['endcall']));
  return { kind: 'call-block', signature, call, body, ...tokens.span(start) };
}

function parseFilterBlock(context: Context, start: number): Statement {
  const filter = parseBlockFilters(context.tokens);
  const { body } = parseBlockBody(context, ['endfilter']);
  return { kind: 'filter-block', filter, body, ...context.tokens.span(start) };
}

function parseBlock(context: Context, start: number): Statement {
  const { tokens } = context;
  const name = tokens.expectName();
  const scoped = tokens.skipName('scoped');
  const required = tokens.skipName('required');
  if (tokens.isOperator('-'))
    throw syntaxFailure('The name of a block has no hyphens.', name.start, tokens.current().end, 'Use "_" instead.');
  const { body } = withLoops(context, 0, () => parseBlockBody(context, ['endblock']));
  const block: BlockNode = { kind: 'block', name: name.text, scoped, required, body, ...tokens.span(start) };
  if (required && !isBlank(body))
    throw syntaxFailure('A required block holds only comments and blanks.', name.start, name.end);
  tokens.skipName(name.text);
  return block;
}

function isBlank(body: Body): boolean {
  return body.every((statement) => {
    return (
      statement.kind === 'output' && statement.parts.every((part) => part.kind === 'text' && /^\s*$/.test(part.text))
    );
  });
}

function parsePrint({ tokens }: Context, start: number): Statement {
  const parts: Expression[] = [];
  while (tokens.current().kind !== 'block-end') {
    if (parts.length > 0) tokens.expectOperator(',');
    parts.push(parseExpression(tokens));
  }
  return { kind: 'output', parts, ...tokens.span(start) };
}

function parseAutoescape(context: Context, start: number): Statement {
  const enabled = parseExpression(context.tokens);
  const { body } = parseBlockBody(context, ['endautoescape']);
  return { kind: 'autoescape', enabled, body, ...context.tokens.span(start) };
}

/** Marks what a model wrote in a chat template; it prints its body. */
function parseGeneration(context: Context, start: number): Statement {
  const { body } = parseBlockBody(context, ['endgeneration']);
  return { kind: 'with', bindings: [], body, ...context.tokens.span(start) };
}

function parseLoopControl(kind: 'break' | 'continue'): StatementParser {
  return (context, start) => {
    const { tokens } = context;
    if (context.loops === 0) throw syntaxFailure(`"${kind}" works only inside a loop.`, start, tokens.lastEnd());
    return { kind, ...tokens.span(start) };
  };
}
