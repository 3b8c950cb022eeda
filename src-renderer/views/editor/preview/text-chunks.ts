import { spanAt, spanCount } from '../../../live/preview/packed-spans.ts';
import type { PreviewMessage } from '../../../live/preview/preview.ts';

/** A stretch of lines, and the places in it that came from inputs. */
export interface Chunk {
  /** Stays the same while the chunk's text is only moved or changed. */
  readonly id: number;
  /** UTF-16 offset in the message. */
  readonly start: number;
  readonly text: string;
  /** Offsets count from the start of the chunk. */
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly start: number;
  readonly end: number;
  /** A path, as in `documents[].title`. */
  readonly input: string;
}

interface Stretch {
  readonly id: number;
  readonly text: string;
}

const linesPerChunk = 40;

/**
 * Cuts a rendered message into chunks of whole lines. Chunks before and after the change since `previous` are kept, so
 * that a new line at the top does not change every chunk below it.
 */
export function chunksOf(message: PreviewMessage, previous: readonly Chunk[]): readonly Chunk[] {
  return withMarks(message, stretchesOf(message.text, previous));
}

function stretchesOf(text: string, previous: readonly Chunk[]): readonly Stretch[] {
  const kept = keptChunks(text, previous);
  const before = previous.slice(0, kept.before);
  const after = previous.slice(previous.length - kept.after);
  const changed = previous.slice(kept.before, previous.length - kept.after).map(({ id }) => id);
  let nextId = previous.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
  const end = text.length - lengthOf(after);
  const between: Stretch[] = [];
  for (let start = lengthOf(before); start < end; ) {
    // A chunk is cut once it holds twice the lines; otherwise every typed line would leave a chunk of one line.
    const stop = endOfLines(text, start, 2 * linesPerChunk) >= end ? end : endOfLines(text, start, linesPerChunk);
    between.push({ id: changed.shift() ?? nextId++, text: text.slice(start, stop) });
    start = stop;
  }
  return [...before, ...between, ...after];
}

/** How many chunks at the start and at the end of the text are as they were. */
function keptChunks(text: string, previous: readonly Chunk[]): { readonly before: number; readonly after: number } {
  let before = 0;
  let start = 0;
  for (const chunk of previous) {
    if (!isWhole(chunk) || !text.startsWith(chunk.text, start)) break;
    start += chunk.text.length;
    before += 1;
  }
  let after = 0;
  let end = text.length;
  for (let at = previous.length - 1; at >= before; at -= 1) {
    const chunk = previous[at]!;
    const from = end - chunk.text.length;
    // A chunk begins where a line begins.
    const begins = from === start || text[from - 1] === '\n';
    if (from < start || !begins || !text.endsWith(chunk.text, end)) break;
    end = from;
    after += 1;
  }
  const isInsertion = before + after === previous.length && end > start;
  if (!isInsertion) return { before, after };
  // The change joins the chunk beside it; otherwise every typed line would become a chunk.
  return after > 0 ? { before, after: after - 1 } : { before: Math.max(0, before - 1), after };
}

/** The last chunk may end inside a line; more text after it belongs to it. */
const isWhole = ({ text }: Chunk): boolean => text.endsWith('\n');

const lengthOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, { text }) => sum + text.length, 0);

function endOfLines(text: string, start: number, lines: number): number {
  let end = start;
  for (let line = 0; line < lines; line += 1) {
    const newline = text.indexOf('\n', end);
    if (newline < 0) return text.length;
    end = newline + 1;
  }
  return end;
}

function withMarks({ spans }: PreviewMessage, stretches: readonly Stretch[]): readonly Chunk[] {
  const chunks: (Stretch & { readonly start: number; readonly marks: Mark[] })[] = [];
  let start = 0;
  for (const { id, text } of stretches) {
    chunks.push({ id, text, start, marks: [] });
    start += text.length;
  }
  let index = 0;
  for (let at = 0; at < spanCount(spans); at += 1) {
    const { start, end, input } = spanAt(spans, at);
    if (input === null) continue;
    while (index < chunks.length - 1 && start >= (chunks[index + 1]?.start ?? 0)) index += 1;
    // A value of several lines may end in a later chunk.
    for (let reached = index; reached < chunks.length; reached += 1) {
      const chunk = chunks[reached]!;
      if (chunk.start >= end) break;
      const from = Math.max(0, start - chunk.start);
      const to = Math.min(chunk.text.length, end - chunk.start);
      if (to > from) chunk.marks.push({ start: from, end: to, input });
    }
  }
  return chunks;
}

/** Whether two chunks look the same. */
export function looksSame(one: Chunk, other: Chunk): boolean {
  if (one.text !== other.text || one.marks.length !== other.marks.length) return false;
  return one.marks.every((mark, index) => {
    const { start, end, input } = other.marks[index]!;
    return mark.start === start && mark.end === end && mark.input === input;
  });
}
