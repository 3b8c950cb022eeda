import { typeFailure } from '../../runtime/diagnostics.ts';
import { getEntry } from '../../runtime/dict-keys.ts';
import {
  bindArguments,
  needInteger,
  needText,
  type Parameter,
  parameters,
  refuseNames,
  wrongArgument,
} from '../../runtime/execution/arguments.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { printValue } from '../../runtime/print.ts';
import { itemsOf } from '../../runtime/sequences.ts';
import {
  codePointLength,
  sliceCharacters,
  splitBlanks,
  splitBlanksRight,
  splitLines,
  strip,
} from '../../runtime/text/characters.ts';
import { escapeHtml } from '../../runtime/text/html.ts';
import { capitalize, foldCase, swapCase, titleWords } from '../../runtime/text/letter-case.ts';
import { replaceText, splitText, splitTextRight } from '../../runtime/text/text-search.ts';
import { Dict, Markup, type Named, Tuple, textOf, typeName, type Value } from '../../runtime/values.ts';
import { formatBraces, formatMap } from './brace-format.ts';
import { characterTests } from './character-tests.ts';
import { count, find, hasAffix, index } from './text-positions.ts';

type Run = (runtime: Runtime, text: string, args: Value[]) => Value;
type Method = (runtime: Runtime, self: Value, args: Value[], named: Named) => Value;

/** What Python's `str` does, for the listed methods; undefined for any other name. */
export function stringMethod(name: string): Method | undefined {
  return methods.get(name);
}

export function stringMethodNames(): Iterable<string> {
  return methods.keys();
}

function method(name: string, notation: string, run: Run): readonly [string, Method] {
  const params: readonly Parameter[] = parameters(notation);
  return [
    name,
    (runtime, self, args, named) => {
      const text = textOf(self) ?? '';
      runtime.look(text.length);
      if (!takesKeywords.has(name)) refuseNames(name, named);
      const bound = bindArguments(name, params, args, named);
      if (!(self instanceof Markup)) return run(runtime, text, bound);
      const escaped = escapedArguments.get(name);
      if (escaped !== undefined) bound[escaped] = escapeValue(runtime, bound[escaped]!);
      return markUp(run(runtime, text, bound));
    },
  ];
}

/** The methods whose arguments have names in Python. */
const takesKeywords: ReadonlySet<string> = new Set(['split', 'rsplit', 'splitlines', 'expandtabs']);

/** The argument that `Markup` escapes, for the methods that put it into the text. */
const escapedArguments: ReadonlyMap<string, number> = new Map([
  ['replace', 1],
  ['ljust', 1],
  ['rjust', 1],
  ['center', 1],
]);

function escapeValue(runtime: Runtime, value: Value): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(runtime, printValue(runtime, value)));
}

/** What a method of `Markup` returns: text is marked, also inside a list or tuple. */
function markUp(value: Value): Value {
  if (typeof value === 'string') return new Markup(value);
  if (Array.isArray(value)) return value.map(markUp);
  return value instanceof Tuple ? new Tuple(value.items.map(markUp)) : value;
}

function optionalText(callee: string, value: Value): string | null {
  return value === null ? null : needText(callee, value);
}

function most(callee: string, value: Value): number {
  const count = needInteger(callee, value);
  return count < 0 ? -1 : count;
}

function separator(callee: string, value: Value): string {
  const text = needText(callee, value);
  if (text === '') throw typeFailure(`"${callee}" needs a separator that is not empty.`);
  return text;
}

function pad(runtime: Runtime, callee: string, text: string, args: Value[], side: 'left' | 'right' | 'both'): string {
  const width = needInteger(callee, args[0]!);
  const fill = needText(callee, args[1]!);
  if (codePointLength(fill) !== 1) throw typeFailure(`"${callee}" fills with exactly one character.`);
  const missing = width - codePointLength(text);
  if (missing <= 0) return text;
  runtime.willMakeText(text.length + missing * fill.length);
  if (side === 'left') return fill.repeat(missing) + text;
  if (side === 'right') return text + fill.repeat(missing);
  // CPython puts the odd character on this side.
  const left = (missing >> 1) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function zeroFill(runtime: Runtime, text: string, width: number): string {
  const missing = width - codePointLength(text);
  if (missing <= 0) return text;
  runtime.willMakeText(text.length + missing);
  const sign = text.startsWith('-') || text.startsWith('+') ? text[0]! : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function partition(runtime: Runtime, text: string, by: string, last: boolean): Tuple {
  const at = last
    ? find(runtime, 'rpartition', text, [by, null, null], true)
    : find(runtime, 'partition', text, [by, null, null], false);
  if (at === -1) return new Tuple(last ? ['', '', text] : [text, '', '']);
  const before = sliceCharacters(text, 0, at);
  return new Tuple([before, by, text.slice(before.length + by.length)]);
}

function expandTabs(runtime: Runtime, text: string, size: number): string {
  let column = 0;
  let result = '';
  runtime.look(4 * text.length);
  for (const character of text) {
    if (character === '\t') runtime.fits(size);
    const piece = character === '\t' ? ' '.repeat(size > 0 ? size - (column % size) : 0) : character;
    const columns = character === '\t' ? piece.length : 1;
    column = character === '\n' || character === '\r' ? 0 : column + columns;
    runtime.fits(result.length + piece.length);
    result += piece;
  }
  runtime.look(result.length);
  return result;
}

/** `separator.join(items)`, whose items must all be text. */
function join(runtime: Runtime, text: string, items: Value): string {
  const parts = itemsOf(runtime, items).map((item, at) => {
    const part = textOf(item);
    if (part === null) throw typeFailure(`"join" needs str items, but item ${at} is ${typeName(item)}.`);
    return part;
  });
  return joinTexts(runtime, parts, text);
}

/** Joins within the limit of a string, which is checked before anything is built. */
export function joinTexts(runtime: Runtime, parts: readonly string[], by: string): string {
  let length = by.length * Math.max(0, parts.length - 1);
  for (const part of parts) length += part.length;
  runtime.willMakeText(length);
  runtime.spend(parts.length >> 2);
  return parts.join(by);
}

/** Counts the cost of matching a pattern with character classes. */
function patterned(runtime: Runtime, text: string): string {
  runtime.look(8 * text.length);
  return text;
}

/** Counts the cost of changing a text character by character, which is far slower than reading it. */
function slow(runtime: Runtime, text: string): string {
  runtime.look(64 * text.length);
  return text;
}

/** Upper and lower case can make text longer, so the result is checked too. */
function checked(runtime: Runtime, text: string): string {
  runtime.willMakeText(text.length);
  return text;
}

function stripped(runtime: Runtime, text: string, chars: Value, left: boolean, right: boolean): string {
  const characters = optionalText('strip', chars);
  if (characters !== null) runtime.look(8 * text.length + characters.length);
  return strip(text, characters, left, right);
}

const joinParameters = parameters('iterable');

const methods = new Map<string, Method>([
  method('upper', '', (runtime, text) => checked(runtime, text.toUpperCase())),
  method('lower', '', (runtime, text) => checked(runtime, text.toLowerCase())),
  method('casefold', '', (runtime, text) => checked(runtime, foldCase(slow(runtime, text)))),
  method('swapcase', '', (runtime, text) => checked(runtime, swapCase(slow(runtime, text)))),
  method('capitalize', '', (runtime, text) => checked(runtime, capitalize(text))),
  method('title', '', (runtime, text) => checked(runtime, titleWords(slow(runtime, text)))),
  method('strip', 'chars=none', (runtime, text, [chars]) => stripped(runtime, text, chars!, true, true)),
  method('lstrip', 'chars=none', (runtime, text, [chars]) => stripped(runtime, text, chars!, true, false)),
  method('rstrip', 'chars=none', (runtime, text, [chars]) => stripped(runtime, text, chars!, false, true)),
  method('split', 'sep=none, maxsplit=-1', (runtime, text, [sep, maxsplit]) => {
    const by = sep === null ? null : separator('split', sep!);
    const limit = most('split', maxsplit!);
    return by === null ? splitBlanks(runtime, text, limit) : splitText(runtime, text, by, limit);
  }),
  method('rsplit', 'sep=none, maxsplit=-1', (runtime, text, [sep, maxsplit]) => {
    const by = sep === null ? null : separator('rsplit', sep!);
    const limit = most('rsplit', maxsplit!);
    return by === null ? splitBlanksRight(runtime, text, limit) : splitTextRight(runtime, text, by, limit);
  }),
  method('splitlines', 'keepends=false', (runtime, text, [keep]) =>
    splitLines(runtime, text, needInteger('splitlines', keep!) !== 0),
  ),
  [
    'join',
    (runtime, self, args, named) => {
      refuseNames('join', named);
      const [items] = bindArguments('join', joinParameters, args, null);
      if (!(self instanceof Markup)) return join(runtime, textOf(self) ?? '', items!);
      const escaped = itemsOf(runtime, items!).map((item) => escapeValue(runtime, item));
      return new Markup(join(runtime, self.text, escaped));
    },
  ],
  method('replace', 'old, new, count=-1', (runtime, text, [old, replacement, times]) => {
    return replaceText(
      runtime,
      text,
      needText('replace', old!),
      needText('replace', replacement!),
      most('replace', times!),
    );
  }),
  method('startswith', 'prefix, start=none, end=none', (runtime, text, args) =>
    hasAffix(runtime, 'startswith', text, args, false),
  ),
  method('endswith', 'suffix, start=none, end=none', (runtime, text, args) =>
    hasAffix(runtime, 'endswith', text, args, true),
  ),
  method('find', 'sub, start=none, end=none', (runtime, text, args) => find(runtime, 'find', text, args, false)),
  method('rfind', 'sub, start=none, end=none', (runtime, text, args) => find(runtime, 'rfind', text, args, true)),
  method('index', 'sub, start=none, end=none', (runtime, text, args) => index(runtime, 'index', text, args, false)),
  method('rindex', 'sub, start=none, end=none', (runtime, text, args) => index(runtime, 'rindex', text, args, true)),
  method('count', 'sub, start=none, end=none', (runtime, text, args) => count(runtime, text, args)),
  method('center', "width, fillchar=' '", (runtime, text, args) => pad(runtime, 'center', text, args, 'both')),
  method('ljust', "width, fillchar=' '", (runtime, text, args) => pad(runtime, 'ljust', text, args, 'right')),
  method('rjust', "width, fillchar=' '", (runtime, text, args) => pad(runtime, 'rjust', text, args, 'left')),
  method('zfill', 'width', (runtime, text, [width]) => zeroFill(runtime, text, needInteger('zfill', width!))),
  method('expandtabs', 'tabsize=8', (runtime, text, [size]) =>
    expandTabs(runtime, text, needInteger('expandtabs', size!)),
  ),
  method('partition', 'sep', (runtime, text, [sep]) => partition(runtime, text, separator('partition', sep!), false)),
  method('rpartition', 'sep', (runtime, text, [sep]) => partition(runtime, text, separator('rpartition', sep!), true)),
  method('removeprefix', 'prefix', (_, text, [prefix]) => {
    const part = needText('removeprefix', prefix!);
    return text.startsWith(part) ? text.slice(part.length) : text;
  }),
  method('removesuffix', 'suffix', (_, text, [suffix]) => {
    const part = needText('removesuffix', suffix!);
    return part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text;
  }),
  method('format_map', 'mapping', (runtime, text, [mapping]) => {
    if (!(mapping instanceof Dict)) throw wrongArgument('format_map', 'a dict', mapping!);
    return formatMap(runtime, text, mapping);
  }),
  method('translate', 'table', (runtime, text, [table]) => {
    if (!(table instanceof Dict)) throw wrongArgument('translate', 'a dict', table!);
    return translate(runtime, text, table);
  }),
  ['format', formatMethod],
  ...Object.entries(characterTests).map(([name, test]) => {
    return method(name, '', (runtime, text) =>
      test(name === 'istitle' ? slow(runtime, text) : patterned(runtime, text)),
    );
  }),
]);

/** Replaces characters by what a dict has for their numbers: text, another number, or none to drop them. */
function translate(runtime: Runtime, text: string, table: Dict): string {
  const pieces = Array.from(slow(runtime, text), (character) => {
    const found = getEntry(runtime, table, character.codePointAt(0) ?? 0);
    if (found === undefined) return character;
    if (found === null) return '';
    return typeof found === 'number' && found >= 0 && found <= 0x10ffff
      ? String.fromCodePoint(found)
      : needText('translate', found);
  });
  return joinTexts(runtime, pieces, '');
}

function formatMethod(runtime: Runtime, self: Value, args: Value[], named: Named): Value {
  if (!(self instanceof Markup)) return formatBraces(runtime, textOf(self) ?? '', args, named);
  const escapeArgument = (value: Value): Value => escapeValue(runtime, value);
  const escaped =
    named === null ? null : new Map(Array.from(named, ([name, value]) => [name, escapeArgument(value)] as const));
  return new Markup(formatBraces(runtime, self.text, args.map(escapeArgument), escaped));
}
