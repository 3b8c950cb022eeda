import type { SearchPhrase } from '../../../src-core/scope/search.ts';

/*
 * Words as lexemes of a tsvector and of a tsquery. Each begins with a code of the tenant, so that one index serves all and a
 * search reads the entries of one; two tenants with the same code would only read a little more.
 */

/** Fixed in length, and from the end, where an id is random. */
export function tenantCode(tenant: string): string {
  return tenant.replaceAll('-', '').slice(-6);
}

/** UTF-16 code units of a word that the index has; a lexeme may have 2 046 bytes. */
const longestLexeme = 120;
/** A tsvector may have 1 MB of lexemes. */
const mostBytes = 900_000;
/** Phrases, and words of each, that the index is asked for; the others are read from the documents that have these. */
const mostAsked = 32;
const mostOfPhrase = 4;
/** In the index of a document whose words it has in part; no text has it as a word. */
const inPartMark = '*';

/** What stands before a word in a text of words, and behind it. */
const between = ' ';

/** A phrase as it stands in words between blanks. */
export function needleOf({ tokens, prefix }: SearchPhrase): string {
  return between + tokens.join(between) + (prefix ? '' : between);
}

function lexemeOf(word: string): string {
  // A character of two code units is not cut in half.
  return word.length <= longestLexeme ? word : word.slice(0, longestLexeme).replace(/[\ud800-\udbff]$/, '');
}

/** Every word of the texts once; not all of them where they are more than a tsvector holds. */
export function indexedWords(code: string, texts: readonly string[]): { words: readonly string[]; inPart: boolean } {
  const words = new Set<string>();
  let bytes = 0;
  for (const text of texts) {
    for (const word of text.split(between)) {
      if (word === '') continue;
      const lexeme = code + lexemeOf(word);
      if (words.has(lexeme)) continue;
      bytes += Buffer.byteLength(lexeme) + 8;
      if (bytes > mostBytes) return { words: [...words, code + inPartMark], inPart: true };
      words.add(lexeme);
    }
  }
  return { words: [...words], inPart: false };
}

/** Whether the index alone tells that a document has this phrase, the `i`-th of those that it is asked for. */
export function lexemeIn({ tokens }: SearchPhrase, i: number): boolean {
  return i < mostAsked && tokens.length === 1 && tokens[0]!.length <= longestLexeme;
}

/** Documents that have all words of the phrases, or may have them, in the language of tsquery. */
export function queryOf(code: string, phrases: readonly SearchPhrase[]): string {
  const query = conjunction(code, phrases);
  return code === '' ? query : `${query} | ${quoted(code + inPartMark)}`;
}

/** Documents that have all words of any of the lists of phrases, or may have them. */
export function anyOf(code: string, lists: readonly (readonly SearchPhrase[])[]): string {
  const each = lists.map((phrases) => conjunction(code, phrases.slice(0, 1)));
  return [...new Set(each), quoted(code + inPartMark)].join(' | ');
}

function conjunction(code: string, phrases: readonly SearchPhrase[]): string {
  const asked = phrases.slice(0, mostAsked).flatMap(({ tokens, prefix }) =>
    tokens.slice(0, mostOfPhrase).map((token, i) => {
      const isStart = token.length > longestLexeme || (prefix && i === tokens.length - 1);
      return quoted(code + lexemeOf(token)) + (isStart ? ':*' : '');
    }),
  );
  return `(${[...new Set(asked)].join(' & ')})`;
}

function quoted(lexeme: string): string {
  return `'${lexeme.replace(/['\\]/g, '$&$&')}'`;
}

type Weight = 'A' | 'B' | 'C' | 'D';

/** Words that a rank counts; those far behind the beginning of a long text change it little. */
const mostRanked = 2_000;
/** A lexeme has at most so many places. */
const mostPlaces = 255;

/** Words with their places and weights, as the text of a tsvector. */
export function rankedWords(texts: Readonly<Record<Weight, readonly string[]>>): string {
  const places = new Map<string, string[]>();
  let place = 0;
  for (const weight of ['A', 'B', 'C', 'D'] as const) {
    for (const word of texts[weight].flatMap((text) => text.split(between, mostRanked))) {
      if (word === '' || place >= mostRanked * 2) continue;
      place += 1;
      const lexeme = lexemeOf(word);
      const known = places.get(lexeme);
      if (known === undefined) places.set(lexeme, [`${place}${weight}`]);
      else if (known.length < mostPlaces) known.push(`${place}${weight}`);
    }
  }
  return Array.from(places, ([lexeme, at]) => `${quoted(lexeme)}:${at.join(',')}`).join(' ');
}
