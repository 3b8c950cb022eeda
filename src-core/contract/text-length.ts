/*
 * How long a text is, for every limit of the contract: in code points, as zod counts them, so that an emoji is one. Apart
 * from the schemas, so that what only measures a text needs no zod.
 */

export function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a text has more characters than these; a long one is not counted to its end. */
export function isLonger(text: string, most: number): boolean {
  // A character is one unit or two.
  return text.length > most && (text.length > 2 * most || charactersOf(text) > most);
}

/** The first of its characters, each of them whole. */
export function firstCharacters(text: string, most: number): string {
  return text.length <= most
    ? text
    : Array.from(text.slice(0, 2 * most))
        .slice(0, most)
        .join('');
}
