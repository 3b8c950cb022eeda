import { typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { includesText, indexOfText, lastIndexOfText } from '../../runtime/text/text-search.ts';
import type { Value } from '../../runtime/values.ts';
import { isNothing, orNothing, textIn, toNumber, toText } from '../meaning/meaning.ts';
import { integerAt, type Method, optionalText, replacementText, textAt } from '../meaning/method.ts';
import { replaceEach, splitText } from '../meaning/texts.ts';
import { RegexValue, regexFromText } from '../regex/regex.ts';
import { matchAllRegex, matchRegex, replaceRegex, searchRegex, splitRegex } from '../regex/text-regex.ts';

type TextMethod = (runtime: Runtime, text: string, args: readonly Value[]) => Value;

/** A method whose result is not longer than a few times its text. */
function method(name: string, run: TextMethod): readonly [string, Method] {
  return [
    name,
    (runtime, self, args) => {
      const text = textIn(self) ?? '';
      runtime.look(text.length);
      return run(runtime, text, args);
    },
  ];
}

/** One that changes the case or the form of a text. */
const changed = (name: string, change: (text: string) => string) =>
  method(name, (runtime, text) => {
    const result = change(text);
    runtime.fits(result.length);
    return result;
  });

const part = (name: string, cut: (text: string, from: number, to: number | undefined) => string) =>
  method(name, (runtime, text, args) => {
    const end = orNothing(args[1]);
    return cut(text, integerAt(runtime, args, 0, 0), isNothing(end) ? undefined : integerAt(runtime, args, 1, 0));
  });

function pad(name: string, isStart: boolean): readonly [string, Method] {
  return method(name, (runtime, text, args) => {
    const length = integerAt(runtime, args, 0, 0);
    const filler = optionalText(runtime, args, 1) ?? ' ';
    if (length <= text.length || filler === '') return text;
    runtime.willMakeText(length);
    return isStart ? text.padStart(length, filler) : text.padEnd(length, filler);
  });
}

function from(runtime: Runtime, text: string, args: readonly Value[], index: number): number {
  return Math.min(text.length, Math.max(0, integerAt(runtime, args, index, 0)));
}

/** `text.lastIndexOf(part, from)`, where no number means the end. */
function lastIndex(runtime: Runtime, text: string, args: readonly Value[]): number {
  const start = toNumber(runtime, orNothing(args[1]));
  const searched = textAt(runtime, args, 0);
  if (Number.isNaN(start)) return lastIndexOfText(runtime, text, searched);
  return lastIndexOfText(runtime, text.slice(0, Math.max(0, Math.trunc(start)) + searched.length), searched);
}

function normalize(runtime: Runtime, text: string, args: readonly Value[]): string {
  const form = optionalText(runtime, args, 0) ?? 'NFC';
  if (!['NFC', 'NFD', 'NFKC', 'NFKD'].includes(form))
    throw typeFailure(`"normalize" takes NFC, NFD, NFKC or NFKD, but got "${form.slice(0, 40)}".`);
  runtime.look(20 * text.length);
  const result = text.normalize(form);
  runtime.fits(result.length);
  return result;
}

function replaced(runtime: Runtime, text: string, args: readonly Value[], all: boolean): string {
  const [old, replacement] = [orNothing(args[0]), replacementText(runtime, orNothing(args[1]))];
  if (!(old instanceof RegexValue)) return replaceEach(runtime, text, toText(runtime, old), replacement, all);
  if (all && !old.has('g'))
    throw typeFailure('"replaceAll" needs a regular expression with the flag "g", as in r/a+/g.');
  return replaceRegex(runtime, text, old, replacement);
}

/** An argument that is a regular expression, or the text of one; none at all matches everywhere. */
function regexAt(runtime: Runtime, callee: string, args: readonly Value[], flags: string): RegexValue {
  const value = orNothing(args[0]);
  return value instanceof RegexValue ? value : regexFromText(callee, optionalText(runtime, args, 0) ?? '', flags);
}

/** Methods of texts; every place is one of UTF-16 units. */
export const textMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  changed('toLowerCase', (text) => text.toLowerCase()),
  changed('toUpperCase', (text) => text.toUpperCase()),
  changed('trim', (text) => text.trim()),
  changed('trimStart', (text) => text.trimStart()),
  changed('trimEnd', (text) => text.trimEnd()),
  changed('trimLeft', (text) => text.trimStart()),
  changed('trimRight', (text) => text.trimEnd()),
  changed('toString', (text) => text),
  changed('valueOf', (text) => text),
  part('slice', (text, start, end) => text.slice(start, end)),
  part('substring', (text, start, end) => text.substring(start, end)),
  part('substr', (text, start, length) => {
    const begin = start < 0 ? Math.max(0, text.length + start) : start;
    return text.slice(begin, length === undefined ? undefined : begin + Math.max(0, length));
  }),
  method('at', (runtime, text, args) => orNothing(text.at(integerAt(runtime, args, 0, 0)))),
  method('charAt', (runtime, text, args) => text.charAt(integerAt(runtime, args, 0, 0))),
  method('charCodeAt', (runtime, text, args) => text.charCodeAt(integerAt(runtime, args, 0, 0))),
  method('codePointAt', (runtime, text, args) => orNothing(text.codePointAt(integerAt(runtime, args, 0, 0)))),
  method('concat', (runtime, text, args) => {
    let result = text;
    for (const arg of args) {
      result += toText(runtime, arg);
      runtime.fits(result.length);
    }
    return result;
  }),
  method('includes', (runtime, text, args) =>
    includesText(runtime, text.slice(from(runtime, text, args, 1)), textAt(runtime, args, 0)),
  ),
  method('indexOf', (runtime, text, args) =>
    indexOfText(runtime, text, textAt(runtime, args, 0), from(runtime, text, args, 1)),
  ),
  method('lastIndexOf', lastIndex),
  method('startsWith', (runtime, text, args) =>
    text.startsWith(textAt(runtime, args, 0), from(runtime, text, args, 1)),
  ),
  method('endsWith', (runtime, text, args) => {
    const end = isNothing(orNothing(args[1])) ? text.length : from(runtime, text, args, 1);
    return text.slice(0, end).endsWith(textAt(runtime, args, 0));
  }),
  method('repeat', (runtime, text, args) => {
    const count = integerAt(runtime, args, 0, 0);
    if (count < 0) throw typeFailure(`"repeat" takes 0 or more, but got ${count}.`);
    if (text === '') return '';
    runtime.willMakeText(count * text.length);
    return text.repeat(count);
  }),
  pad('padStart', true),
  pad('padEnd', false),
  method('normalize', normalize),
  method('split', (runtime, text, args) => {
    const limit = isNothing(orNothing(args[1])) ? Number.POSITIVE_INFINITY : integerAt(runtime, args, 1, 0) >>> 0;
    const given = orNothing(args[0]);
    if (given instanceof RegexValue) return splitRegex(runtime, text, given, limit);
    const separator = optionalText(runtime, args, 0);
    return separator === undefined ? [text].slice(0, limit) : splitText(runtime, text, separator, limit);
  }),
  method('match', (runtime, text, args) => matchRegex(runtime, text, regexAt(runtime, 'match', args, ''))),
  method('matchAll', (runtime, text, args) => matchAllRegex(runtime, text, regexAt(runtime, 'matchAll', args, 'g'))),
  method('search', (runtime, text, args) => searchRegex(runtime, text, regexAt(runtime, 'search', args, ''))),
  method('replace', (runtime, text, args) => replaced(runtime, text, args, false)),
  method('replaceAll', (runtime, text, args) => replaced(runtime, text, args, true)),
]);
