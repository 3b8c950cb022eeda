/** A changed stretch: `before[beforeStart, beforeEnd)` became `after[afterStart, afterEnd)`; either may be empty, never both. */
export interface Hunk {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/** Edits after which a search settles for the furthest point reached, which bounds the time at items × this. */
const mostEdits = 256;
const fewestEdits = 16;
/** Items × edits that a comparison has time for without holding up whoever else the thread serves. */
const effort = 2_000_000;

interface Search {
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** Furthest index of `before` reached on each diagonal, from the start and from the end. */
  readonly forward: Int32Array;
  readonly backward: Int32Array;
  /** Index of diagonal 0 in both. */
  readonly zero: number;
  readonly maxEdits: number;
  readonly onMatch: (beforeIndex: number, afterIndex: number) => void;
}

interface Box {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/**
 * What changed between two sequences, in order. Smallest possible (Myers' linear-space algorithm) up to a few hundred
 * scattered edits (fewer in sequences of many thousands), still correct but not always smallest beyond, so that no input
 * takes quadratic time.
 */
export function diffSequences(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  const limit = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < limit && before[prefix] === after[prefix]) prefix++;
  let suffix = 0;
  while (suffix < limit - prefix && before[before.length - 1 - suffix] === after[after.length - 1 - suffix]) suffix++;

  const matches = new Int32Array(before.length).fill(-1);
  for (let i = 0; i < prefix; i++) matches[i] = i;
  for (let i = 1; i <= suffix; i++) matches[before.length - i] = after.length - i;
  matchMiddle(before.slice(prefix, before.length - suffix), after.slice(prefix, after.length - suffix), (i, j) => {
    matches[prefix + i] = prefix + j;
  });
  return hunksBetween(matches, after.length);
}

/** Items that one side lacks cannot match, so only the others are searched: two unrelated texts cost nothing. */
function matchMiddle(before: readonly string[], after: readonly string[], onMatch: Search['onMatch']): void {
  if (before.length === 0 || after.length === 0) return;
  const numbers = new Map<string, number>();
  const beforeNumbers = Int32Array.from(before, (item) => {
    const known = numbers.get(item);
    if (known !== undefined) return known;
    numbers.set(item, numbers.size);
    return numbers.size - 1;
  });
  const afterNumbers = Int32Array.from(after, (item) => numbers.get(item) ?? -1);
  const isInAfter = new Uint8Array(numbers.size);
  for (const number of afterNumbers) if (number >= 0) isInAfter[number] = 1;
  const beforeKept = indicesWhere(beforeNumbers, (number) => isInAfter[number] === 1);
  const afterKept = indicesWhere(afterNumbers, (number) => number >= 0);
  const size = beforeKept.length + afterKept.length + 3;
  const search: Search = {
    before: beforeKept.map((index) => beforeNumbers[index]!),
    after: afterKept.map((index) => afterNumbers[index]!),
    forward: new Int32Array(size),
    backward: new Int32Array(size),
    zero: afterKept.length + 1,
    maxEdits: Math.max(fewestEdits, Math.min(mostEdits, Math.floor(effort / size))),
    onMatch: (i, j) => onMatch(beforeKept[i]!, afterKept[j]!),
  };
  matchBoxes(search, { beforeStart: 0, beforeEnd: beforeKept.length, afterStart: 0, afterEnd: afterKept.length });
}

function indicesWhere(numbers: Int32Array, keep: (number: number) => boolean): Int32Array {
  const kept = new Int32Array(numbers.length);
  let count = 0;
  for (let i = 0; i < numbers.length; i++) if (keep(numbers[i]!)) kept[count++] = i;
  return kept.subarray(0, count);
}

/** Divides the whole and its parts until nothing is left to match; a list of its own, for the parts may be many thousands. */
function matchBoxes(search: Search, whole: Box): void {
  const boxes = [whole];
  for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) matchBox(search, box, boxes);
}

function matchBox(search: Search, box: Box, rest: Box[]): void {
  const { before, after, onMatch } = search;
  let { beforeStart, beforeEnd, afterStart, afterEnd } = box;
  while (beforeStart < beforeEnd && afterStart < afterEnd && before[beforeStart] === after[afterStart]) {
    onMatch(beforeStart++, afterStart++);
  }
  while (beforeStart < beforeEnd && afterStart < afterEnd && before[beforeEnd - 1] === after[afterEnd - 1]) {
    onMatch(--beforeEnd, --afterEnd);
  }
  if (beforeStart === beforeEnd || afterStart === afterEnd) return;
  const [beforeSplit, afterSplit] = splitPoint(search, { beforeStart, beforeEnd, afterStart, afterEnd });
  rest.push({ beforeStart, beforeEnd: beforeSplit, afterStart, afterEnd: afterSplit });
  rest.push({ beforeStart: beforeSplit, beforeEnd, afterStart: afterSplit, afterEnd });
}

/**
 * A point on a shortest path through the box, found where the searches from both corners meet. The box's first and
 * last items differ, so the point is never a corner and both halves are smaller.
 */
function splitPoint(search: Search, box: Box): readonly [number, number] {
  const { before, after, forward, backward, zero } = search;
  const { beforeStart, beforeEnd, afterStart, afterEnd } = box;
  const lowest = beforeStart - afterEnd;
  const highest = beforeEnd - afterStart;
  const start = beforeStart - afterStart;
  const end = beforeEnd - afterEnd;
  const odd = ((end - start) & 1) !== 0;
  let [forwardLow, forwardHigh, backwardLow, backwardHigh] = [start, start, end, end];
  forward[zero + start] = beforeStart;
  backward[zero + end] = beforeEnd;

  for (let edits = 1; ; edits++) {
    // Diagonals outside the box are dropped, the new outermost ones get a neighbour that always loses.
    if (forwardLow > lowest) forward[zero + --forwardLow - 1] = -1;
    else forwardLow++;
    if (forwardHigh < highest) forward[zero + ++forwardHigh + 1] = -1;
    else forwardHigh--;
    for (let diagonal = forwardHigh; diagonal >= forwardLow; diagonal -= 2) {
      const k = zero + diagonal;
      let i = Math.max(forward[k - 1]! + 1, forward[k + 1]!);
      while (i < beforeEnd && i - diagonal < afterEnd && before[i] === after[i - diagonal]) i++;
      forward[k] = i;
      if (odd && diagonal >= backwardLow && diagonal <= backwardHigh && backward[k]! <= i) return [i, i - diagonal];
    }

    if (backwardLow > lowest) backward[zero + --backwardLow - 1] = 0x7fffffff;
    else backwardLow++;
    if (backwardHigh < highest) backward[zero + ++backwardHigh + 1] = 0x7fffffff;
    else backwardHigh--;
    for (let diagonal = backwardHigh; diagonal >= backwardLow; diagonal -= 2) {
      const k = zero + diagonal;
      let i = Math.min(backward[k - 1]!, backward[k + 1]! - 1);
      while (i > beforeStart && i - diagonal > afterStart && before[i - 1] === after[i - diagonal - 1]) i--;
      backward[k] = i;
      if (!odd && diagonal >= forwardLow && diagonal <= forwardHigh && i <= forward[k]!) return [i, i - diagonal];
    }

    if (edits >= search.maxEdits) return furthestPoint(search, box, forwardLow, forwardHigh);
  }
}

/** The point inside the box that the forward search got furthest to. */
function furthestPoint(search: Search, box: Box, low: number, high: number): readonly [number, number] {
  let best: readonly [number, number] = [box.beforeStart, box.afterStart];
  for (let diagonal = low; diagonal <= high; diagonal += 2) {
    const i = Math.min(search.forward[search.zero + diagonal]!, box.beforeEnd, box.afterEnd + diagonal);
    const j = i - diagonal;
    if (j >= box.afterStart && i + j > best[0] + best[1]) best = [i, j];
  }
  return best;
}

function hunksBetween(matches: Int32Array, afterLength: number): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let [beforeStart, afterStart] = [0, 0];
  const close = (beforeEnd: number, afterEnd: number) => {
    if (beforeEnd > beforeStart || afterEnd > afterStart) hunks.push({ beforeStart, beforeEnd, afterStart, afterEnd });
    beforeStart = beforeEnd + 1;
    afterStart = afterEnd + 1;
  };
  for (let i = 0; i < matches.length; i++) if (matches[i]! >= 0) close(i, matches[i]!);
  close(matches.length, afterLength);
  return hunks;
}
