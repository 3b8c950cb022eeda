import { typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { codePointLength, sliceCharacters, strip } from '../../runtime/text/characters.ts';

export interface WrapOptions {
  readonly width: number;
  /** Whether the width is an int; a word cannot be broken at a float. */
  readonly isWhole: boolean;
  readonly breakLong: boolean;
  readonly breakHyphens: boolean;
}

const blank = '[\\t\\n\\v\\f\\r ]';
const letter = '[\\p{L}\\p{Nl}\\p{No}_]';
const word = '[\\p{L}\\p{N}_]';
const punctuated = `(?:${word}|[!"'&.,?])`;
/** Words, blanks and dashes as Python's textwrap splits them; every alternative looks only a few characters around. */
const wordPieces = new RegExp(
  `${blank}+|(?<=${punctuated})-{2,}(?=${word})|[^\\t\\n\\v\\f\\r ]+?(?:` +
    `-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))(?=${letter}-?${letter})|(?=${blank}|$)|(?<=${punctuated})(?=-{2,}${word}))`,
  'gu',
);
const plainPieces = /[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+/g;

/** Python's `textwrap.wrap` of one line, with its tabs and blanks kept. */
export function wrapLine(runtime: Runtime, line: string, options: WrapOptions): string[] {
  if (options.width <= 0) throw typeFailure('"wordwrap" needs a width of at least 1.');
  runtime.look(line.length);
  const chunks = (line.match(options.breakHyphens ? wordPieces : plainPieces) ?? []).reverse();
  runtime.spend(chunks.length);
  const lines: string[] = [];
  while (chunks.length > 0) {
    runtime.step();
    if (lines.length > 0 && isBlankChunk(chunks.at(-1)!)) chunks.pop();
    const current = fillLine(runtime, chunks, options);
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

function isBlankChunk(chunk: string): boolean {
  return strip(chunk, null, true, true) === '';
}

/** Takes what fits on one line off the end of `chunks`. */
function fillLine(runtime: Runtime, chunks: string[], options: WrapOptions): string[] {
  const current: string[] = [];
  let length = 0;
  while (chunks.length > 0) {
    const size = codePointLength(chunks.at(-1)!);
    if (length + size > options.width) break;
    current.push(chunks.pop()!);
    length += size;
  }
  if (chunks.length > 0 && codePointLength(chunks.at(-1)!) > options.width) {
    runtime.look(chunks.at(-1)!.length);
    breakLong(chunks, current, length, options);
  }
  if (current.length > 0 && isBlankChunk(current.at(-1)!)) current.pop();
  return current;
}

function breakLong(chunks: string[], current: string[], length: number, options: WrapOptions): void {
  // A full line gets an empty piece, as in Python, which is dropped in place of the blanks before it.
  const space = options.width < 1 ? 1 : options.width - length;
  const chunk = chunks.at(-1)!;
  if (!options.breakLong) {
    if (current.length === 0) current.push(chunks.pop()!);
    return;
  }
  if (!options.isWhole && options.width >= 1) throw typeFailure('"wordwrap" breaks a long word, which needs an int.');
  const end = options.breakHyphens ? hyphenEnd(chunk, space) : space;
  const head = sliceCharacters(chunk, 0, end);
  current.push(head);
  chunks[chunks.length - 1] = chunk.slice(head.length);
}

/** Breaks after the last hyphen that fits, when something other than hyphens is before it. */
function hyphenEnd(chunk: string, space: number): number {
  if (codePointLength(chunk) <= space) return space;
  const head = sliceCharacters(chunk, 0, space);
  const hyphen = head.lastIndexOf('-');
  if (hyphen <= 0 || /^-*$/.test(head.slice(0, hyphen))) return space;
  return codePointLength(head.slice(0, hyphen + 1));
}
