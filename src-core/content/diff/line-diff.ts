import { diffSequences, type Hunk } from './sequence-diff.ts';

/** The lines of a text, without their "\n"; an empty text has none, a final "\n" makes a last empty line. */
export function splitLines(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}

/** The text that these lines make; the inverse of `splitLines`. */
export function joinLines(lines: readonly string[]): string {
  return lines.join('\n');
}

/** The changed stretches of lines between two texts, in order; indices are 0-based. */
export function diffLines(before: string, after: string): readonly Hunk[] {
  return before === after ? [] : diffSequences(splitLines(before), splitLines(after));
}

/** How many lines were added and removed. */
export interface LineCount {
  readonly added: number;
  readonly removed: number;
}

/** Sums up the lines that hunks add and remove. */
export function countLines(hunks: readonly Hunk[]): LineCount {
  let [added, removed] = [0, 0];
  for (const hunk of hunks) {
    added += hunk.afterEnd - hunk.afterStart;
    removed += hunk.beforeEnd - hunk.beforeStart;
  }
  return { added, removed };
}
