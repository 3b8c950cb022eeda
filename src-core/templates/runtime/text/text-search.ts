import type { Runtime } from '../execution/runtime.ts';
import { toCharacters } from './characters.ts';

/** Counts a native search at its worst case: text length times pattern length. */
function countSearch(runtime: Runtime, length: number, patternLength: number): void {
  if (length > 64) runtime.spend((length * Math.min(64, patternLength)) >> 8);
}

/** Above this product of lengths the native search, which may be quadratic, is not used. */
const trustedWork = 1 << 20;

/** `indexOf` whose time is linear whatever the text and pattern are. */
export function indexOfText(runtime: Runtime, text: string, pattern: string, from = 0): number {
  const rest = text.length - from;
  if (pattern.length < 2 || rest * pattern.length <= trustedWork) {
    const at = text.indexOf(pattern, from);
    countSearch(runtime, (at === -1 ? text.length : at) - from, pattern.length);
    return at;
  }
  return linearIndexOf(runtime, text, pattern, from);
}

export function includesText(runtime: Runtime, text: string, pattern: string): boolean {
  return indexOfText(runtime, text, pattern) !== -1;
}

/** As `lastIndexOf`, in linear time. */
export function lastIndexOfText(runtime: Runtime, text: string, pattern: string): number {
  if (pattern.length < 2 || text.length * pattern.length <= trustedWork) {
    countSearch(runtime, text.length, pattern.length);
    return text.lastIndexOf(pattern);
  }
  runtime.look(4 * text.length);
  const at = linearIndexOf(runtime, reversed(text), reversed(pattern), 0);
  return at === -1 ? -1 : text.length - at - pattern.length;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** Knuth, Morris and Pratt. */
function linearIndexOf(runtime: Runtime, text: string, pattern: string, from: number): number {
  if (pattern.length > text.length - from) return -1;
  const borders = bordersOf(runtime, pattern);
  let matched = 0;
  let at = from;
  while (at < text.length && matched < pattern.length) {
    const unit = text.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== unit) matched = borders[matched - 1]!;
    if (pattern.charCodeAt(matched) === unit) matched += 1;
    at += 1;
  }
  runtime.look(2 * (at - from));
  return matched === pattern.length ? at - matched : -1;
}

let lastPattern = '';
let lastBorders = new Int32Array(0);

/** For each prefix, the length of its longest proper border; kept for the next search of the same pattern. */
function bordersOf(runtime: Runtime, pattern: string): Int32Array {
  if (pattern === lastPattern) return lastBorders;
  runtime.look(pattern.length);
  const borders = new Int32Array(pattern.length);
  let length = 0;
  for (let at = 1; at < pattern.length; at += 1) {
    const unit = pattern.charCodeAt(at);
    while (length > 0 && pattern.charCodeAt(length) !== unit) length = borders[length - 1]!;
    if (pattern.charCodeAt(length) === unit) length += 1;
    borders[at] = length;
  }
  lastPattern = pattern;
  lastBorders = borders;
  return borders;
}

/** Start offsets of the occurrences of a non-empty pattern that do not overlap, at most `most` of them (-1: all). */
export function* occurrences(runtime: Runtime, text: string, pattern: string, most: number): Generator<number> {
  let found = 0;
  let at = indexOfText(runtime, text, pattern);
  while (at !== -1 && found !== most) {
    runtime.step();
    yield at;
    found += 1;
    at = indexOfText(runtime, text, pattern, at + pattern.length);
  }
}

/** The parts of a text between occurrences of a non-empty separator. */
export function splitText(runtime: Runtime, text: string, separator: string, most: number): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const at of occurrences(runtime, text, separator, most)) {
    if (parts.length + 1 >= runtime.limits.list) throw runtime.exceeded('list');
    parts.push(text.slice(start, at));
    start = at + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}

/** As `splitText`, from the right, where the occurrences may lie differently: "aaa" by "aa". */
export function splitTextRight(runtime: Runtime, text: string, separator: string, most: number): string[] {
  runtime.look(8 * text.length);
  return splitText(runtime, reversed(text), reversed(separator), most).map(reversed).reverse();
}

/** Python's `str.replace`; an empty `old` matches between all characters. */
export function replaceText(runtime: Runtime, text: string, old: string, replacement: string, most: number): string {
  if (old === '') return replaceBetween(runtime, text, replacement, most);
  let result = '';
  let start = 0;
  for (const at of occurrences(runtime, text, old, most)) {
    runtime.fits(result.length + (at - start) + replacement.length);
    result += text.slice(start, at) + replacement;
    start = at + old.length;
  }
  runtime.willMakeText(result.length + text.length - start);
  return start === 0 ? text : result + text.slice(start);
}

function replaceBetween(runtime: Runtime, text: string, replacement: string, most: number): string {
  runtime.look(4 * text.length);
  const characters = toCharacters(text);
  const times = most < 0 ? characters.length + 1 : Math.min(most, characters.length + 1);
  runtime.willMakeText(text.length + replacement.length * times);
  runtime.spend(times >> 2);
  const pieces = characters.map((character, index) => (index < times ? replacement + character : character));
  return pieces.join('') + (times > characters.length ? replacement : '');
}
