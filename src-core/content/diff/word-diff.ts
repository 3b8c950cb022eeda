import { splitLines } from './line-diff.ts';
import { diffSequences } from './sequence-diff.ts';

/** A stretch of text that both have, or that only the second (`added`) or the first (`removed`) has. */
export interface DiffSpan {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Characters of both texts together above which lines are compared instead of words. */
const maxWordDiffLength = 1_000_000;

// Scripts without spaces between words are compared character by character.
const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|[\p{L}\p{N}\p{M}_]+|\n|[^\S\n]+|./gsu;

/**
 * The word-level difference of two texts as spans in reading order: `same` and `removed` spans make `before`, `same`
 * and `added` spans make `after`. Very large texts are compared by line.
 */
export function diffWords(before: string, after: string): readonly DiffSpan[] {
  const big = before.length + after.length > maxWordDiffLength;
  const [old, fresh] = big ? [withLineEnds(before), withLineEnds(after)] : [words(before), words(after)];
  const spans: DiffSpan[] = [];
  let at = 0;
  for (const hunk of diffSequences(old, fresh)) {
    push(spans, 'same', old.slice(at, hunk.beforeStart));
    push(spans, 'removed', old.slice(hunk.beforeStart, hunk.beforeEnd));
    push(spans, 'added', fresh.slice(hunk.afterStart, hunk.afterEnd));
    at = hunk.beforeEnd;
  }
  push(spans, 'same', old.slice(at));
  return joinAcrossSpaces(spans);
}

function words(text: string): readonly string[] {
  return text.match(wordPattern) ?? [];
}

function withLineEnds(text: string): readonly string[] {
  const lines = splitLines(text);
  return lines.map((line, i) => (i < lines.length - 1 ? `${line}\n` : line));
}

function push(spans: DiffSpan[], kind: DiffSpan['kind'], tokens: readonly string[]): void {
  if (tokens.length > 0) spans.push({ kind, text: tokens.join('') });
}

/** A lone space that two rewritten sentences happen to share would cut them into confetti, so it joins its neighbours. */
function joinAcrossSpaces(spans: readonly DiffSpan[]): readonly DiffSpan[] {
  const joined: DiffSpan[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    if (removed) joined.push({ kind: 'removed', text: removed });
    if (added) joined.push({ kind: 'added', text: added });
    [removed, added] = ['', ''];
  };
  for (const [i, span] of spans.entries()) {
    if (span.kind === 'removed') removed += span.text;
    else if (span.kind === 'added') added += span.text;
    else if (removed && added && i < spans.length - 1 && /^[^\S\n]+$/.test(span.text)) {
      removed += span.text;
      added += span.text;
    } else {
      flush();
      joined.push(span);
    }
  }
  flush();
  return joined;
}
