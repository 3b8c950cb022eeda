/** A text that grows by appending: neither a new piece nor a look at the last ones costs in proportion to the whole. */
export interface RunText {
  /** UTF-16 code units. */
  readonly length: number;
  /** How often the text began anew, as when another model took over. */
  readonly generation: number;
  append(more: string): void;
  restart(): void;
  slice(start: number, end?: number): string;
  /** All of it; costs as much as it is long. */
  toString(): string;
}

/** Small pieces are gathered up to this length, so that a text of many tokens is not a list of as many entries. */
const pieceLength = 4_096;

export function createRunText(): RunText {
  let pieces: string[] = [];
  let starts: number[] = [];
  let length = 0;
  let generation = 0;

  const pieceAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  return {
    get length() {
      return length;
    },
    get generation() {
      return generation;
    },
    append(more) {
      const last = pieces.length - 1;
      if (last >= 0 && pieces[last]!.length < pieceLength) pieces[last] += more;
      else {
        pieces.push(more);
        starts.push(length);
      }
      length += more.length;
    },
    restart() {
      if (length > 0) generation += 1;
      pieces = [];
      starts = [];
      length = 0;
    },
    slice(start, end = length) {
      if (start >= end || pieces.length === 0) return '';
      let text = '';
      for (let index = pieceAt(start); index < pieces.length && starts[index]! < end; index += 1) {
        const from = Math.max(0, start - starts[index]!);
        text += pieces[index]!.slice(from, end - starts[index]!);
      }
      return text;
    },
    toString: () => pieces.join(''),
  };
}

/** What a run says and what it thought before. */
export interface RunTexts {
  readonly output: RunText;
  readonly reasoning: RunText;
}
