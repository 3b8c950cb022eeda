/// <reference path="./nunjucks.d.ts" />
import lexer from 'nunjucks/src/lexer.js';
import { limitFailure } from '../../runtime/diagnostics.ts';
import { defaultLimits, type LimitName } from '../../runtime/limits.ts';
import { LocatedFailure, syntaxFailure } from '../../syntax/located-failure.ts';
import { parsePattern, RegexFault } from '../regex/parse-pattern.ts';
import { translatePattern } from '../regex/to-re2.ts';
import { createOpenBlocks } from './open-blocks.ts';

interface RegexText {
  readonly body: string;
  readonly flags: string;
}

/** A token of nunjucks' lexer; lines and columns from 0. */
export interface LexerToken {
  readonly type: string;
  /** A `regex` has its body and flags. */
  readonly value: string | RegexText;
  readonly lineno: number;
  readonly colno: number;
}

/** A token with its offsets in the source. */
export type PlacedToken = LexerToken & { readonly start: number; readonly end: number };

export interface LexOptions {
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
}

/** Tokens without a syntax node. */
const weightless: ReadonlySet<string> = new Set([
  ...['whitespace', 'block-start', 'block-end', 'variable-start', 'variable-end', 'comment'],
  ...['right-paren', 'right-bracket', 'right-curly', 'comma', 'colon', 'pipe', 'tilde', 'operator'],
]);
const opening: ReadonlySet<string> = new Set(['left-paren', 'left-bracket', 'left-curly']);
const closing: ReadonlySet<string> = new Set(['right-paren', 'right-bracket', 'right-curly']);
const partners: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * The token source of nunjucks' parser: its own lexer with our limits and error positions, and without its quadratic
 * searches.
 */
export interface TokenSource {
  readonly tags: Readonly<Record<string, string>>;
  nextToken(): PlacedToken | null;
  /** Called by the parser for `raw` and `verbatim` alone. */
  _extractRegex(pattern: RegExp): readonly [all: string, before: string, name: string] | null;
  backN(count: number): void;
  /** The token that was read last. */
  last(): PlacedToken | null;
  /** Where the token, or the bracket, that starts at an offset ends. */
  endOf(start: number): number;
}

export function createTokenSource(source: string, options: LexOptions): TokenSource {
  const reader = createReader(source, options);
  const extractRaw = rawSearch(source);
  let held: PlacedToken | null = null;
  let last: PlacedToken | null = null;
  // Where the lexer continues after `raw` when the parser has stepped back.
  let rawAt: number | null = null;
  const read = (): PlacedToken | null => {
    if (held === null) return reader.next();
    const token = held;
    held = null;
    return token;
  };
  const nextToken = (): PlacedToken | null => {
    rawAt = null;
    let token = read();
    if (token?.type === 'data') {
      held = reader.next();
      // Its `\s*$` takes quadratic time.
      if (held !== null && stripsBefore(held)) {
        token = { ...token, value: String(token.value).trimEnd() };
        held = withoutSign(held);
      }
    }
    if (token !== null) last = token;
    return token;
  };
  return {
    tags: reader.tags,
    nextToken,
    _extractRegex(pattern) {
      const from = rawAt ?? reader.index();
      const found = extractRaw(pattern.source.includes('endverbatim') ? 'verbatim' : 'raw', from);
      rawAt = found === null ? null : from + found[0].length;
      // The parser searches once more after stepping back to the end of the block, then continues with tokens.
      if (found === null || found[1] === '') reader.moveTo(rawAt ?? from);
      return found;
    },
    backN(count) {
      if (rawAt !== null) rawAt -= count;
    },
    last: () => last,
    endOf: reader.endOf,
  };
}

/** Whether a tag takes the blanks before it away. */
function stripsBefore({ type, value }: LexerToken): boolean {
  if (type === 'block-start' || type === 'variable-start') return String(value).endsWith('-');
  return type === 'comment' && String(value).startsWith('{#-');
}

function withoutSign(token: PlacedToken): PlacedToken {
  const value = String(token.value);
  if (token.type !== 'comment') return { ...token, value: value.slice(0, 2) };
  return { ...token, value: value.endsWith('-#}') ? '{# -#}' : '{# #}' };
}

/** Finds the next `raw` or `endraw` tag, or those of `verbatim`; what was not found once is not searched for again. */
function rawSearch(source: string) {
  const missing = new Set<string>();
  return (name: string, from: number): readonly [string, string, string] | null => {
    if (missing.has(name)) return null;
    const pattern = new RegExp(`\\{%\\s*(${name}|end${name})\\s*%\\}`, 'g');
    pattern.lastIndex = from;
    const match = pattern.exec(source);
    if (match === null) {
      missing.add(name);
      return null;
    }
    const end = match.index + match[0].length;
    return [source.slice(from, end), source.slice(from, match.index), match[1] ?? ''];
  };
}

/** The parser nests each `elif` in the one before; the small stack of a browser's worker holds a few thousand. */
const mostBranches = 1_000;

interface Bracket {
  readonly text: string;
  readonly start: number;
}

function isSign({ type, value }: LexerToken): boolean {
  return (type === 'operator' && (value === '-' || value === '+')) || (type === 'symbol' && value === 'not');
}

/** Reads tokens one after the other and keeps track of brackets, open statements and limits. */
function createReader(source: string, options: LexOptions) {
  const tokenizer = lexer.lex(source, options);
  const blocks = createOpenBlocks();
  const ends = new Map<number, number>();
  let brackets: Bracket[] = [];
  let tag: { start: number; name: string | null; nameStart: number; sets: boolean } | null = null;
  let nodes = 0;
  /** Consecutive signs and `not`, each of which nests the rest of the expression. */
  let signs = 0;
  const exceeded = (limit: LimitName, start: number, end: number) =>
    new LocatedFailure(limitFailure(limit, defaultLimits), start, end);

  const track = (token: PlacedToken): void => {
    const { type, value, start, end } = token;
    signs = isSign(token) ? signs + 1 : 0;
    if (signs > defaultLimits.nesting) throw exceeded('nesting', start, end);
    if (type === 'block-start' || type === 'variable-start') {
      brackets = [];
      tag = { start, name: type === 'variable-start' ? '' : null, nameStart: start, sets: false };
    } else if (type === 'block-end' || type === 'variable-end') {
      const bracket = brackets.at(-1);
      if (bracket !== undefined) throw unclosedBracket(bracket, token);
      if (tag?.name) blocks.tag(tag.name, tag.nameStart, tag.sets);
      if (blocks.depth() > defaultLimits.nesting) throw exceeded('nesting', tag?.start ?? start, end);
      tag = null;
    } else if (opening.has(type)) {
      brackets.push({ text: String(value), start });
      if (brackets.length > defaultLimits.nesting) throw exceeded('nesting', start, end);
    } else if (closing.has(type)) {
      const bracket = brackets.pop();
      if (bracket !== undefined && partners[bracket.text] !== value)
        throw syntaxFailure(`"${String(value)}" cannot close "${bracket.text}".`, start, end);
      if (bracket !== undefined) ends.set(bracket.start, end);
    } else {
      if (type === 'operator' && value === '=' && brackets.length === 0 && tag !== null) tag.sets = true;
      if (type === 'symbol' && tag !== null && tag.name === null) {
        tag.name = String(value);
        tag.nameStart = start;
        blocks.named(tag.name, start);
        if (blocks.branches() > mostBranches)
          throw syntaxFailure(`An "if" may have at most ${mostBranches} "elif" here.`, start, end);
      }
      if (type === 'symbol' && /["'\\]/.test(String(value)))
        throw syntaxFailure(`"${String(value).slice(0, 40)}" is no name.`, start, end);
      if (typeof value !== 'string') checkRegex(value, start, end);
      ends.set(start, end);
    }
    if (weightless.has(type)) return;
    nodes += 1;
    if (nodes > defaultLimits.nodes) throw exceeded('nodes', start, end);
  };

  const next = (): PlacedToken | null => {
    const start = tokenizer.index;
    const token = lexed(tokenizer, start, source);
    if (token === null) {
      if (tokenizer.in_code)
        throw syntaxFailure(
          'The tag is not closed.',
          tag?.start ?? start,
          Math.min(source.length, (tag?.start ?? start) + 2),
        );
      blocks.finish();
      return null;
    }
    if (token.type === 'string' && tokenizer.index > source.length)
      throw syntaxFailure('The quotes are not closed.', start, source.length);
    const placed = { ...token, start, end: tokenizer.index };
    if (token.type !== 'whitespace') track(placed);
    return placed;
  };
  return {
    next,
    tags: tokenizer.tags,
    index: () => tokenizer.index,
    moveTo: (index: number) => tokenizer.forwardN(index - tokenizer.index),
    endOf: (start: number) => ends.get(start) ?? start + 1,
  };
}

function lexed(tokenizer: ReturnType<typeof lexer.lex>, start: number, source: string): LexerToken | null {
  try {
    return tokenizer.nextToken();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : '';
    if (message.includes('unexpected end of comment'))
      throw syntaxFailure('There is no "{#" before this "#}".', tokenizer.index, tokenizer.index + 2);
    if (message.includes('end of comment'))
      throw syntaxFailure('The comment is not closed.', start, start + 2, 'Add "#}" where it ends.');
    throw syntaxFailure(`"${source.charAt(start)}" cannot be read here.`, start, start + 1);
  }
}

function unclosedBracket(bracket: Bracket, end: PlacedToken): LocatedFailure {
  const isBraces = bracket.text === '{' && end.value === '}}';
  return syntaxFailure(
    `"${bracket.text}" is not closed.`,
    bracket.start,
    bracket.start + 1,
    isBraces ? 'Write a blank between two braces of objects: "} }".' : undefined,
  );
}

/** Throws for an invalid regular expression and for one that the engine cannot match. */
function checkRegex({ body, flags }: RegexText, start: number, end: number): void {
  try {
    translatePattern(parsePattern(body, flags), flags);
  } catch (thrown) {
    if (!(thrown instanceof RegexFault)) throw thrown;
    const place = (offset: number) => Math.min(end, start + 'r/'.length + offset);
    throw syntaxFailure(thrown.message, place(thrown.start), place(thrown.end), thrown.hint);
  }
}

/** All tokens of a source; throws a LocatedFailure where there is none. */
export function tokensOf(source: string, options: LexOptions = {}): readonly PlacedToken[] {
  const reader = createReader(source, options);
  const raw = rawSearch(source);
  const tokens: PlacedToken[] = [];
  for (let token = reader.next(); token !== null; token = reader.next()) {
    tokens.push(token);
    if (token.type !== 'block-end') continue;
    const [begin, name] = tokens
      .slice(-6, -1)
      .filter(({ type }) => type !== 'whitespace')
      .slice(-2);
    if (begin?.type !== 'block-start' || (name?.value !== 'raw' && name?.value !== 'verbatim')) continue;
    skipRaw(reader, raw, name.value, tokens);
  }
  return tokens;
}

/** Goes to what ends a raw block; its text is one token. */
function skipRaw(
  reader: ReturnType<typeof createReader>,
  raw: ReturnType<typeof rawSearch>,
  name: string,
  tokens: PlacedToken[],
): void {
  const start = reader.index();
  let level = 1;
  let at = start;
  while (level > 0) {
    const found = raw(name, at);
    if (found === null) break;
    level += found[2] === name ? 1 : -1;
    at += found[0].length;
  }
  if (at === start) return;
  reader.moveTo(at);
  tokens.push({ type: 'data', value: '', lineno: 0, colno: 0, start, end: at });
}
