import { parseLeniently } from '../wire/wire-values.ts';

/** The values of a text that should be JSON, and what could not be read. */
export interface Readable {
  readonly values: readonly unknown[];
  readonly lost: readonly string[];
}

/** Reads the JSON texts of a stream; a damaged one does not affect the others. */
export interface PieceReader {
  /** The values in a text: one, several behind each other, or the one that this text completes. */
  take(text: string): readonly unknown[];
  /** How many pieces could not be read. */
  readonly lost: number;
  /** The first of them, as it came. */
  readonly example: string;
}

/** So many pieces may make up one JSON text. */
const mostHalves = 8;
/** Characters kept of a piece that cannot be read, for the error message. */
const maxExampleChars = 2_000;

export function createPieceReader(): PieceReader {
  let lost = 0;
  let example = '';
  /** The beginning of an object whose rest may come with the next event. */
  let half = '';
  let halves = 0;

  /** The object that ends with this text, or undefined when it is not its rest. */
  function completed(text: string): unknown {
    const value = parseLeniently(half + text);
    if (value === undefined) return undefined;
    half = '';
    lost -= 1;
    if (lost === 0) example = '';
    return value;
  }

  function lose(text: string): void {
    lost += 1;
    if (example === '') example = text.slice(0, maxExampleChars);
    half = text.startsWith('{') || text.startsWith('[') ? text : '';
    halves = 1;
  }

  return {
    take(text) {
      if (half !== '') {
        const value = completed(text);
        if (value !== undefined) return [value];
      }
      if (!/^[[{"]/.test(text)) {
        // Keep-alives may come in between and belong to nothing.
        halves += 1;
        if (halves >= mostHalves) half = '';
        else if (half !== '' && /["}\]]/.test(text)) half += text;
        return [];
      }
      const { values, lost: broken } = readObjects(text);
      half = '';
      for (const each of broken) lose(each);
      return values;
    },
    get lost() {
      return lost;
    },
    get example() {
      return example;
    },
  };
}

/** One JSON text, or objects one behind the other, with or without `data:`, commas or white space between. */
function readObjects(text: string): Readable {
  const whole = parseLeniently(text);
  if (whole !== undefined) return { values: [whole], lost: [] };
  const values: unknown[] = [];
  const lost: string[] = [];
  for (let at = nextObject(text, 0); at < text.length; ) {
    const end = text[at] === '{' ? endOfObject(text, at) : -1;
    const piece = text.slice(at, end < 0 ? text.length : end);
    const value = end < 0 ? endMark(piece) : parseLeniently(piece);
    if (value === undefined) lost.push(piece);
    else values.push(value);
    at = nextObject(text, at + piece.length);
  }
  return { values, lost };
}

/** Objects of a whole body: one JSON text, or one a line, whichever reads more of it. */
export function readBody(text: string): Readable {
  const all = readObjects(text);
  if (all.lost.length === 0) return all;
  const lines = text
    .split(/\r\n|[\r\n]/)
    .filter((line) => line.trim() !== '')
    .map((line) => readObjects(line.trim()));
  const values = lines.flatMap((line) => line.values);
  return values.length > all.values.length ? { values, lost: lines.flatMap((line) => line.lost) } : all;
}

/** `[DONE]` right behind an object. */
function endMark(text: string): string | undefined {
  return /^\[done\]$/i.test(text.trim()) ? text.trim() : undefined;
}

const between = /(?:[\s,;]|data:)*/y;

function nextObject(text: string, from: number): number {
  between.lastIndex = from;
  between.exec(text);
  return between.lastIndex;
}

const marks = /["\\{}]/g;

/** The place after the brace that closes the one at `start`, or -1 when none does; braces in strings do not count. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  marks.lastIndex = start;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const mark = found[0];
    if (mark === '\\') marks.lastIndex += 1;
    else if (mark === '"') inString = !inString;
    else if (!inString) depth += mark === '{' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return -1;
}
