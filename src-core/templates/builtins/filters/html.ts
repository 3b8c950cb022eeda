import { isTrue } from '../../runtime/compare.ts';
import { typeFailure } from '../../runtime/diagnostics.ts';
import { needText, wrongArgument } from '../../runtime/execution/arguments.ts';
import { bound, type Operation } from '../../runtime/execution/operations.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { printValue, viewItems } from '../../runtime/print.ts';
import { itemsOf } from '../../runtime/sequences.ts';
import { splitBlanks } from '../../runtime/text/characters.ts';
import { escapeHtml } from '../../runtime/text/html.ts';
import { Dict, Markup, Undefined, type Value } from '../../runtime/values.ts';
import { namedEntities } from './entities.ts';
import { printed } from './text.ts';
import { urlize } from './urlize.ts';

/** Filters for text that goes into HTML, XML or a URL. */
export const htmlFilters: readonly (readonly [string, Operation])[] = [
  bound('escape', '', escapeValue),
  bound('e', '', escapeValue),
  bound('forceescape', '', (runtime, value) => new Markup(escapeHtml(runtime, printed(runtime, value)))),
  bound('safe', '', (runtime, value) => (value instanceof Markup ? value : new Markup(printed(runtime, value)))),
  bound('striptags', '', (runtime, value) => stripTags(runtime, printed(runtime, value, 16))),
  bound('urlencode', '', urlEncode),
  bound('xmlattr', 'autospace=true', xmlAttributes),
  bound('urlize', 'trim_url_limit=none, nofollow=false, target=none, rel=none, extra_schemes=none', urlize),
];

function escapeValue(runtime: Runtime, value: Value): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(runtime, printed(runtime, value)));
}

function stripTags(runtime: Runtime, text: string): string {
  const words = splitBlanks(runtime, removeTags(removeComments(runtime, text)), -1);
  return unescapeHtml(words.join(' '));
}

/** Removes comments, again and again, because removing one may form another, as in MarkupSafe. */
function removeComments(runtime: Runtime, text: string): string {
  let rest = text;
  let done = '';
  for (;;) {
    const start = rest.indexOf('<!--');
    const end = start === -1 ? -1 : rest.indexOf('-->', start);
    if (end === -1) return done + rest;
    runtime.look(end - start);
    const before = done + rest.slice(0, start);
    rest = rest.slice(end + 3);
    const seam = before.slice(-3) + rest.slice(0, 3);
    if (!seam.includes('<!--')) {
      done = before;
      continue;
    }
    runtime.look(rest.length);
    done = before.slice(0, -3);
    rest = before.slice(-3) + rest;
  }
}

function removeTags(text: string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('<', at);
    const end = start === -1 ? -1 : text.indexOf('>', start);
    if (end === -1) return result + text.slice(at);
    result += text.slice(at, start);
    at = end + 1;
  }
}

const entity = /&(?:#([xX][\da-fA-F]+|\d+);?|([a-zA-Z][a-zA-Z\d]{1,31});?)/g;

/** Turns entities into the characters they name. */
function unescapeHtml(text: string): string {
  return text.replace(entity, (whole, number?: string, name?: string) => {
    if (number !== undefined) return numericEntity(number);
    return unescapeNamed(whole, name ?? '');
  });
}

/** Characters for the numbers 128 to 159, which browsers read as Windows-1252. */
const windowsCharacters = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** Control characters and what Unicode says is no character. */
const forbidden = /(?![\t\n\f])\p{Cc}|\p{Noncharacter_Code_Point}/u;

function numericEntity(number: string): string {
  const code = number[0] === 'x' || number[0] === 'X' ? Number.parseInt(number.slice(1), 16) : Number(number);
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  if (code >= 0x80 && code < 0xa0) return windowsCharacters[code - 0x80]!;
  return code === 13 || !forbidden.test(String.fromCodePoint(code)) ? String.fromCodePoint(code) : '';
}

function unescapeNamed(whole: string, name: string): string {
  if (whole.endsWith(';')) {
    const exact = namedEntities.get(name);
    if (exact !== undefined) return exact.text;
  }
  // Old entities also work without a semicolon, even as the start of a longer word.
  for (let length = name.length; length > 1; length -= 1) {
    const known = namedEntities.get(name.slice(0, length));
    if (known?.bare === true) return known.text + name.slice(length) + (whole.endsWith(';') ? ';' : '');
  }
  return whole;
}

function quoteUrl(runtime: Runtime, value: Value, forQuery: boolean): string {
  const text = printed(runtime, value);
  // Each character that is not plain takes as long as reading about a hundred.
  runtime.look(16 * text.length);
  const quoted = encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  runtime.willMakeText(quoted.length);
  return forQuery ? quoted.replaceAll('%20', '+') : quoted.replaceAll('%2F', '/');
}

function urlEncode(runtime: Runtime, value: Value): string {
  if (value === null || typeof value !== 'object' || value instanceof Markup || !isPairs(value))
    return quoteUrl(runtime, value, false);
  const pairs = value instanceof Dict ? viewItems(runtime, value, 'items') : itemsOf(runtime, value);
  const parts = pairs.map((pair) => {
    runtime.spend(8);
    const items = itemsOf(runtime, pair);
    if (items.length !== 2) throw typeFailure('"urlencode" needs pairs of a key and a value.');
    return `${quoteUrl(runtime, items[0]!, true)}=${quoteUrl(runtime, items[1]!, true)}`;
  });
  runtime.willMakeText(parts.reduce((length, part) => length + part.length + 1, 0));
  return parts.join('&');
}

function isPairs(value: Exclude<Value, null | boolean | number | bigint | string>): boolean {
  if (Array.isArray(value)) return true;
  return (
    value.kind === 'dict' ||
    value.kind === 'tuple' ||
    value.kind === 'dict-view' ||
    value.kind === 'generator' ||
    value.kind === 'range' ||
    value.kind === 'undefined'
  );
}

function xmlAttributes(runtime: Runtime, value: Value, [autospace]: Value[]): string {
  if (!(value instanceof Dict)) throw wrongArgument('xmlattr', 'a dict', value);
  const parts: string[] = [];
  for (const [hashed, content] of value.map) {
    runtime.step();
    if (content === null || content instanceof Undefined) continue;
    const name = needText('xmlattr', value.keyOf(hashed));
    if (/[\t\n\v\f\r />=]/.test(name))
      throw typeFailure(
        `"xmlattr" got a name with a character that no attribute may have: ${JSON.stringify(name.slice(0, 40))}.`,
      );
    parts.push(
      `${escapeHtml(runtime, name)}="${content instanceof Markup ? content.text : escapeHtml(runtime, printValue(runtime, content))}"`,
    );
  }
  const joined = parts.join(' ');
  runtime.willMakeText(joined.length);
  return joined !== '' && isTrue(runtime, autospace!) ? ` ${joined}` : joined;
}
