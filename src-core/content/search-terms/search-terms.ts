import type { SearchPhrase } from '../../scope/search.ts';
import { foldText, foldWithPlaces } from './fold-text.ts';

/*
 * What search takes for a word, the same for what is indexed, asked for and marked:
 *
 * - Letters and digits in a row are a word: `gpt-4o` is `gpt` and `4o`, and a phrase does not mind what stands between.
 *   The `v` of a version number stands alone, so that `1.2` finds `v1.2`.
 * - Scripts without spaces between words, and Korean with its endings, are pairs of characters that overlap: 東京都 is
 *   東京, 京都 and 都. So any stretch of two or more is found as a phrase, and one character as the start of a pair.
 * - Signs that carry meaning (emoji, currency, mathematics; `C++`, `C#`, `.NET`) stand behind all words of a text, where
 *   they come between no two words of a phrase. Emoji in a row are pairs too.
 * - Other punctuation is no word.
 */

/** Text to find: words whose last may go on, or exactly these words in this order. */
export interface SearchTerm {
  readonly kind: 'prefix' | 'phrase';
  readonly text: string;
}

/** Characters of one text that are indexed and looked through for a match to show. */
export const searchedLength = 250_000;

/** Words of one phrase that are looked for; whoever asks for more is found by its beginning. */
export const longestPhrase = 10;

const scriptsInPairs = [
  ...['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar'],
  ...['Javanese', 'Balinese', 'Tai_Le', 'New_Tai_Lue', 'Tai_Tham', 'Tai_Viet', 'Yi'],
];
const paired = `[[${scriptsInPairs.map((script) => `\\p{scx=${script}}`).join('')}]&&[\\p{L}\\p{N}\\p{M}]]`;
const spaced = `[[\\p{L}\\p{N}\\p{Co}]--${paired}]`;
const spacedNext = `[[\\p{L}\\p{N}\\p{Co}\\p{M}]--${paired}]`;
const sign = '[[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\p{So}\\p{Sm}\\p{Sc}]--[\\0-\\x7f]--\\ufffd]';

interface Part {
  readonly kind: 'word' | 'pairs' | 'signs' | 'marked';
  /** Folded. */
  readonly text: string;
}

interface FoundPart extends Part {
  /** Whether nothing stands between it and the part before. */
  readonly afterWord: boolean;
  readonly end: number;
}

const partPattern = new RegExp(
  [
    // With what may stand around it: ".net", "c++", "c#"; not the dot of "1.5" or "...", nor the sign of "a+b".
    `((?<!\\.)\\.(?=\\p{L}))?((?<!${spacedNext})v(?=[0-9])|${spaced}${spacedNext}*)(\\+\\+|[+#](?!${spacedNext}|[+#])|(?<=(?<!${spacedNext})\\p{L})#(?=\\p{N}))?`,
    `(${paired}[${paired}\\p{M}]*)`,
    `((?:\\u{1f3f4}[\\u{e0020}-\\u{e007f}]+|[#∗]\\u20e3|${sign})+)`,
  ].join('|'),
  'gv',
);

/** The words and signs of a folded text. */
function partsOf(folded: string): FoundPart[] {
  const parts: FoundPart[] = [];
  let wordEnd = -1;
  for (const match of folded.matchAll(partPattern)) {
    const [whole, dot, word, plus, pairs, signs] = match;
    const afterWord = match.index === wordEnd;
    const end = match.index + whole.length;
    if (word !== undefined) {
      parts.push({ kind: 'word', text: word, afterWord, end });
      if (dot !== undefined) parts.push({ kind: 'marked', text: `.${word}`, afterWord, end });
      if (plus !== undefined) parts.push({ kind: 'marked', text: word + plus, afterWord, end });
    } else if (pairs !== undefined) parts.push({ kind: 'pairs', text: pairs, afterWord, end });
    else parts.push({ kind: 'signs', text: signs!, afterWord, end });
    wordEnd = end;
  }
  return parts;
}

/** Overlapping pairs; the last character stands alone behind them, so that each of them begins one token. */
function pairsOf(text: string): readonly string[] {
  const characters = Array.from(text);
  return characters.map((character, i) => character + (characters[i + 1] ?? ''));
}

/** Stands in the index for the end of a text that is longer; no text has it as a word. */
export const cutMark = '…';

/** A text as the index holds it: tokens between spaces, first the words in their order, then the signs. */
export function indexedText(text: string): string {
  const folded = foldText(text.slice(0, searchedLength)).replace(typographic, ' ');
  const tokens = ascii.test(folded) ? asciiTokens(folded) : allTokens(folded);
  if (text.length > searchedLength) tokens.push(cutMark);
  return tokens.join(' ');
}

/** Dashes, quotes and the like, which would keep a Latin text from being ASCII. */
const typographic = /[\u2010-\u2027\u2030-\u203b\u203d-\u2048\u204a-\u205e]/g;
const ascii = /^[\0-\x7f]*$/;

function allTokens(folded: string): string[] {
  const words: string[] = [];
  const signs: string[] = [];
  for (const part of partsOf(folded)) {
    if (part.kind === 'word') words.push(part.text);
    else if (part.kind === 'marked') signs.push(part.text);
    // One by one: a page without punctuation is more than a call takes arguments.
    else for (const pair of pairsOf(part.text)) (part.kind === 'pairs' ? words : signs).push(pair);
  }
  return [...words, ...signs];
}

/** The same for ASCII, which is most of what is indexed, in a fraction of the time. */
function asciiTokens(folded: string): string[] {
  const words = folded.match(/(?<![a-z0-9])v(?=[0-9])|[a-z0-9]+/g) ?? [];
  const dotted = folded.match(/(?<!\.)\.(?:v(?=[0-9])|[a-z][a-z0-9]*)/g) ?? [];
  const marked =
    folded.match(
      /(?:(?<![a-z0-9])(?!v[0-9])[a-z0-9]+|(?<=(?<![a-z0-9])v)[0-9][a-z0-9]*)(?:\+\+|[+#](?![a-z0-9+#])|(?<=(?<![a-z0-9])[a-z])#(?=[0-9]))/g,
    ) ?? [];
  return [...words, ...dotted, ...marked];
}

/** What must all be found for a term; nothing for a term of punctuation alone. */
export function phrasesOf({ kind, text }: SearchTerm): readonly SearchPhrase[] {
  const folded = foldText(text);
  const all = partsOf(folded);
  const goesOn = (end: number) => kind === 'prefix' && end === folded.length;
  const words = all.filter((part) => part.kind === 'word' || part.kind === 'pairs');
  const signs = all.flatMap((part): readonly SearchPhrase[] => {
    if (part.kind === 'signs') return [pairPhrase(part.text)];
    if (part.kind !== 'marked' || isDotBetween(part)) return [];
    return [{ tokens: [part.text], prefix: goesOn(part.end) }];
  });
  const implied = words.length === 1 && all.some((part) => !isDotBetween(part) && isMarkOf(part, words[0]!));
  const phrase = implied ? null : wordPhrase(words, goesOn);
  return phrase === null ? signs : [phrase, ...signs];
}

/** The dot of "node.js" parts two words; that of ".NET" belongs to the word. */
const isDotBetween = ({ kind, text, afterWord }: FoundPart): boolean =>
  kind === 'marked' && text.startsWith('.') && afterWord;

const isMarkOf = (part: FoundPart, word: Part): boolean => part.kind === 'marked' && part.text.includes(word.text);

function wordPhrase(words: readonly FoundPart[], goesOn: (end: number) => boolean) {
  const last = words.at(-1);
  if (last === undefined) return null;
  const before = words.slice(0, -1).flatMap((part) => (part.kind === 'word' ? [part.text] : pairsOf(part.text)));
  if (last.kind === 'word') return { tokens: [...before, last.text], prefix: goesOn(last.end) };
  const { tokens, prefix } = pairPhrase(last.text);
  return { tokens: [...before, ...tokens], prefix };
}

/** A stretch of pairs as a phrase; it may go on behind its end, so the last character needs no token of its own. */
function pairPhrase(text: string): SearchPhrase {
  const pairs = pairsOf(text);
  return pairs.length === 1 ? { tokens: pairs, prefix: true } : { tokens: pairs.slice(0, -1), prefix: false };
}

/** Half-open, in characters of the original text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What of a text a term is, phrase by phrase: its parts as they follow one another. */
export type TermPattern = readonly PhrasePattern[];

interface PhrasePattern {
  readonly parts: readonly Part[];
  /** Whether its last word may go on. */
  readonly goesOn: boolean;
}

/** Takes a term apart to be looked for in a folded text. */
export function patternOf({ kind, text }: SearchTerm): TermPattern {
  const folded = foldText(text);
  const all = partsOf(folded).filter((part) => !isDotBetween(part));
  const goesOn = (part: FoundPart | undefined) => kind === 'prefix' && part?.end === folded.length;
  const words = all.filter((part) => part.kind === 'word' || part.kind === 'pairs').slice(0, longestPhrase);
  const signs = all.filter((part) => part.kind === 'signs' || part.kind === 'marked').slice(0, longestPhrase);
  const isImplied = words.length === 1 && signs.some((part) => isMarkOf(part, words[0]!));
  const alone = signs.map((part) => ({ parts: [part], goesOn: goesOn(part) }));
  return words.length === 0 || isImplied ? alone : [{ parts: words, goesOn: goesOn(words.at(-1)) }, ...alone];
}

/** Where a phrase stands in a folded text, from a place on. */
function* occurrencesOf(folded: string, pattern: PhrasePattern): Generator<TextRange> {
  const first = pattern.parts[0]!.text;
  for (let start = folded.indexOf(first); start >= 0; ) {
    const end = endOfPhrase(folded, start, pattern);
    if (end >= 0) yield { start, end };
    start = folded.indexOf(first, Math.max(end, start + 1));
  }
}

/** Where a phrase ends that begins at a place; -1 when it does not. */
function endOfPhrase(folded: string, start: number, { parts, goesOn }: PhrasePattern): number {
  const first = parts[0]!;
  if (first.text.startsWith('.') ? folded[start - 1] === '.' : isInWord(folded, start, first)) return -1;
  let at = start;
  for (const [i, part] of parts.entries()) {
    const former = parts[i - 1];
    if (former !== undefined) {
      const next = at + lengthAt(separators, folded, at);
      if (next === at && former.kind === 'word' && part.kind === 'word' && former.text !== 'v') return -1;
      at = next;
    }
    if (!folded.startsWith(part.text, at)) return -1;
    at += part.text.length;
    if (part.kind === 'pairs' || part.kind === 'signs') continue;
    const more = lengthAt(part.kind === 'word' ? moreOfWord : moreOfMarked, folded, at);
    if (i === parts.length - 1 && goesOn) at += more;
    else if (part.kind === 'word' && more > 0 && !(part.text === 'v' && /[0-9]/.test(folded[at]!))) return -1;
  }
  return at;
}

const separators = new RegExp(`[^${spacedNext}${paired}]*`, 'vy');
const moreOfWord = new RegExp(`${spacedNext}*`, 'vy');
const moreOfMarked = new RegExp(`${spacedNext}*[+#]*`, 'vy');
const lastOfWord = new RegExp(`${spacedNext}$`, 'v');

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Whether a part that is a word would begin in the middle of one; the digits of "v2" do not. */
function isInWord(folded: string, start: number, { kind, text }: Part): boolean {
  if (kind !== 'word' && kind !== 'marked') return false;
  const endsInWord = (end: number) => lastOfWord.test(folded.slice(Math.max(0, end - 2), end));
  if (!endsInWord(start)) return false;
  return !(/^[0-9]/.test(text) && folded[start - 1] === 'v' && !endsInWord(start - 1));
}

/** Of a long text, how much is folded at a time while the first match is looked for. */
const pieceLength = 8_000;

/** The matches of each pattern near the first match of any; places are those in the original text. */
export function findMatches(
  text: string,
  patterns: readonly TermPattern[],
  near: number,
): readonly (readonly TextRange[])[] {
  const searched = text.slice(0, searchedLength);
  const from = pieceWithMatch(searched, patterns);
  if (from === null) return patterns.map(() => []);
  const piece = searched.slice(from, from + pieceLength + near);
  const { text: folded, places } = foldWithPlaces(piece);
  return patterns.map((pattern) =>
    pattern.flatMap((phrase) =>
      Array.from(occurrencesOf(folded, phrase), ({ start, end }) => ({
        start: from + places[start]!,
        end: from + placeBehind(places, end, piece),
      })),
    ),
  );
}

/** A character that folds to several ends where the next one begins. */
function placeBehind(places: Uint32Array, end: number, original: string): number {
  const last = places[end - 1]!;
  for (let at = end; at < places.length; at += 1) if (places[at]! > last) return places[at]!;
  return original.length;
}

/** Where the piece begins that has most of the terms; null when none has any. */
function pieceWithMatch(text: string, patterns: readonly TermPattern[]): number | null {
  let best: { readonly from: number; readonly found: number } | null = null;
  for (let from = 0; from < text.length; ) {
    const folded = foldText(text.slice(from, from + pieceLength));
    const found = patterns.filter((pattern) =>
      pattern.some((phrase) => !occurrencesOf(folded, phrase).next().done),
    ).length;
    if (found > (best?.found ?? 0)) best = { from, found };
    if (found === patterns.length) break;
    from += pieceLength;
    if (from >= text.length) break;
    // A piece begins at a word, where there is one not far away.
    const space = text.lastIndexOf(' ', from);
    if (space > from - 200) from = space;
  }
  return best?.from ?? null;
}
