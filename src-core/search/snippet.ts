import type { SearchTerm } from '../versions/search-query.ts';

/** Characters that a snippet shows, and how many of them stand before the first match. */
const snippetLength = 120;
const leadLength = 32;
/** A text is looked through this far; whoever matches only behind it is shown by its beginning. */
const searchedLength = 200_000;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The stretch of the best of `texts` around its first match, as HTML whose only tag is `<mark>`; '' when all are empty. */
export function markedSnippet(texts: readonly string[], terms: readonly SearchTerm[]): string {
  const patterns = terms.flatMap(termPattern);
  let best = { text: texts.find((text) => text !== '') ?? '', ranges: [] as readonly Range[], found: 0 };
  for (const text of texts) {
    const folded = fold(text.slice(0, searchedLength));
    const perTerm = patterns.map((pattern) => rangesOf(folded, pattern));
    const found = perTerm.filter((ranges) => ranges.length > 0).length;
    if (found > best.found) best = { text, ranges: perTerm.flat().sort((a, b) => a.start - b.start), found };
    if (found === patterns.length) break;
  }
  return mark(best.text, best.ranges);
}

/** As FTS5 reads a term: its words in a row, whatever stands between them; a prefix matches to the end of the word. */
function termPattern({ kind, text }: SearchTerm): readonly RegExp[] {
  const words = fold(text).match(/[\p{L}\p{N}\p{Co}\p{M}]+/gu);
  if (!words) return [];
  const letter = '[\\p{L}\\p{N}\\p{Co}\\p{M}]';
  const end = kind === 'prefix' ? `${letter}*` : `(?!${letter})`;
  return [new RegExp(`(?<!${letter})${words.join('[^\\p{L}\\p{N}\\p{Co}\\p{M}]+')}${end}`, 'giu')];
}

function rangesOf(text: string, pattern: RegExp): readonly Range[] {
  const ranges: Range[] = [];
  for (const match of text.matchAll(pattern)) {
    ranges.push({ start: match.index, end: match.index + match[0].length });
    // All that a snippet can show stands near the first match.
    if (match.index > ranges[0]!.start + snippetLength) break;
  }
  return ranges;
}

/** Without accents, as the index reads it, and with every character where it was. */
function fold(text: string): string {
  return text.replace(/[\u00c0-\u1eff]/g, (character) => {
    const plain = character.normalize('NFD').replace(/\p{M}/gu, '');
    return plain.length === 1 ? plain : character;
  });
}

function mark(text: string, ranges: readonly Range[]): string {
  const first = ranges[0]?.start ?? 0;
  const start = first <= leadLength ? 0 : wordStart(text, first - leadLength, first);
  const end = Math.min(text.length, start + snippetLength);
  let html = start > 0 ? '…' : '';
  let at = start;
  for (const range of ranges) {
    if (range.start < at || range.start >= end) continue;
    const last = Math.min(range.end, end);
    html += `${escapeHtml(text.slice(at, range.start))}<mark>${escapeHtml(text.slice(range.start, last))}</mark>`;
    at = last;
  }
  return html + escapeHtml(text.slice(at, end)) + (end < text.length ? '…' : '');
}

/** The first word that begins in the stretch, so that a snippet does not start in the middle of one. */
function wordStart(text: string, from: number, to: number): number {
  const space = text.slice(from, to).search(/\s\S/);
  return space < 0 ? from : from + space + 1;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character).replace(/\s+/g, ' ');
}
