/** A character that a reader does not see, or that changes the order in which the text around it is shown. */
export interface OddCharacter {
  /** Where it stands and how long it is, in UTF-16 code units. */
  readonly at: number;
  readonly length: number;
  /** A short mark to show in its place, as in `RLO`, `ESC` or `U+206A`. */
  readonly mark: string;
  /** Code point and name, as in `U+202E right-to-left override`. */
  readonly name: string;
}

/**
 * Controls, format characters, what fonts draw as nothing, the line ends that only Unicode knows, the blank Braille pattern
 * and halves of surrogate pairs; not tab, line feed, and the Arabic number signs, which Unicode counts as format characters
 * and fonts draw.
 */
export const oddClass =
  '[[\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\u2028\\u2029\\u2800\\p{Cs}]--[\\t\\n\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}]]';
const anyOdd = new RegExp(oddClass, 'v');
const everyOdd = new RegExp(oddClass, 'gv');

const names: Readonly<Record<number, readonly [mark: string, name: string]>> = {
  0: ['NUL', 'null'],
  7: ['BEL', 'bell'],
  8: ['BS', 'backspace'],
  11: ['VT', 'line tabulation'],
  12: ['FF', 'form feed'],
  13: ['CR', 'carriage return'],
  27: ['ESC', 'escape'],
  127: ['DEL', 'delete'],
  133: ['NEL', 'next line'],
  155: ['CSI', 'control sequence introducer'],
  157: ['OSC', 'operating system command'],
  173: ['SHY', 'soft hyphen'],
  847: ['CGJ', 'combining grapheme joiner'],
  1564: ['ALM', 'Arabic letter mark'],
  4447: ['HF', 'Hangul filler'],
  4448: ['HF', 'Hangul filler'],
  8203: ['ZWSP', 'zero width space'],
  8204: ['ZWNJ', 'zero width non-joiner'],
  8205: ['ZWJ', 'zero width joiner'],
  8206: ['LRM', 'left-to-right mark'],
  8207: ['RLM', 'right-to-left mark'],
  8232: ['LS', 'line separator'],
  8233: ['PS', 'paragraph separator'],
  8234: ['LRE', 'left-to-right embedding'],
  8235: ['RLE', 'right-to-left embedding'],
  8236: ['PDF', 'pop directional formatting'],
  8237: ['LRO', 'left-to-right override'],
  8238: ['RLO', 'right-to-left override'],
  8288: ['WJ', 'word joiner'],
  8289: ['FA', 'function application'],
  8290: ['IT', 'invisible times'],
  8291: ['IS', 'invisible separator'],
  8292: ['IP', 'invisible plus'],
  8294: ['LRI', 'left-to-right isolate'],
  8295: ['RLI', 'right-to-left isolate'],
  8296: ['FSI', 'first strong isolate'],
  8297: ['PDI', 'pop directional isolate'],
  10240: ['BLANK', 'blank Braille pattern'],
  12644: ['HF', 'Hangul filler'],
  65279: ['BOM', 'zero width no-break space'],
  65440: ['HF', 'half-width Hangul filler'],
};

const none: readonly OddCharacter[] = [];

/** Whether `text` may have a character to mark; cheap enough for every cell of a large grid. */
export function mayHaveOdd(text: string): boolean {
  return anyOdd.test(text);
}

/**
 * The characters of `text` to mark, at most `most`. Where writing needs one of them, it is left out: joiners inside emoji
 * and between letters of scripts that join, one variation selector behind a sign, the tags of a flag, a line end of CR LF.
 */
export function findOdd(text: string, most = Number.POSITIVE_INFINITY): readonly OddCharacter[] {
  if (!mayHaveOdd(text)) return none;
  const found: OddCharacter[] = [];
  for (const { 0: character, index } of text.matchAll(everyOdd)) {
    if (isNeeded(text, index, character)) continue;
    found.push({ at: index, length: character.length, ...describeOdd(character) });
    if (found.length >= most) break;
  }
  return found;
}

/** How a character is marked, and what it is. */
function describeOdd(character: string): Pick<OddCharacter, 'mark' | 'name'> {
  const code = character.codePointAt(0) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const known = names[code];
  if (known !== undefined) return { mark: known[0], name: `${number} ${known[1]}` };
  if (code >= 0xe0000 && code <= 0xe007f) return { mark: 'TAG', name: `${number} tag character` };
  if (isVariation(code)) return { mark: 'VS', name: `${number} variation selector` };
  if (code >= 0xd800 && code <= 0xdfff) return { mark: number, name: `${number} half of a surrogate pair` };
  return { mark: number, name: `${number} ${/\p{Cc}/u.test(character) ? 'control' : 'invisible'} character` };
}

/** `text` with every such character replaced by its mark in angle brackets, for places that hold nothing but text. */
export function withMarks(text: string): string {
  const odd = findOdd(text);
  if (odd.length === 0) return text;
  let marked = '';
  let end = 0;
  for (const { at, length, mark } of odd) {
    marked += `${text.slice(end, at)}‹${mark}›`;
    end = at + length;
  }
  return marked + text.slice(end);
}

const isVariation = (code: number) => (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef);

/** Scripts whose letters change their form beside a joiner. */
const joiningScripts =
  'Arabic Syriac Mongolian Nko Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar Tibetan';
const joining = new RegExp(
  `[[${joiningScripts.replace(/(\w+) ?/g, '\\p{Script_Extensions=$1}')}]&&[\\p{L}\\p{M}]]`,
  'v',
);
const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;
const selectable = /[\p{Emoji}\p{Extended_Pictographic}\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}\p{Sm}]/u;
const flag = 0x1f3f4;

function isNeeded(text: string, at: number, character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0xd) return text.charCodeAt(at + 1) === 0xa;
  if (code === 0x200c || code === 0x200d) {
    const before = characterBefore(text, at);
    const after = characterAt(text, at + 1);
    if (joining.test(before)) return code === 0x200d || joining.test(after);
    return code === 0x200d && emoji.test(before) && emoji.test(after);
  }
  if (isVariation(code)) return selectable.test(characterBefore(text, at));
  return code >= 0xe0020 && code <= 0xe007f && isTagOfFlag(text, at);
}

/** Whether only tag characters stand between a black flag and this place. */
function isTagOfFlag(text: string, at: number): boolean {
  for (let steps = 0; steps < 8; steps += 1) {
    const before = characterBefore(text, at).codePointAt(0) ?? 0;
    if (before === flag) return true;
    if (before < 0xe0020 || before > 0xe007e) return false;
    at -= 2;
  }
  return false;
}

const characterAt = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

function characterBefore(text: string, at: number): string {
  if (at <= 0) return '';
  const low = text.charCodeAt(at - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && at > 1;
  return isPair ? text.slice(at - 2, at) : text.slice(at - 1, at);
}
