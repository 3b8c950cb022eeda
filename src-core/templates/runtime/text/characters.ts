import type { Runtime } from '../execution/runtime.ts';

/*
 * Python counts code points, JavaScript UTF-16 units. Nearly all text has no surrogates, and then both are the same.
 */
const surrogates = /[\ud800-\udfff]/;

export function hasSurrogates(text: string): boolean {
  return surrogates.test(text);
}

export function codePointLength(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff && isLow(text.charCodeAt(at + 1))) at += 1;
    length += 1;
  }
  return length;
}

const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

export function toCharacters(text: string): string[] {
  return hasSurrogates(text) ? Array.from(text) : text.split('');
}

/** The characters `from` up to `to`, counted in code points and already within the text. */
export function sliceCharacters(text: string, from: number, to: number): string {
  if (!hasSurrogates(text)) return text.slice(from, to);
  const start = unitOffset(text, from, 0);
  return text.slice(start, unitOffset(text, to - from, start));
}

/** The character at a code point offset that is within the text. */
export function characterAt(text: string, at: number): string {
  if (!hasSurrogates(text)) return text[at]!;
  return String.fromCodePoint(text.codePointAt(unitOffset(text, at, 0)) ?? 0);
}

/** The UTF-16 offset that is `count` characters after the UTF-16 offset `from`. */
function unitOffset(text: string, count: number, from: number): number {
  let unit = from;
  for (let done = 0; done < count && unit < text.length; done += 1)
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit;
}

/** The code point offset of a UTF-16 offset. */
export function codePointOffset(text: string, at: number): number {
  return at <= 0 || !hasSurrogates(text) ? at : codePointLength(text.slice(0, at));
}

/** What Python counts as white space, inside the brackets of a pattern; `\s` is not quite the same. */
export const blankClass = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Python's `str.isspace` for one UTF-16 unit. */
export function isBlank(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 9 && unit <= 13) || (unit >= 0x1c && unit <= 0x1f);
  if (unit < 0x85) return false;
  return (
    unit === 0x85 ||
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  );
}

/** Python's `strip`, `lstrip` and `rstrip`; `characters` null means blanks. */
export function strip(text: string, characters: string | null, left: boolean, right: boolean): string {
  if (characters !== null && hasSurrogates(text + characters)) return stripCharacters(text, characters, left, right);
  const units = characters === null ? null : new Set(Array.from(characters, (character) => character.charCodeAt(0)));
  const drops = units === null ? isBlank : (unit: number) => units.has(unit);
  let start = 0;
  let end = text.length;
  if (left) while (start < end && drops(text.charCodeAt(start))) start += 1;
  if (right) while (end > start && drops(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function stripCharacters(text: string, characters: string, left: boolean, right: boolean): string {
  const dropped = new Set(characters);
  const all = Array.from(text);
  let start = 0;
  let end = all.length;
  if (left) while (start < end && dropped.has(all[start]!)) start += 1;
  if (right) while (end > start && dropped.has(all[end - 1]!)) end -= 1;
  return all.slice(start, end).join('');
}

/** The words between runs of blanks; after `most` splits (-1: no bound) the rest stays whole. */
export function splitBlanks(runtime: Runtime, text: string, most: number): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
    if (at === text.length) return words;
    if (words.length === most) {
      words.push(text.slice(at));
      return words;
    }
    const start = at;
    while (at < text.length && !isBlank(text.charCodeAt(at))) at += 1;
    if (words.length >= runtime.limits.list) throw runtime.exceeded('list');
    words.push(text.slice(start, at));
  }
}

/** As `splitBlanks`, from the right. */
export function splitBlanksRight(runtime: Runtime, text: string, most: number): string[] {
  const words: string[] = [];
  let at = text.length;
  for (;;) {
    while (at > 0 && isBlank(text.charCodeAt(at - 1))) at -= 1;
    if (at === 0) return words.reverse();
    if (words.length === most) {
      words.push(text.slice(0, at));
      return words.reverse();
    }
    const end = at;
    while (at > 0 && !isBlank(text.charCodeAt(at - 1))) at -= 1;
    if (words.length >= runtime.limits.list) throw runtime.exceeded('list');
    words.push(text.slice(at, end));
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that end a line in Python.
const lineEnd = /\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/g;

/** Python's `str.splitlines`. */
export function splitLines(runtime: Runtime, text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(lineEnd)) {
    if (lines.length >= runtime.limits.list) throw runtime.exceeded('list');
    runtime.step();
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keepEnds ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}
