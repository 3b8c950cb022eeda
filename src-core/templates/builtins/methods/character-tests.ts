import { isBlank } from '../../runtime/text/characters.ts';

const letters = /^\p{L}+$/u;
const decimals = /^\p{Nd}+$/u;
/** Python's digits: decimals, superscripts, subscripts, circled and other single digits. */
const digits =
  /^(?:\p{Nd}|[\u00b2\u00b3\u00b9\u1369-\u1371\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u19da\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}])+$/u;
/** Ideographs that count as numbers. */
const numberIdeographs =
  '㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零參拾兩零六陸什𠀁𠁤𠃢𠄡𠤪𠦃𠦌𠦜𠫪𠫽𠬙𢎐𢦘𣬛𦉭廾';
const numerics = new RegExp(`^[\\p{N}${numberIdeographs}]+$`, 'u');
const wordCharacters = /^[\p{L}\p{N}]+$/u;
const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is exactly this range.
const ascii = /^[\x00-\x7f]*$/;
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const hasUpper = /[\p{Uppercase}\p{Lt}]/u;
const hasLower = /\p{Lowercase}/u;
const titleLetter = /\p{Lt}/u;

/** The `is…` methods of Python's `str`. */
export const characterTests: Readonly<Record<string, (text: string) => boolean>> = {
  isalpha: (text) => letters.test(text),
  isdecimal: (text) => decimals.test(text),
  isdigit: (text) => digits.test(text),
  isnumeric: (text) => numerics.test(text),
  isalnum: (text) => wordCharacters.test(text),
  isidentifier: (text) => identifier.test(text),
  isascii: (text) => ascii.test(text),
  isprintable: (text) => !unprintable.test(text),
  isspace: (text) => text !== '' && Array.from(text).every((character) => isBlank(character.charCodeAt(0))),
  isupper: (text) => isUpper(text),
  islower: (text) => isLower(text),
  istitle: (text) => isTitle(text),
};

/** Whether every cased character is upper case and there is one. */
export function isUpper(text: string): boolean {
  return hasUpper.test(text) && !hasLower.test(text) && !titleLetter.test(text);
}

/** Whether every cased character is lower case and there is one. */
export function isLower(text: string): boolean {
  return hasLower.test(text) && !hasUpper.test(text);
}

function isTitle(text: string): boolean {
  let found = false;
  let afterCased = false;
  for (const character of text) {
    const upper = hasUpper.test(character);
    const lower = hasLower.test(character);
    if ((upper && afterCased) || (lower && !afterCased)) return false;
    found ||= upper || lower;
    afterCased = upper || lower;
  }
  return found;
}
