import { typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import type { Value } from '../../runtime/values.ts';
import { nothing } from '../meaning/meaning.ts';
import { allMatches, type Match, matchList, namedParts, nextMatch, partsOf, type RegexValue } from './regex.ts';

/** `text.match(regex)`. */
export function matchRegex(runtime: Runtime, text: string, regex: RegexValue): Value {
  const reading = regex.regex.reading(runtime, text);
  if (!regex.has('g')) {
    const match = nextMatch(runtime, regex, reading);
    return match === null ? null : matchList(runtime, regex, text, match);
  }
  const found: Value[] = [];
  for (const { start, end } of allMatches(runtime, regex, reading)) {
    found.push(text.slice(start, end));
    if (found.length > runtime.limits.list) throw runtime.exceeded('list');
  }
  return found.length === 0 ? null : found;
}

/** `text.matchAll(regex)`, as a list. */
export function matchAllRegex(runtime: Runtime, text: string, given: RegexValue): Value[] {
  if (!given.has('g')) throw typeFailure('"matchAll" needs a regular expression with the flag "g", as in r/a+/g.');
  const regex = given.fresh();
  const found: Value[] = [];
  for (const match of allMatches(runtime, regex, regex.regex.reading(runtime, text), given.lastIndex)) {
    found.push(matchList(runtime, regex, text, match));
    if (found.length > runtime.limits.list) throw runtime.exceeded('list');
  }
  return found;
}

/** `text.search(regex)`. */
export function searchRegex(runtime: Runtime, text: string, regex: RegexValue): number {
  return nextMatch(runtime, regex.fresh(), regex.regex.reading(runtime, text))?.start ?? -1;
}

/** `text.replace(regex, replacement)`. */
export function replaceRegex(runtime: Runtime, text: string, regex: RegexValue, replacement: string): string {
  const reading = regex.regex.reading(runtime, text);
  const pieces = replacement.includes('$') ? replacement.split(/(\$(?:[$&`']|\d\d?|<[^>]*>))/) : [replacement];
  if (pieces.length > 1) runtime.willMakeList(pieces.length);
  let result = '';
  let copied = 0;
  const append = (piece: string) => {
    result += piece;
    runtime.fits(result.length);
  };
  const put = (match: Match) => {
    const parts = partsOf(text, match);
    const named = namedParts(regex, parts);
    runtime.spend(1 + parts.length + pieces.length);
    append(text.slice(copied, match.start));
    for (const piece of pieces) append(expanded(piece, text, match, parts, named));
    copied = match.end;
  };
  if (regex.has('g')) for (const match of allMatches(runtime, regex, reading)) put(match);
  else {
    const match = nextMatch(runtime, regex, reading);
    if (match !== null) put(match);
  }
  append(text.slice(copied));
  runtime.look(result.length);
  return result;
}

function expanded(
  piece: string,
  text: string,
  { start, end }: Match,
  parts: readonly (string | undefined)[],
  named: ReadonlyMap<string, string | undefined> | null,
): string {
  if (!piece.startsWith('$')) return piece;
  switch (piece.charAt(1)) {
    case '':
      return piece;
    case '$':
      return '$';
    case '&':
      return text.slice(start, end);
    case '`':
      return text.slice(0, start);
    case "'":
      return text.slice(end);
    case '<':
      return named === null ? piece : (named.get(piece.slice(2, -1)) ?? '');
    default:
      return numbered(piece, parts);
  }
}

/** `$1`, or `$12` where there are so many groups, else `$1` and a 2. */
function numbered(piece: string, parts: readonly (string | undefined)[]): string {
  for (const length of [3, 2]) {
    const index = Number(piece.slice(1, length));
    if (piece.length >= length && index > 0 && index < parts.length) return (parts[index] ?? '') + piece.slice(length);
  }
  return piece;
}

/** `text.split(regex, limit)`: groups come between the parts. */
export function splitRegex(runtime: Runtime, text: string, regex: RegexValue, limit: number): Value[] {
  const reading = regex.regex.reading(runtime, text);
  const found: Value[] = [];
  const add = (part: string | undefined) => {
    if (found.length > runtime.limits.list) throw runtime.exceeded('list');
    found.push(part ?? nothing);
  };
  if (limit === 0) return [];
  if (text === '') return regex.regex.find(runtime, reading, 0) === null ? [''] : [];
  let start = 0;
  for (let from = 0; from < text.length; ) {
    const match = regex.regex.find(runtime, reading, from);
    if (match === null || match.start >= text.length) break;
    if (match.end === start) {
      from = match.start + 1;
      continue;
    }
    for (const part of [text.slice(start, match.start), ...partsOf(text, match).slice(1)]) {
      add(part);
      if (found.length === limit) return found;
    }
    start = match.end;
    from = start;
  }
  add(text.slice(start));
  return found;
}
