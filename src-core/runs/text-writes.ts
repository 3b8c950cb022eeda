import type { RunText, RunTexts } from './run-text.ts';

export type TextKind = keyof RunTexts;

/** One text of a run on its way to disk: what is new of it, and no more. */
export interface TextWrite {
  readonly kind: TextKind;
  /** The text began anew: what was stored of it goes. */
  readonly fresh: boolean;
  /** The beginning, when that changed. */
  readonly head: string | null;
  /** Pieces behind the beginning; each replaces one with the same start. */
  readonly pieces: readonly { readonly start: number; readonly text: string }[];
  /** How long the stored text is with this. */
  readonly length: number;
}

/** What is stored of a text. */
interface Mark {
  readonly generation: number;
  readonly length: number;
  /** Where the last piece starts; it is written again until it is full, so that a slow text is not a thousand pieces. */
  readonly pieceStart: number;
}

export interface Marks {
  readonly output: Mark;
  readonly reasoning: Mark;
}

/** Code units of a stored piece, and of the beginning that the run itself keeps. */
export const storedPieceLength = 32_768;

const unmarked: Mark = { generation: 0, length: 0, pieceStart: 0 };
export const nothingStored: Marks = { output: unmarked, reasoning: unmarked };

export interface TextsWrite {
  readonly writes: readonly TextWrite[];
  /** What is stored once these are. */
  readonly marks: Marks;
  /** Code units that are written. */
  readonly size: number;
  /** Nothing is left to write. */
  readonly complete: boolean;
}

/** The next things to store of both texts, at most about `budget` code units. `last`: nothing more will come. */
export function nextTextWrites(texts: RunTexts, marks: Marks, budget: number, last: boolean): TextsWrite {
  const writes: TextWrite[] = [];
  const next = { ...marks };
  let size = 0;
  for (const kind of ['output', 'reasoning'] as const) {
    const write = nextWrite(kind, texts[kind], marks[kind], budget - size, last);
    if (write === null) continue;
    writes.push(write.write);
    next[kind] = write.mark;
    size += write.size;
  }
  const isStored = (kind: TextKind) =>
    next[kind].generation === texts[kind].generation && next[kind].length === texts[kind].length;
  return { writes, marks: next, size, complete: isStored('output') && isStored('reasoning') };
}

function nextWrite(kind: TextKind, text: RunText, mark: Mark, budget: number, last: boolean) {
  const fresh = mark.generation !== text.generation;
  const { length: stored, pieceStart: from } = fresh ? unmarked : mark;
  if (!fresh && (stored === text.length || budget <= 0)) return null;
  const end = wholeCharacters(text, Math.min(text.length, stored + Math.max(0, budget)), last);
  if (!fresh && end <= stored) return null;

  let pieceStart = from;
  let head: string | null = null;
  if (pieceStart === 0) {
    const headEnd = wholeCharacters(text, Math.min(end, storedPieceLength), last);
    head = text.slice(0, headEnd);
    if (headEnd < end) pieceStart = headEnd;
  }
  const pieces: { start: number; text: string }[] = [];
  while (pieceStart > 0 && pieceStart < end) {
    const pieceEnd = wholeCharacters(text, Math.min(end, pieceStart + storedPieceLength), last);
    pieces.push({ start: pieceStart, text: text.slice(pieceStart, pieceEnd) });
    if (pieceEnd === end) break;
    pieceStart = pieceEnd;
  }
  return {
    write: { kind, fresh, head, pieces, length: end } satisfies TextWrite,
    mark: { generation: text.generation, length: end, pieceStart } satisfies Mark,
    size: end - from,
  };
}

/** `end`, or one less where it would part the two halves of a character, which a file cannot keep apart. */
function wholeCharacters(text: RunText, end: number, last: boolean): number {
  if (end === 0 || (last && end === text.length)) return end;
  const unit = text.slice(end - 1, end).charCodeAt(0);
  return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end;
}
