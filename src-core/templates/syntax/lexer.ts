import { limitFailure } from '../runtime/diagnostics.ts';
import { defaultLimits } from '../runtime/limits.ts';
import { blankClass, isBlank } from '../runtime/text/characters.ts';
import type { Value } from '../runtime/values.ts';
import { decodeString, matchAt, numberToken } from './literals.ts';
import { LocatedFailure, syntaxFailure } from './located-failure.ts';

export type TokenKind =
  | 'text'
  | 'variable-begin'
  | 'variable-end'
  | 'block-begin'
  | 'block-end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'end';

/** One token; `text` is the name, operator, decoded string or literal text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** The number of an `integer` or `float`. */
  readonly value: Value;
  readonly start: number;
  readonly end: number;
}

export interface LexOptions {
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
}

/** Every node needs a token or two, so more tokens would exceed the limit of nodes. */
const mostTokens = 3 * defaultLimits.nodes;

const blank = `[${blankClass}]`;
const blanks = new RegExp(`${blank}+`, 'y');
const rawTag = new RegExp(`\\{%([-+]?)${blank}*raw${blank}*(?:-%\\}${blank}*|%\\})`, 'y');
const rawEnd = new RegExp(`\\{%([-+]?)${blank}*endraw${blank}*(?:\\+%\\}|-%\\}${blank}*|%\\}(\\n?))`, 'g');
const nameLiteral = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const stringLiteral = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const operators: ReadonlySet<string> = new Set([
  ...['//', '**', '==', '!=', '>=', '<='],
  ...['-', '+', '/', '*', '%', '~', '[', ']', '(', ')', '{', '}', '<', '>', '=', '.', ':', '|', ',', ';'],
]);
const trailingBlanks = new RegExp(`${blank}+$`);
const onlyBlanks = new RegExp(`^${blank}+$`);
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Splits a source, whose newlines are all `\n`, into tokens. Throws a LocatedFailure. */
export function tokenize(source: string, options: LexOptions): readonly Token[] {
  const tokens: Token[] = [];
  const state = { at: 0, lineStarting: true };
  while (state.at < source.length) {
    const open = nextTag(source, state.at);
    if (open === -1) {
      pushText(tokens, source.slice(state.at), state.at);
      state.at = source.length;
      break;
    }
    lexTag(source, open, options, tokens, state);
  }
  tokens.push({ kind: 'end', text: '', value: null, start: source.length, end: source.length });
  return tokens;
}

interface LexState {
  at: number;
  /** Whether the text before `at` ended a line, which `lstripBlocks` needs. */
  lineStarting: boolean;
}

function nextTag(source: string, from: number): number {
  for (let at = source.indexOf('{', from); at !== -1; at = source.indexOf('{', at + 1)) {
    const next = source.charCodeAt(at + 1);
    if (next === 0x7b || next === 0x25 || next === 0x23) return at;
  }
  return -1;
}

function lexTag(source: string, open: number, options: LexOptions, tokens: Token[], state: LexState): void {
  const kind = source[open + 1];
  const sign = source[open + 2] === '-' || source[open + 2] === '+' ? source[open + 2]! : '';
  const before = trimBefore(source.slice(state.at, open), sign, kind !== '{', options, state.lineStarting);
  pushText(tokens, before, state.at);
  if (kind === '%') {
    const raw = matchAt(rawTag, source, open);
    if (raw !== null) {
      lexRaw(source, open, raw[0].length, options, tokens, state);
      return;
    }
  }
  const inside = open + 2 + sign.length;
  if (kind === '#') {
    lexComment(source, open, inside, options, state);
    return;
  }
  const isBlock = kind === '%';
  tokens.push({ kind: isBlock ? 'block-begin' : 'variable-begin', text: '', value: null, start: open, end: inside });
  lexCode(source, open, inside, isBlock, options, tokens, state);
}

/** The text before a tag after its white space control. */
function trimBefore(
  text: string,
  sign: string,
  strippable: boolean,
  options: LexOptions,
  lineStarting: boolean,
): string {
  if (sign === '-') return trimEnd(text);
  if (sign === '+' || !options.lstripBlocks || !strippable) return text;
  const lineStart = text.lastIndexOf('\n') + 1;
  if (lineStart === 0 && !lineStarting) return text;
  return onlyBlanks.test(text.slice(lineStart)) ? text.slice(0, lineStart) : text;
}

function trimEnd(text: string): string {
  // The end-anchored pattern alone would try every run of blanks, which is quadratic for hostile sources.
  let end = text.length;
  while (end > 0 && trailingBlanks.test(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

function pushText(tokens: Token[], text: string, start: number): void {
  if (text !== '') tokens.push({ kind: 'text', text, value: null, start, end: start + text.length });
}

function lexRaw(
  source: string,
  open: number,
  length: number,
  options: LexOptions,
  tokens: Token[],
  state: LexState,
): void {
  const from = open + length;
  rawEnd.lastIndex = from;
  const close = rawEnd.exec(source);
  if (close === null) {
    leaveOpened(source, from, state, () =>
      syntaxFailure('This raw block is never closed.', open, from, 'Write {% endraw %} after it.'),
    );
    return;
  }
  const lineStarting = source[from - 1] === '\n';
  pushText(tokens, trimBefore(source.slice(from, close.index), close[1] ?? '', true, options, lineStarting), from);
  const trimmed = close[2] === '\n' && !options.trimBlocks ? 1 : 0;
  leaveTag(source, close.index + close[0].length - trimmed, state);
}

function lexComment(source: string, open: number, inside: number, options: LexOptions, state: LexState): void {
  const close = source.indexOf('#}', inside);
  if (close === -1) {
    leaveOpened(source, inside, state, () =>
      syntaxFailure('This comment is never closed.', open, inside, 'Write #} after it.'),
    );
    return;
  }
  let end = close + 2;
  const sign = close > inside ? source[close - 1] : '';
  if (sign === '-') end = skipBlanks(source, end);
  else if (sign !== '+') end = skipTrimmedNewline(source, end, options);
  leaveTag(source, end, state);
}

/** Jinja ignores an opening by the very last characters of a source; any other must be closed. */
function leaveOpened(source: string, inside: number, state: LexState, failure: () => LocatedFailure): void {
  if (inside < source.length) throw failure();
  leaveTag(source, inside, state);
}

function leaveTag(source: string, end: number, state: LexState): void {
  state.at = end;
  state.lineStarting = source[end - 1] === '\n';
}

function skipBlanks(source: string, from: number): number {
  return from + (matchAt(blanks, source, from)?.[0].length ?? 0);
}

function skipTrimmedNewline(source: string, end: number, options: LexOptions): number {
  return options.trimBlocks && source[end] === '\n' ? end + 1 : end;
}

/** Where a tag that may close at `at` ends, or -1 when it does not close there. */
function closeTag(source: string, at: number, isBlock: boolean, options: LexOptions): number {
  const close = isBlock ? '%}' : '}}';
  if (source.startsWith(`-${close}`, at)) return skipBlanks(source, at + 3);
  if (source.startsWith(close, at)) return isBlock ? skipTrimmedNewline(source, at + 2, options) : at + 2;
  return isBlock && source.startsWith('+%}', at) ? at + 3 : -1;
}

function lexCode(
  source: string,
  open: number,
  inside: number,
  isBlock: boolean,
  options: LexOptions,
  tokens: Token[],
  state: LexState,
): void {
  const brackets: string[] = [];
  let at = inside;
  while (at < source.length) {
    const end = brackets.length === 0 && mayClose(source.charCodeAt(at)) ? closeTag(source, at, isBlock, options) : -1;
    if (end !== -1) {
      tokens.push({ kind: isBlock ? 'block-end' : 'variable-end', text: '', value: null, start: at, end });
      leaveTag(source, end, state);
      return;
    }
    if (isBlank(source.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const token = codeToken(source, at, tokens.at(-1)?.text === '.');
    if (token.kind === 'operator') balance(token, brackets);
    tokens.push(token);
    if (tokens.length > mostTokens) throw new LocatedFailure(limitFailure('nodes', defaultLimits), at, token.end);
    at = token.end;
  }
  const what = isBlock ? 'statement' : 'expression';
  throw syntaxFailure(`This ${what} is never closed.`, open, inside, `Write ${isBlock ? '%}' : '}}'} after it.`);
}

/** Whether a tag's end may begin with this character: one of `-`, `+`, `%` and `}`. */
function mayClose(unit: number): boolean {
  return unit === 0x2d || unit === 0x2b || unit === 0x25 || unit === 0x7d;
}

function balance(token: Token, brackets: string[]): void {
  const closer = closers[token.text];
  if (closer !== undefined) {
    brackets.push(closer);
    return;
  }
  if (token.text !== ')' && token.text !== ']' && token.text !== '}') return;
  const expected = brackets.pop();
  if (expected === token.text) return;
  const instead = expected === undefined ? 'No bracket is open here.' : `"${expected}" must come first.`;
  throw syntaxFailure(`"${token.text}" closes nothing.`, token.start, token.end, instead);
}

function codeToken(source: string, at: number, isMember: boolean): Token {
  const code = source.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return numberToken(source, at);
  const nameLength = lengthOfName(source, at, code);
  if (nameLength > 0) {
    const end = at + nameLength;
    const name = source.slice(at, end);
    // Names are normalised as in Python; members are keys of data and are not.
    return { kind: 'name', text: isMember ? name : name.normalize('NFKC'), value: null, start: at, end };
  }
  if (code === 0x27 || code === 0x22) {
    const string = matchAt(stringLiteral, source, at);
    if (string === null)
      throw syntaxFailure('This string is never closed.', at, at + 1, 'Write the same quote after it.');
    const end = at + string[0].length;
    return { kind: 'string', text: decodeString(string[0], at), value: null, start: at, end };
  }
  const operator = operators.has(source.slice(at, at + 2)) ? source.slice(at, at + 2) : source[at]!;
  if (operators.has(operator))
    return { kind: 'operator', text: operator, value: null, start: at, end: at + operator.length };
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw syntaxFailure(`"${character}" has no meaning here.`, at, at + character.length);
}

/** The length of the name that starts here, 0 when none does. Only names beyond ASCII need the pattern. */
function lengthOfName(source: string, at: number, first: number): number {
  if (first < 0x80 && !isNameUnit(first)) return 0;
  let end = at;
  while (isNameUnit(source.charCodeAt(end))) end += 1;
  return source.charCodeAt(end) < 0x80 || end === source.length
    ? end - at
    : (matchAt(nameLiteral, source, at)?.[0].length ?? 0);
}

function isNameUnit(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f || (unit >= 0x30 && unit <= 0x39)
  );
}
