/*
 * Python's case conversions that JavaScript lacks or does otherwise. Lower case of a whole text is the same in both,
 * including the final Greek sigma, so pieces are cut from the lower-cased whole text.
 */

/** The characters whose form at the start of a word is neither their upper nor their lower case. */
const titleCharacters = [
  ...'ǅǈǋǲᾼῌῼ',
  ...Array.from({ length: 24 }, (_, at) => String.fromCharCode(0x1f88 + (at >> 3) * 16 + (at & 7))),
];

const titleForms: ReadonlyMap<string, string> = new Map([
  ...titleCharacters.flatMap((title) =>
    [title, title.toLowerCase(), title.toUpperCase()].map((form) => [form, title] as const),
  ),
  ['ŉ', 'ʼN'],
  ...[...'ᾲᾴᾷῂῄῇῲῴῷ'].map((form) => [form, `${form.toUpperCase().slice(0, -1)}\u0345`] as const),
]);

/** A character as the first of a word: German sharp s becomes "Ss", not "SS". */
function titleCase(character: string): string {
  const form = titleForms.get(character);
  if (form !== undefined) return form;
  if (character >= 'ა' && character <= 'ჿ') return character;
  const upper = character.toUpperCase();
  if (upper.length === character.length) return upper;
  const [first = '', ...rest] = Array.from(upper);
  return first + rest.join('').toLowerCase();
}

/** Python's `str.capitalize`. */
export function capitalize(text: string): string {
  if (text === '') return '';
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return titleCase(first) + text.toLowerCase().slice(first.toLowerCase().length);
}

const cased = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;
const upperCase = /\p{Uppercase}/u;
const lowerCase = /\p{Lowercase}/u;

/** Python's `str.title`: every letter after a character that has no case is upper case. */
export function titleWords(text: string): string {
  let afterCased = false;
  return mapCharacters(text, (character, lower) => {
    const changed = afterCased ? lower : titleCase(character);
    afterCased = cased.test(character);
    return changed;
  });
}

/** Python's `str.swapcase`. */
export function swapCase(text: string): string {
  return mapCharacters(text, (character, lower) => {
    if (upperCase.test(character)) return lower;
    return lowerCase.test(character) ? character.toUpperCase() : character;
  });
}

/** Python's `str.casefold`: text that differs in case only becomes the same. */
export function foldCase(text: string): string {
  return mapCharacters(text, (character) => {
    if (character < '\x80') return character.toLowerCase();
    if (character === 'ı') return character;
    if (/\p{Script=Cherokee}/u.test(character)) return character.toUpperCase();
    // Some letters fold to several letters, as in upper case.
    return Array.from(character.toLowerCase().toUpperCase(), (letter) => letter.toLowerCase()).join('');
  });
}

/** Changes every character, given the one and what the text in lower case has in its place. */
function mapCharacters(text: string, change: (character: string, lower: string) => string): string {
  const lowered = text.toLowerCase();
  let at = 0;
  let result = '';
  for (const character of text) {
    const end = at + (lowered.length === text.length ? character.length : character.toLowerCase().length);
    result += change(character, lowered.slice(at, end));
    at = end;
  }
  return result;
}
