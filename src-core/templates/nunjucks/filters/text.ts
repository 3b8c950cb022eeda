import { typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { indexOfText, lastIndexOfText } from '../../runtime/text/text-search.ts';
import { Markup, type Value } from '../../runtime/values.ts';
import { isNothing, isNullish, isTruthy, kindName, textIn, toNumber, toText } from '../meaning/meaning.ts';
import { replacementText } from '../meaning/method.ts';
import { blanks, escapeText, splitText } from '../meaning/texts.ts';
import { lengthOf } from '../methods/members.ts';
import { RegexValue } from '../regex/regex.ts';
import { replaceRegex } from '../regex/text-regex.ts';
import { type Apply, at, isEmpty, likeBefore, needText, requireText } from './filter.ts';
import { stripTags } from './strip-tags.ts';
import { urlize } from './urlize.ts';

const capitalized = (text: string): string => {
  const lower = text.toLowerCase();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
};

/** A number, or the default when it is falsy. */
const orUsual = (runtime: Runtime, value: Value, usual: number): number =>
  isTruthy(value) ? toNumber(runtime, value) : usual;

function center(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const original = isEmpty(value) ? '' : value;
  const width = orUsual(runtime, at(args, 0), 80);
  const length = toNumber(runtime, lengthOf(runtime, original));
  if (length >= width) return original;
  const spaces = width - length;
  const before = blanks(runtime, spaces / 2 - (spaces % 2));
  return likeBefore(runtime, original, before + toText(runtime, original) + blanks(runtime, spaces / 2));
}

function indent(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const text = needText(runtime, 'indent', value);
  if (text === '') return value instanceof Markup ? value : '';
  const first = isTruthy(at(args, 1));
  const space = blanks(runtime, orUsual(runtime, at(args, 0), 4));
  const lines = splitText(runtime, text, '\n');
  runtime.willMakeText(text.length + space.length * lines.length);
  return likeBefore(
    runtime,
    value,
    lines.map((line, index) => (index === 0 && !first ? line : space + line)).join('\n'),
  );
}

function replace(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const searched = at(args, 0);
  if (searched instanceof RegexValue) {
    const text = requireText(runtime, 'replace', value);
    return replaceRegex(runtime, text, searched, replacementText(runtime, at(args, 1)));
  }
  const [old, replacement, most] = [searched, toText(runtime, at(args, 1)), at(args, 2)];
  if (typeof old !== 'number' && typeof old !== 'string') return value;
  const text = typeof value === 'number' ? String(value) : textIn(value);
  if (text === null) return value;
  const isUnlimited = isNothing(most) || most === -1;
  const count = isUnlimited ? 0 : toNumber(runtime, most);
  const part = String(old);
  if (part === '') {
    runtime.willMakeText(text.length + replacement.length * (text.length + 1));
    runtime.spend(text.length >> 2);
    return likeBefore(runtime, value, replacement + text.split('').join(replacement) + replacement);
  }
  const first = indexOfText(runtime, text, part);
  if (most === 0 || first === -1) return typeof value === 'number' ? text : value;
  let [result, from, done] = ['', 0, 0];
  for (let found = first; found > -1 && (isUnlimited || done < count); done += 1) {
    runtime.step();
    result += text.slice(from, found) + replacement;
    runtime.fits(result.length);
    from = found + part.length;
    found = indexOfText(runtime, text, part, from);
  }
  return likeBefore(runtime, value, result + text.slice(from));
}

function truncate(runtime: Runtime, value: Value, args: readonly Value[]): Value {
  const original = isEmpty(value) ? '' : value;
  const most = orUsual(runtime, at(args, 0), 255);
  if (toNumber(runtime, lengthOf(runtime, original)) <= most) return original;
  const text = requireText(runtime, 'truncate', original);
  const length = Math.trunc(most) || 0;
  // NaN searches the whole text.
  const searched = Number.isNaN(most) ? text : text.slice(0, Math.max(0, length) + 1);
  const blank = isTruthy(at(args, 1)) ? length : lastIndexOfText(runtime, searched, ' ');
  const end = at(args, 2);
  const cut = text.substring(0, blank === -1 ? length : blank);
  return likeBefore(runtime, value, cut + (isNullish(end) ? '...' : toText(runtime, end)));
}

/** `encodeURIComponent`, which throws for lone surrogates. */
function encoded(runtime: Runtime, value: Value): string {
  const text = toText(runtime, value);
  runtime.look(16 * text.length);
  runtime.fits(text.length * 3);
  if (!text.isWellFormed()) throw typeFailure('"urlencode" got a text with half a character.');
  return encodeURIComponent(text);
}

function string(runtime: Runtime, value: Value): Value {
  if (isNullish(value)) throw typeFailure(`"string" needs a value, but got ${kindName(value)}.`);
  return likeBefore(runtime, value, toText(runtime, value));
}

const marked = (runtime: Runtime, value: Value, change: (text: string) => string): Markup => {
  const text = isNullish(value) ? '' : toText(runtime, value);
  runtime.look(text.length);
  return new Markup(change(text));
};

/** What `urlencode` makes of one value. */
export function encodePairs(runtime: Runtime, pairs: readonly (readonly [Value, Value])[]): string {
  const parts = pairs.map(([key, value]) => `${encoded(runtime, key)}=${encoded(runtime, value)}`);
  runtime.willMakeText(parts.reduce((length, part) => length + part.length + 1, 0));
  return parts.join('&');
}

export const encodeText = encoded;

/** Filters that turn text into text. */
export const textFilters: readonly (readonly [string, Apply])[] = [
  ['capitalize', (runtime, value) => likeBefore(runtime, value, capitalized(needText(runtime, 'capitalize', value)))],
  ['center', center],
  [
    'escape',
    (runtime, value) => (value instanceof Markup ? value : marked(runtime, value, (text) => escapeText(runtime, text))),
  ],
  [
    'e',
    (runtime, value) => (value instanceof Markup ? value : marked(runtime, value, (text) => escapeText(runtime, text))),
  ],
  ['forceescape', (runtime, value) => marked(runtime, value, (text) => escapeText(runtime, text))],
  ['safe', (runtime, value) => (value instanceof Markup ? value : marked(runtime, value, (text) => text))],
  ['indent', indent],
  ['lower', (runtime, value) => needText(runtime, 'lower', value).toLowerCase()],
  [
    'nl2br',
    (runtime, value) => {
      if (isNullish(value)) return '';
      const text = requireText(runtime, 'nl2br', value);
      const breaks = splitText(runtime, text.replaceAll('\r\n', '\n'), '\n');
      return likeBefore(runtime, value, breaks.join('<br />\n'));
    },
  ],
  ['replace', replace],
  ['string', string],
  [
    'striptags',
    (runtime, value, args) => {
      const text = needText(runtime, 'striptags', value);
      return likeBefore(runtime, value, stripTags(runtime, text, isTruthy(at(args, 0))));
    },
  ],
  [
    'title',
    (runtime, value) => {
      const words = splitText(runtime, needText(runtime, 'title', value), ' ');
      return likeBefore(runtime, value, words.map(capitalized).join(' '));
    },
  ],
  ['trim', (runtime, value) => likeBefore(runtime, value, requireText(runtime, 'trim', value).trim())],
  ['truncate', truncate],
  ['upper', (runtime, value) => needText(runtime, 'upper', value).toUpperCase()],
  ['urlize', urlize],
  [
    'wordcount',
    (runtime, value) => {
      if (!isTruthy(value)) return null;
      const text = needText(runtime, 'wordcount', value);
      runtime.look(8 * text.length);
      return text.match(/\w+/g)?.length ?? null;
    },
  ],
];
