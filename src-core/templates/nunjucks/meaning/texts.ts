import type { Runtime } from '../../runtime/execution/runtime.ts';
import { indexOfText } from '../../runtime/text/text-search.ts';

/** `text.split(separator, limit)` for a separator that is text. */
export function splitText(
  runtime: Runtime,
  text: string,
  separator: string,
  limit = Number.POSITIVE_INFINITY,
): string[] {
  if (separator === '') {
    const count = Math.min(text.length, limit);
    runtime.willMakeList(count);
    return Array.from({ length: count }, (_, index) => text.charAt(index));
  }
  const parts: string[] = [];
  let at = 0;
  while (parts.length < limit) {
    const found = indexOfText(runtime, text, separator, at);
    runtime.step();
    parts.push(text.slice(at, found === -1 ? undefined : found));
    if (parts.length > runtime.limits.list) throw runtime.exceeded('list');
    if (found === -1) break;
    at = found + separator.length;
  }
  return parts;
}

/** `text.replace(old, replacement)` or `replaceAll`, with `$$`, `$&`, `` $` `` and `$'` in the replacement. */
export function replaceEach(runtime: Runtime, text: string, old: string, replacement: string, all: boolean): string {
  const pieces = replacement.includes('$') ? replacement.split(/(\$[$&`'])/) : [replacement];
  if (pieces.length > 1) runtime.willMakeList(pieces.length);
  let result = '';
  const append = (piece: string) => {
    result += piece;
    runtime.fits(result.length);
  };
  let at = 0;
  let from = 0;
  for (;;) {
    const found = indexOfText(runtime, text, old, from);
    if (found === -1) break;
    runtime.spend(1 + pieces.length);
    append(text.slice(at, found));
    for (const piece of pieces) append(expanded(piece, text, old, found));
    at = found + old.length;
    from = old === '' ? at + 1 : at;
    if (!all || from > text.length) break;
  }
  append(text.slice(at));
  runtime.look(result.length);
  return result;
}

function expanded(piece: string, text: string, old: string, at: number): string {
  switch (piece) {
    case '$$':
      return '$';
    case '$&':
      return old;
    case '$`':
      return text.slice(0, at);
    case "$'":
      return text.slice(at + old.length);
    default:
      return piece;
  }
}

/** `text.repeat`, where a fraction counts as one more, as nunjucks' own loop does. */
export function blanks(runtime: Runtime, count: number): string {
  const length = Math.max(0, Math.ceil(count)) || 0;
  runtime.willMakeText(length);
  return ' '.repeat(length);
}

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
  '\\': '&#92;',
};

/** Text with the characters that matter in HTML escaped, as nunjucks does. */
export function escapeText(runtime: Runtime, text: string): string {
  runtime.look(4 * text.length);
  // Each becomes six characters at most.
  if (text.length * 6 > runtime.limits.string) {
    let length = text.length;
    for (const found of text.matchAll(/[&"'<>\\]/g)) length += replacements[found[0]]!.length - 1;
    runtime.fits(length);
  }
  return text.replace(/[&"'<>\\]/g, (character) => replacements[character]!);
}
