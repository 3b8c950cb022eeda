import { calculate, toDouble } from '../../runtime/arithmetic.ts';
import { isTrue } from '../../runtime/compare.ts';
import { typeFailure } from '../../runtime/diagnostics.ts';
import { needInteger, needText, wrongArgument } from '../../runtime/execution/arguments.ts';
import { bound, type Operation, open } from '../../runtime/execution/operations.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { printValue } from '../../runtime/print.ts';
import { lengthOf } from '../../runtime/sequences.ts';
import { blankClass, codePointLength, sliceCharacters, splitLines, strip } from '../../runtime/text/characters.ts';
import { capitalize } from '../../runtime/text/letter-case.ts';
import { replaceText } from '../../runtime/text/text-search.ts';
import { Dict, isInteger, isNumber, Markup, type Named, Tuple, textOf, type Value } from '../../runtime/values.ts';
import { joinTexts } from '../methods/string.ts';
import { wrapLine } from './wrap.ts';

/** Filters that turn one text into another. */
export const textFilters: readonly (readonly [string, Operation])[] = [
  bound('upper', '', (runtime, value) => mapText(runtime, value, (text) => text.toUpperCase())),
  bound('lower', '', (runtime, value) => mapText(runtime, value, (text) => text.toLowerCase())),
  bound('capitalize', '', (runtime, value) => mapText(runtime, value, capitalize)),
  // Jinja builds a title from plain text, so it is not marked as escaped.
  bound('title', '', (runtime, value) => textOf(mapText(runtime, value, title, 8)) ?? ''),
  bound('string', '', (runtime, value) => mapText(runtime, value, (text) => text)),
  bound('trim', 'chars=none', (runtime, value, [chars]) => {
    const dropped = chars === null ? null : needText('trim', chars!);
    return mapText(runtime, value, (text) => strip(text, dropped, true, true));
  }),
  bound('center', 'width=80', (runtime, value, [width]) => {
    return mapText(runtime, value, (text) => center(runtime, text, needInteger('center', width!)));
  }),
  bound('replace', 'old, new, count=none', (runtime, value, [old, replacement, count]) => {
    const most = count === null ? -1 : needInteger('replace', count!);
    return replaceText(
      runtime,
      printValue(runtime, value),
      printValue(runtime, old!),
      printValue(runtime, replacement!),
      Math.max(-1, most),
    );
  }),
  bound('indent', 'width=4, first=false, blank=false', indent),
  bound('truncate', "length=255, killwords=false, end='...', leeway=none", truncate),
  bound('wordwrap', 'width=79, break_long_words=true, wrapstring=none, break_on_hyphens=true', wordWrap),
  bound('wordcount', '', (runtime, value) => printed(runtime, value, 8).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  open('format', 'format(*values, **named)', format),
];

/** The text that a value prints; `times` is the cost of what follows, relative to reading the text. */
export function printed(runtime: Runtime, value: Value, times = 1): string {
  const text = printValue(runtime, value);
  runtime.look(times * text.length);
  return text;
}

/** Changes the text of a value; escaped text stays marked as escaped. */
function mapText(runtime: Runtime, value: Value, change: (text: string) => string, times = 1): Value {
  const text = change(printed(runtime, value, times));
  runtime.willMakeText(text.length);
  return value instanceof Markup ? new Markup(text) : text;
}

const wordStart = new RegExp(`[-${blankClass}({[<]+`, 'gu');

function title(text: string): string {
  let result = '';
  let at = 0;
  for (const match of text.matchAll(wordStart)) {
    result += titleWord(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return result + titleWord(text.slice(at));
}

function titleWord(word: string): string {
  const first = word === '' ? '' : String.fromCodePoint(word.codePointAt(0) ?? 0);
  return first.toUpperCase() + word.slice(first.length).toLowerCase();
}

function center(runtime: Runtime, text: string, width: number): string {
  const missing = width - codePointLength(text);
  if (missing <= 0) return text;
  runtime.willMakeText(text.length + missing);
  const left = (missing >> 1) + (missing & width & 1);
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
}

function indent(runtime: Runtime, value: Value, [width, first, blank]: Value[]): Value {
  const text = needText('indent', value);
  const by = textOf(width!) ?? indentation(runtime, needInteger('indent', width!));
  const lines = splitLines(runtime, `${text}\n`, false);
  const indentBlank = isTrue(runtime, blank!);
  const pieces = lines.map((line, index) => {
    const isIndented = index > 0 ? line !== '' || indentBlank : isTrue(runtime, first!);
    return isIndented ? by + line : line;
  });
  const joined = joinTexts(runtime, pieces, '\n');
  return value instanceof Markup ? new Markup(joined) : joined;
}

function indentation(runtime: Runtime, width: number): string {
  runtime.willMakeText(Math.max(0, width));
  return ' '.repeat(Math.max(0, width));
}

/** A length that text is compared with; cutting text there needs an int. */
function lengthArgument(callee: string, value: Value): number {
  if (isNumber(value)) return toDouble(value);
  throw wrongArgument(callee, 'an int', value);
}

function truncate(runtime: Runtime, value: Value, [length, killWords, end, leeway]: Value[]): Value {
  const size = lengthOf(runtime, value);
  if (size === null) throw wrongArgument('truncate', 'a str', value);
  const most = lengthArgument('truncate', length!);
  const ending = needText('truncate', end!);
  const slack = leeway === null ? 5 : lengthArgument('truncate', leeway!);
  const endLength = codePointLength(ending);
  if (most < endLength || slack < 0)
    throw typeFailure(`"truncate" needs a length of at least ${endLength} and a leeway of at least 0.`);
  if (size <= most + slack) return value;
  const text = needText('truncate', value);
  const cut = sliceCharacters(text, 0, needInteger('truncate', length!) - endLength);
  const space = cut.lastIndexOf(' ');
  const kept = isTrue(runtime, killWords!) || space === -1 ? cut : cut.slice(0, space);
  const result = kept + ending;
  return value instanceof Markup ? new Markup(result) : result;
}

function wordWrap(runtime: Runtime, value: Value, [width, breakLong, wrapString, breakHyphens]: Value[]): Value {
  const text = needText('wordwrap', value);
  const by = wrapString === null ? '\n' : needText('wordwrap', wrapString!);
  const lines = splitLines(runtime, text, false);
  if (lines.length === 0) return '';
  const options = {
    width: lengthArgument('wordwrap', width!),
    isWhole: isInteger(width!),
    breakLong: isTrue(runtime, breakLong!),
    breakHyphens: isTrue(runtime, breakHyphens!),
  };
  const wrapped = lines.map((line) => joinTexts(runtime, wrapLine(runtime, line, options), by));
  return joinTexts(runtime, wrapped, by);
}

function format(runtime: Runtime, value: Value, args: Value[], named: Named): Value {
  if (args.length > 0 && named !== null && named.size > 0) {
    throw typeFailure('"format" takes either positional or named arguments.');
  }
  const pattern = value instanceof Markup ? value : printed(runtime, value);
  return calculate(runtime, '%', pattern, named !== null && named.size > 0 ? namedDict(named) : new Tuple(args));
}

function namedDict(named: ReadonlyMap<string, Value>): Dict {
  const dict = new Dict();
  for (const [name, value] of named) dict.setPlain(name, value);
  return dict;
}
