/*
 * How search and filters compare text: without regard to case, accents, width and invisible characters. Words are folded
 * alike where they are indexed, where they are asked for and where a match is marked, by nothing but Unicode's own tables,
 * so that every storage finds the same.
 */

/** Ends of an emoji that carry its meaning: the region of a flag, as of England, and the frame of the keys # and *. */
const region = '[\\u{e0020}-\\u{e007f}]';
const strays = new RegExp(`(?:${region}|\\u20e3)(?<!\\u{1f3f4}${region}{1,10}|[#*∗]\\ufe0f?\\u20e3)`, 'gu');
/** Skin tones, for whoever looks for a thumb means any; signs whose plain form would be letters of the word before. */
const before = /[\u{1f3fb}-\u{1f3ff}\u2120\u2122]/gu;
/**
 * Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic; what nobody sees (emoji without their joiners
 * still stand together); the Arabic stretch. Marks of other scripts are letters, strokes through signs make others.
 */
const after =
  /[[[\p{M}--[\u0334-\u0338\u20e3]]&&[\p{scx=Zinh}\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Hebr}\p{scx=Arab}]][\p{Default_Ignorable_Code_Point}--[\u{e0020}-\u{e007f}]]\u0640]/gv;
/** Latin letters that Unicode does not take apart, as they are written without what makes them special. */
export const latinLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
};
/** All of such letters, and forms of one letter. */
const plainLetters: Record<string, string> = {
  ...latinLetters,
  ς: 'σ',
  ى: 'ي',
  ک: 'ك',
  ی: 'ي',
  ے: 'ي',
  ة: 'ه',
  ہ: 'ه',
  // Apostrophes that are letters, as in Hawaiʻi and пʼять, which many type as the plain one.
  ʻ: "'",
  ʼ: "'",
};
/** The zeros of other scripts; their nine other digits follow. Without those beyond 16 bits, which would take twice the time. */
const zeros = [
  ...[0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20],
  ...[0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0],
  ...[0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0],
];
for (const zero of zeros) {
  for (let value = 0; value < 10; value += 1) plainLetters[String.fromCharCode(zero + value)] = String(value);
}
const plainLetter = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'g');
const ascii = /^[\0-\x7f]*$/;

/** A text as search reads it; ASCII only becomes lower case. */
export function foldText(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  const plain = text.replace(strays, '').replace(before, '').normalize('NFKD').replace(after, '');
  return (
    caseless(plain)
      .replace(plainLetter, (letter) => plainLetters[letter]!)
      // An index of words takes the plain asterisk for the end of one.
      .replaceAll('*\u20e3', '∗\u20e3')
      .normalize('NFC')
  );
}

/** A name or tag without regard to case, width and the way its accents are written; with its accents. */
export function foldCase(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return caseless(text.normalize('NFKC')).replaceAll('ς', 'σ').replaceAll('i\u0307', 'i').normalize('NFC');
}

/**
 * Upper case first brings together what has one capital: ß and SS, the two small sigmas, i with and without its dot; the
 * capital ẞ has no other one.
 */
function caseless(text: string): string {
  return text.replaceAll('ẞ', 'ß').toUpperCase().toLowerCase();
}

/** A folded text that knows where each of its characters came from. */
export interface FoldedText {
  readonly text: string;
  /** For each place in `text` and its end: where that is in the original. */
  readonly places: Uint32Array;
}

/** A flag with its region, ASCII that nothing behind it changes, or one character with what may join it: marks, half-width voicing, jamo. */
const unit =
  /\u{1f3f4}[\u{e0020}-\u{e007f}]{1,10}|[\0-\x7f]+(?!\p{M})|[\0-\u{10ffff}](?:\p{M}|[\uff9e\uff9f]|[\u1160-\u11ff])*/gu;

/** Folds and keeps the places; slower than `foldText`, for what is shown only. */
export function foldWithPlaces(original: string): FoldedText {
  const pieces: string[] = [];
  const places: number[] = [];
  for (const { 0: piece, index } of original.matchAll(unit)) {
    const folded = foldText(piece);
    pieces.push(folded);
    const exact = folded.length === piece.length;
    for (let i = 0; i < folded.length; i += 1) places.push(exact ? index + i : index);
  }
  places.push(original.length);
  return { text: pieces.join(''), places: Uint32Array.from(places) };
}
