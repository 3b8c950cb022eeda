import { isTrue } from '../../runtime/compare.ts';
import { typeFailure } from '../../runtime/diagnostics.ts';
import { needInteger, needText } from '../../runtime/execution/arguments.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { printValue } from '../../runtime/print.ts';
import { itemsOf } from '../../runtime/sequences.ts';
import { blankClass, splitBlanks } from '../../runtime/text/characters.ts';
import { escapeHtml } from '../../runtime/text/html.ts';
import { Markup, type Value } from '../../runtime/values.ts';

const word = '[\\p{L}\\p{N}_%-]';
// A word of a text has no blanks in it, so that any character may follow.
const webAddress = new RegExp(
  `^(?:(?:https?://|www\\.)(?:${word}+\\.)*(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})` +
    `|(?:${word}{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)` +
    `|https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))` +
    `(?::\\d{1,5})?(?:[/?#][\\s\\S]*)?$`,
  'iu',
);
const mailAddress = /^[\s\S]+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u;
const scheme = /^[\w.+-]{2,}:\/{0,2}$/;
const pieces = new RegExp(`[${blankClass}]+|[^${blankClass}]+`, 'gu');
/** Longer words are never links, which bounds the cost of the patterns above. */
const longestLink = 4096;

interface LinkOptions {
  readonly limit: number | null;
  readonly attributes: string;
  readonly schemes: readonly string[];
}

/** Jinja's `urlize`: makes links of the addresses in a text, whose HTML is escaped. */
export function urlize(runtime: Runtime, value: Value, [limit, nofollow, target, rel, extra]: Value[]): string {
  const text = value instanceof Markup ? value.text : escapeHtml(runtime, printValue(runtime, value));
  const rels = new Set(rel === null ? [] : splitBlanks(runtime, needText('urlize', rel!), -1));
  if (isTrue(runtime, nofollow!)) rels.add('nofollow');
  rels.add('noopener');
  const relText = [...rels].sort().join(' ');
  const targetText = target === null ? '' : needText('urlize', target!);
  const schemes = extra === null ? [] : itemsOf(runtime, extra!).map((item) => needText('urlize', item));
  for (const prefix of schemes)
    if (!scheme.test(prefix)) throw typeFailure(`"${prefix.slice(0, 40)}" is not a URI scheme.`);
  const options: LinkOptions = {
    limit: limit === null ? null : needInteger('urlize', limit!),
    attributes: ` rel="${escapeHtml(runtime, relText)}"${targetText === '' ? '' : ` target="${escapeHtml(runtime, targetText)}"`}`,
    schemes,
  };
  let result = '';
  for (const piece of text.match(pieces) ?? []) {
    runtime.spend(8 + schemes.length);
    runtime.look(piece.length * 8);
    result += piece.length > longestLink ? piece : linkWord(piece, options);
    if (result.length > runtime.limits.string) throw runtime.exceeded('string');
  }
  return result;
}

function linkWord(piece: string, options: LinkOptions): string {
  const head = /^(?:[(<]|&lt;)+/.exec(piece)?.[0] ?? '';
  const rest = piece.slice(head.length);
  const tailAt = tailStart(rest);
  const [middle, tail] = balance(rest.slice(0, tailAt), rest.slice(tailAt));
  return head + linkMiddle(middle, options) + tail;
}

/** Where the closing punctuation at the end of a word begins. */
function tailStart(text: string): number {
  let at = text.length;
  for (;;) {
    if (at > 0 && ')>.,\n'.includes(text[at - 1]!)) at -= 1;
    else if (text.endsWith('&gt;', at)) at -= 4;
    else return at;
  }
}

const pairs = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;

/** Keeps closing brackets in an address that has opening ones. */
function balance(start: string, end: string): readonly [string, string] {
  let middle = start;
  let tail = end;
  for (const [open, close] of pairs) {
    const opened = middle.split(open).length - 1;
    if (opened <= middle.split(close).length - 1) continue;
    const moves = Math.min(opened, tail.split(close).length - 1);
    for (let move = 0; move < moves; move += 1) {
      const at = tail.indexOf(close) + close.length;
      middle += tail.slice(0, at);
      tail = tail.slice(at);
    }
  }
  return [middle, tail];
}

function linkMiddle(middle: string, { limit, attributes, schemes }: LinkOptions): string {
  const shown = limit !== null && middle.length > limit ? `${middle.slice(0, Math.max(0, limit))}...` : middle;
  if (webAddress.test(middle)) {
    const address = middle.startsWith('https://') || middle.startsWith('http://') ? middle : `https://${middle}`;
    return `<a href="${address}"${attributes}>${shown}</a>`;
  }
  if (middle.startsWith('mailto:') && mailAddress.test(middle.slice(7)))
    return `<a href="${middle}">${middle.slice(7)}</a>`;
  const isMail = middle.includes('@') && !middle.startsWith('www.') && !middle.startsWith('@') && !middle.includes(':');
  if (isMail && mailAddress.test(middle)) return `<a href="mailto:${middle}">${middle}</a>`;
  return schemes.reduce((link, prefix) => {
    return link !== prefix && link.startsWith(prefix) ? `<a href="${link}"${attributes}>${link}</a>` : link;
  }, middle);
}
