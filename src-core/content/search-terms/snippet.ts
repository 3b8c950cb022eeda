import { createTurns } from '../../turns.ts';
import { findMatches, patternOf, type SearchTerm, type TermPattern, type TextRange } from './search-terms.ts';

/** Characters that a snippet shows, and how many of them stand before the first match. */
const snippetLength = 120;
const leadLength = 32;

/** The snippet of each hit; between two of them others may work. */
export async function markedSnippets(
  hits: readonly (readonly string[])[],
  terms: readonly SearchTerm[],
): Promise<readonly string[]> {
  const patterns = patternsOf(terms);
  const turns = createTurns();
  const snippets: string[] = [];
  for (const texts of hits) {
    await turns();
    snippets.push(markedSnippet(texts, patterns));
  }
  return snippets;
}

const patternsOf = (terms: readonly SearchTerm[]): readonly TermPattern[] =>
  terms.map(patternOf).filter((pattern) => pattern.length > 0);

/** The stretch of the best of `texts` around its first match, as HTML whose only tag is `<mark>`; '' when all are empty. */
function markedSnippet(texts: readonly string[], patterns: readonly TermPattern[]): string {
  let best = { text: texts.find((text) => text !== '') ?? '', ranges: [] as readonly TextRange[], found: 0 };
  for (const text of texts) {
    const perTerm = findMatches(text, patterns, snippetLength);
    const found = perTerm.filter((ranges) => ranges.length > 0).length;
    if (found > best.found) best = { text, ranges: perTerm.flat().sort((a, b) => a.start - b.start), found };
    if (found === patterns.length) break;
  }
  return mark(best.text, best.ranges);
}

function mark(text: string, ranges: readonly TextRange[]): string {
  const first = ranges[0]?.start ?? 0;
  const start = first <= leadLength ? 0 : wordStart(text, first - leadLength, first);
  const end = wholeCharacter(text, Math.min(text.length, start + snippetLength));
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
  return space < 0 ? wholeCharacter(text, from) : from + space + 1;
}

/** The place itself, or the one behind when it would part a character from its other half, its marks or what is joined to it. */
function wholeCharacter(text: string, at: number): number {
  const start = /[\udc00-\udfff]/.test(text.charAt(at)) ? at + 1 : at;
  joined.lastIndex = start;
  return start + (joined.exec(text)?.[0].length ?? 0);
}

/** Marks, skin tones, the vowels and ends of Korean syllables, and what a joiner puts into one emoji; of hostile text not all. */
const joined =
  /(?:\u200d|\p{M}|[\u1160-\u11ff]|\p{Emoji_Modifier}|[\u{e0020}-\u{e007f}]|(?<=\u200d)\p{Extended_Pictographic}){1,40}/uy;

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
