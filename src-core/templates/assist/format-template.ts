import type { Syntax } from '../../contract/content.ts';
import { formatLiquid } from '../liquid/format-liquid.ts';
import { formattingTokens as nunjucksTokens } from '../nunjucks/syntax/formatting-tokens.ts';
import { type Token, tokenize } from '../syntax/lexer.ts';
import { LocatedFailure } from '../syntax/located-failure.ts';

const plainly = { trimBlocks: false, lstripBlocks: false };
/** Names that are no values: what stands after one begins an expression. */
const words: ReadonlySet<string> = new Set('and or not in is if else elif for set with as import recursive'.split(' '));
const spacedOperators: ReadonlySet<string> = new Set(['|', '==', '!=', '===', '!==', '<', '>', '<=', '>=', '~']);
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '//', '%']);

/**
 * The template with even spacing inside its tags: `{{a|upper}}` becomes `{{ a | upper }}`. Text, comments, raw blocks and
 * line breaks inside tags stay as they are, so it renders what it rendered before; a template with an error stays as it is.
 */
export function formatTemplate(source: string, syntax: Syntax): string {
  const usesCrlf = source.includes('\r\n');
  const text = usesCrlf ? source.replaceAll('\r\n', '\n') : source;
  if (text.includes('\r')) return source;
  const formatted =
    syntax === 'liquid' ? formatLiquid(text) : formatTokens(text, syntax === 'nunjucks' ? nunjucksTokens : jinjaTokens);
  return usesCrlf ? formatted.replaceAll('\n', '\r\n') : formatted;
}

type Tokenize = (source: string) => readonly Token[];

const jinjaTokens: Tokenize = (source) => tokenize(source, plainly);

function formatTokens(source: string, tokenizer: Tokenize): string {
  const tokens = tryTokenize(source, tokenizer);
  if (tokens === null) return source;
  const formatted = rewriteTags(source, tokens);
  // If formatting changed the tokens, the template is left as it was.
  const again = tryTokenize(formatted, tokenizer);
  return again !== null && isSame(tokens, again) ? formatted : source;
}

function tryTokenize(source: string, tokenizer: Tokenize): readonly Token[] | null {
  try {
    return tokenizer(source);
  } catch (thrown) {
    if (thrown instanceof LocatedFailure) return null;
    throw thrown;
  }
}

function isSame(left: readonly Token[], right: readonly Token[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ kind, text }, at) => kind === right[at]?.kind && text === right[at]?.text)
  );
}

function rewriteTags(source: string, tokens: readonly Token[]): string {
  let result = '';
  let copied = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const begin = tokens[at]!;
    if (begin.kind !== 'variable-begin' && begin.kind !== 'block-begin') continue;
    let last = at + 1;
    while (last < tokens.length && !isTagEnd(tokens[last]!)) last += 1;
    const end = tokens[last];
    if (end === undefined) break;
    result += source.slice(copied, begin.end) + inside(source, begin, tokens.slice(at + 1, last), end);
    copied = end.start;
    at = last;
  }
  return result + source.slice(copied);
}

const isTagEnd = ({ kind }: Token): boolean => kind === 'variable-end' || kind === 'block-end';

/** The tokens of one tag with the blanks between and around them. */
function inside(source: string, begin: Token, tokens: readonly Token[], end: Token): string {
  const brackets: string[] = [];
  let result = '';
  let before = begin;
  for (const [at, token] of tokens.entries()) {
    if (token.text === ')' || token.text === ']' || token.text === '}') brackets.pop();
    const gap = source.slice(before.end, token.start);
    result += gap.includes('\n') ? gap : at === 0 ? ' ' : gapBetween(tokens, at, gap, brackets.at(-1));
    result += source.slice(token.start, token.end);
    if (token.kind === 'operator' && '([{'.includes(token.text)) brackets.push(token.text);
    before = token;
  }
  const gap = source.slice(before.end, end.start);
  return result + (gap.includes('\n') ? gap : ' ');
}

/** The gap before a token; in doubt the existing one, as one blank at most. */
function gapBetween(tokens: readonly Token[], at: number, gap: string, bracket: string | undefined): string {
  const left = tokens[at - 1]!;
  const right = tokens[at]!;
  const kept = gap === '' ? '' : ' ';
  if (left.kind !== 'operator' && right.kind !== 'operator') return ' ';
  if (isOperator(right, ',') || isOperator(right, ')') || isOperator(right, ']')) return '';
  if (isOperator(left, '(') || isOperator(left, '[')) return '';
  if (isOperator(left, ',')) return isOperator(right, '}') ? '' : ' ';
  if (isOperator(left, '{')) return isOperator(right, '{') ? kept : '';
  if (isOperator(right, '}')) return isOperator(left, '}') ? kept : '';
  if (isOperator(left, '.') || isOperator(right, '.')) return kept;
  if (isOperator(left, '=') || isOperator(right, '=')) return bracket === undefined ? ' ' : '';
  if (bracket === '{' && (isOperator(left, ':') || isOperator(right, ':'))) return isOperator(left, ':') ? ' ' : '';
  if (isSpaced(tokens, at) || isSpaced(tokens, at - 1)) return ' ';
  if (right.kind === 'operator' && '([{'.includes(right.text) && left.kind === 'name' && words.has(left.text))
    return ' ';
  if (left.kind === 'operator' && ')]}'.includes(left.text) && right.kind === 'name') return ' ';
  return kept;
}

const isOperator = (token: Token, text: string): boolean => token.kind === 'operator' && token.text === text;

/** Whether an operator is binary, with blanks around it, or a sign, without. */
function isSpaced(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]!;
  if (token.kind !== 'operator') return false;
  if (spacedOperators.has(token.text)) return true;
  return arithmetic.has(token.text) && at > 0 && endsValue(tokens[at - 1]!);
}

function endsValue(token: Token): boolean {
  if (token.kind === 'name') return !words.has(token.text);
  return token.kind !== 'operator' || ')]}'.includes(token.text);
}
