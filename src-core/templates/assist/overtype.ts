import { isInString, surroundingsAt } from './place-at.ts';

/**
 * How many characters after the cursor to remove and then to step over, when a typed character closes a tag that is
 * closed already.
 */
export interface Overtype {
  readonly remove: number;
  readonly step: number;
}

/**
 * What typing a character does when the tag at the cursor is closed already, as after `{{`, which inserts `}}`: typing
 * the end must not give two ends. Null when the character is to be typed.
 */
export function overtypeAt(before: string, after: string, key: string): Overtype | null {
  if (key === '#') return before.lastIndexOf('{#') > before.lastIndexOf('#}') ? over(before, after, '#}') : null;
  if (key !== '%' && key !== '}') return null;
  const { open } = surroundingsAt(before);
  if (open === null) {
    // The cursor is between the two characters of the end.
    return key === '}' && /[%#]$/.test(before) && after.startsWith('}') ? { remove: 0, step: 1 } : null;
  }
  const close = open.kind === '{%' ? '%}' : '}}';
  if (after.startsWith('}') && before.endsWith(close[0] ?? '') && key === '}') return { remove: 0, step: 1 };
  if (key !== close[0] || isInString(open.code) || bracesIn(open.code) > 0) return null;
  return over(before, after, close);
}

/**
 * How many characters after the cursor are deleted with the one before it: the end of an empty tag is deleted together
 * with its beginning, character by character. A single brace is left to the editor.
 */
export function alsoDeleted(before: string, after: string): number {
  if (/\{[{%#]-? $/.test(before) && /^ [}%#]\}/.test(after)) return 1;
  return /\{([%#])$/.exec(before)?.[1] === after[0] && after[1] === '}' ? 1 : 0;
}

/**
 * Steps over the blank and the first character of an end; the blank is removed after another blank or a whitespace
 * control sign.
 */
function over(before: string, after: string, close: string): Overtype | null {
  if (after.startsWith(close)) return { remove: 0, step: 1 };
  if (!after.startsWith(` ${close}`)) return null;
  return /[\s+-]$/.test(before) ? { remove: 1, step: 1 } : { remove: 0, step: 2 };
}

/** How many braces of dicts are open. */
function bracesIn(code: string): number {
  const plain = code.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '');
  return plain.split('{').length - plain.split('}').length;
}
