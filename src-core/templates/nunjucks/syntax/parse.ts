/// <reference path="./nunjucks.d.ts" />
import parserModule from 'nunjucks/src/parser.js';
import { limitFailure, unknownName } from '../../runtime/diagnostics.ts';
import { defaultLimits } from '../../runtime/limits.ts';
import { LocatedFailure, syntaxFailure } from '../../syntax/located-failure.ts';
import type { Body } from '../../syntax/nodes.ts';
import { createTokenSource, type LexOptions, type PlacedToken, type TokenSource } from './token-source.ts';
import { translate } from './translate.ts';

/** Every statement by name, without what ends or divides them. */
export const statementNames: readonly string[] = [
  ...['if', 'ifAsync', 'for', 'asyncEach', 'asyncAll', 'set', 'macro', 'call', 'filter', 'switch'],
  ...['include', 'import', 'from', 'extends', 'block', 'raw', 'verbatim'],
];

/** Parses a source, whose newlines are all `\n`, with nunjucks' own parser. Throws a LocatedFailure. */
export function parseNunjucksBody(source: string, options: LexOptions = {}): Body {
  const tokens = createTokenSource(source, options);
  const root = parseTree(source, tokens);
  return translate(root, source, tokens);
}

function parseTree(source: string, tokens: TokenSource) {
  try {
    return new parserModule.Parser(tokens).parseAsRoot();
  } catch (thrown) {
    if (thrown instanceof LocatedFailure) throw thrown;
    const token = tokens.last();
    if (thrown instanceof RangeError)
      throw new LocatedFailure(limitFailure('nesting', defaultLimits), token?.start ?? 0, token?.end ?? 0);
    throw syntaxProblem(source, thrown, token);
  }
}

/** Rewords the messages of nunjucks' parser for people who write prompts. */
function syntaxProblem(source: string, thrown: unknown, token: PlacedToken | null): LocatedFailure {
  const message = thrown instanceof Error && 'lineno' in thrown ? thrown.message : '';
  // The parser has read one more token when it reports an unexpected one.
  const unexpected = /^unexpected token: (.+)$/s.exec(message)?.[1] ?? null;
  const start = (unexpected === null ? null : placeOf(source, thrown)) ?? token?.start ?? 0;
  const end = Math.max(start + 1, unexpected === null ? (token?.end ?? 0) : start + unexpected.length);
  const found = source.slice(start, end).trim().slice(0, 40);
  const [, tag] = /^unknown block tag: (.*)$/s.exec(message) ?? [];
  if (tag !== undefined) return unknownStatement(tag, start, end);
  const wanted = wantedIn(message);
  const said = wanted === null ? `"${found}" does not belong here.` : `"${found}" is here, but ${wanted} was expected.`;
  return syntaxFailure(said, start, end, hintFor(found, source.slice(Math.max(0, start - 80), end), message));
}

/** Where the parser itself says that something is wrong; its lines and columns start at 1. */
function placeOf(source: string, thrown: unknown): number | null {
  const { lineno, colno } = thrown as { readonly lineno?: unknown; readonly colno?: unknown };
  if (typeof lineno !== 'number' || typeof colno !== 'number') return null;
  let line = 0;
  for (let at = 1; at < lineno; at += 1) line = source.indexOf('\n', line) + 1;
  return line + colno - 1;
}

const wants: readonly (readonly [RegExp, string])[] = [
  [/^expected variable end/, '"}}"'],
  [/^expected block end/, '"%}"'],
  [/^expected symbol|^expected name as lookup/, 'a name'],
  [/expected comma/, '"," or what closes the bracket'],
  [/expected colon/, '":" after the key'],
  [/variable name expected/, 'a name'],
  [/expected "in"/, '"in"'],
  [/expected "as"/, '"as"'],
  [/expected import$|Expected at least one import/, '"import" with a name'],
  [/expected arguments/, '"(" with the arguments'],
  [/^tag name expected/, 'the name of a statement'],
  [/expected = or block end/, '"=" or "%}"'],
  [/^unexpected token|expected expression/, 'a value'],
];

function wantedIn(message: string): string | null {
  return wants.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

function hintFor(found: string, before: string, message: string): string | undefined {
  if (found.startsWith('&&')) return 'Write "and".';
  if (/\|\s*\|$/.test(before) || found.startsWith('||')) return 'Write "or".';
  if (found === '!') return 'Write "not".';
  if (found.startsWith('?')) return 'Write "a if condition else b".';
  if (found === ':' && message.includes('expected comma')) return 'There are no slices; write value.slice(from, to).';
  if (found === '=' && /\{%-?\s*(?:if|elif|elseif)\b[^}]*$/.test(before)) return 'Compare with "==".';
  return undefined;
}

const inside: Readonly<Record<string, string>> = {
  else: 'an "if", "for" or "switch"',
  elif: 'an "if"',
  elseif: 'an "if"',
  case: 'a "switch"',
  default: 'a "switch"',
};

function unknownStatement(name: string, start: number, end: number): LocatedFailure {
  const around = inside[name];
  if (around !== undefined) return syntaxFailure(`"${name}" belongs into ${around}.`, start, end);
  const begun = /^end(\w+)$/.exec(name)?.[1];
  if (begun !== undefined && statementNames.includes(begun))
    return syntaxFailure(`There is no open "${begun}" for this "${name}".`, start, end);
  return new LocatedFailure(unknownName('statement', name, statementNames), start, end);
}
