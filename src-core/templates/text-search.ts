import type { Runtime } from './runtime.ts';

/** Above this product of lengths the engine's own search, whose worst case is quadratic, is not trusted. */
const trustedWork = 1 << 21;

/** `indexOf` whose time is linear whatever the text and pattern are. */
export function indexOfText(runtime: Runtime, text: string, pattern: string, from = 0): number {
  const rest = text.length - from;
  if (rest > 1024) runtime.look(rest);
  if (pattern.length < 2 || rest * pattern.length <= trustedWork) return text.indexOf(pattern, from);
  return linearIndexOf(runtime, text, pattern, from);
}

export function includesText(runtime: Runtime, text: string, pattern: string): boolean {
  return indexOfText(runtime, text, pattern) !== -1;
}

/** As `lastIndexOf`, in linear time. */
export function lastIndexOfText(runtime: Runtime, text: string, pattern: string): number {
  if (pattern.length < 2 || text.length * pattern.length <= trustedWork) return text.lastIndexOf(pattern);
  const at = linearIndexOf(runtime, reversed(text), reversed(pattern), 0);
  return at === -1 ? -1 : text.length - at - pattern.length;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** Knuth, Morris and Pratt. */
function linearIndexOf(runtime: Runtime, text: string, pattern: string, from: number): number {
  if (pattern.length > text.length - from) return -1;
  runtime.look(text.length - from + pattern.length);
  const borders = bordersOf(pattern);
  let matched = 0;
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== unit) matched = borders[matched - 1]!;
    if (pattern.charCodeAt(matched) === unit) matched += 1;
    if (matched === pattern.length) return at - matched + 1;
  }
  return -1;
}

let lastPattern = '';
let lastBorders = new Int32Array(0);

/** For each prefix, the length of its longest proper border; kept for the next search of the same pattern. */
function bordersOf(pattern: string): Int32Array {
  if (pattern === lastPattern) return lastBorders;
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

/** Python's `str.replace`; an empty `old` matches between all characters. */
export function replaceText(runtime: Runtime, text: string, old: string, replacement: string, most: number): string {
  if (old === '') return replaceBetween(runtime, text, replacement, most);
  let result = '';
  let start = 0;
  for (const at of occurrences(runtime, text, old, most)) {
    const length = result.length + (at - start) + replacement.length;
    if (length > runtime.limits.string) throw runtime.exceeded('string');
    result += text.slice(start, at) + replacement;
    start = at + old.length;
  }
  runtime.willMakeText(result.length + text.length - start);
  return start === 0 ? text : result + text.slice(start);
}

function replaceBetween(runtime: Runtime, text: string, replacement: string, most: number): string {
  const characters = [...text];
  const times = most < 0 ? characters.length + 1 : Math.min(most, characters.length + 1);
  runtime.willMakeText(text.length + replacement.length * times);
  runtime.spend(times);
  let result = '';
  characters.forEach((character, index) => {
    result += index < times ? replacement + character : character;
  });
  return times > characters.length ? result + replacement : result;
}
