import { joinLines, splitLines } from '../diff/line-diff.ts';
import { diffSequences, type Hunk } from '../diff/sequence-diff.ts';

/** Lines that are settled. */
export interface CleanChunk {
  readonly kind: 'clean';
  readonly lines: readonly string[];
}

/** Lines that both sides changed, each in its own way. */
export interface ConflictChunk {
  readonly kind: 'conflict';
  /** 0-based index of the first of the `base` lines. */
  readonly baseStart: number;
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export type MergeChunk = CleanChunk | ConflictChunk;

export type TextMerge =
  | { readonly kind: 'clean'; readonly text: string }
  | { readonly kind: 'conflict'; readonly chunks: readonly MergeChunk[] };

/** Three-way merge of texts by line. */
export function mergeText(base: string, ours: string, theirs: string): TextMerge {
  const chunks = mergeSequences(splitLines(base), splitLines(ours), splitLines(theirs));
  if (chunks.some((chunk) => chunk.kind === 'conflict')) return { kind: 'conflict', chunks };
  return { kind: 'clean', text: joinLines(chunks.flatMap((chunk) => (chunk.kind === 'clean' ? chunk.lines : []))) };
}

/**
 * Three-way merge (diff3) of sequences. A stretch that one side changed is taken from it; a stretch that both changed
 * is a conflict, except for what both changed alike. Swapping ours and theirs swaps them in the conflicts, no more.
 */
export function mergeSequences(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): readonly MergeChunk[] {
  const chunks: MergeChunk[] = [];
  let at = 0;
  for (const group of groupHunks(diffSequences(base, ours), diffSequences(base, theirs))) {
    pushClean(chunks, base.slice(at, group.start));
    if (group.theirs.length === 0) pushClean(chunks, changedBy(ours, group.ours, group));
    else if (group.ours.length === 0) pushClean(chunks, changedBy(theirs, group.theirs, group));
    else pushBoth(chunks, base, changedBy(ours, group.ours, group), changedBy(theirs, group.theirs, group), group);
    at = group.end;
  }
  pushClean(chunks, base.slice(at));
  return chunks;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Hunks of both sides that meet, directly or through each other, and the stretch of `base` that they span. */
interface HunkGroup extends Range {
  readonly ours: readonly Hunk[];
  readonly theirs: readonly Hunk[];
}

function groupHunks(ours: readonly Hunk[], theirs: readonly Hunk[]): readonly HunkGroup[] {
  const groups: HunkGroup[] = [];
  let [i, j] = [0, 0];
  while (i < ours.length || j < theirs.length) {
    const [firstOurs, firstTheirs] = [i, j];
    if (j === theirs.length || (i < ours.length && ours[i]!.beforeStart <= theirs[j]!.beforeStart)) i++;
    else j++;
    // Hunks of one side never touch, so the next hunk can only meet the last one that the other side has in the group.
    for (;;) {
      if (i < ours.length && j > firstTheirs && meet(ours[i]!, theirs[j - 1]!)) i++;
      else if (j < theirs.length && i > firstOurs && meet(ours[i - 1]!, theirs[j]!)) j++;
      else break;
    }
    const group = { ours: ours.slice(firstOurs, i), theirs: theirs.slice(firstTheirs, j) };
    const hunks = [...group.ours, ...group.theirs];
    const start = Math.min(...hunks.map((hunk) => hunk.beforeStart));
    groups.push({ ...group, start, end: Math.max(...hunks.map((hunk) => hunk.beforeEnd)) });
  }
  return groups;
}

/** Overlapping changes meet; touching ones only when one is an insertion, because then their order is anyone's guess. */
function meet(one: Hunk, other: Hunk): boolean {
  if (one.beforeEnd < other.beforeStart || other.beforeEnd < one.beforeStart) return false;
  const overlap = one.beforeStart < other.beforeEnd && other.beforeStart < one.beforeEnd;
  return overlap || one.beforeStart === one.beforeEnd || other.beforeStart === other.beforeEnd;
}

/** What a side made of a stretch of `base`: outside its hunks it has the same lines, only shifted. */
function changedBy(side: readonly string[], hunks: readonly Hunk[], range: Range): readonly string[] {
  const [first, last] = [hunks[0]!, hunks.at(-1)!];
  const start = first.afterStart - (first.beforeStart - range.start);
  return side.slice(start, last.afterEnd + (range.end - last.beforeEnd));
}

function pushClean(chunks: MergeChunk[], lines: readonly string[]): void {
  if (lines.length === 0) return;
  const last = chunks.at(-1);
  if (last?.kind === 'clean') chunks[chunks.length - 1] = { kind: 'clean', lines: [...last.lines, ...lines] };
  else chunks.push({ kind: 'clean', lines });
}

/** Lines at either end that both sides agree on are settled; the rest is a conflict unless one side left it as it was. */
function pushBoth(
  chunks: MergeChunk[],
  wholeBase: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  range: Range,
): void {
  const limit = Math.min(ours.length, theirs.length);
  let prefix = 0;
  while (prefix < limit && ours[prefix] === theirs[prefix]) prefix++;
  let suffix = 0;
  while (suffix < limit - prefix && ours.at(-1 - suffix) === theirs.at(-1 - suffix)) suffix++;

  let { start, end } = range;
  for (let k = 0; k < prefix && start < end && wholeBase[start] === ours[k]; k++) start++;
  for (let k = 1; k <= suffix && start < end && wholeBase[end - 1] === ours.at(-k); k++) end--;
  const base = wholeBase.slice(start, end);
  const [mine, other] = [ours.slice(prefix, ours.length - suffix), theirs.slice(prefix, theirs.length - suffix)];

  pushClean(chunks, ours.slice(0, prefix));
  if (equal(base, mine)) pushClean(chunks, other);
  else if (equal(base, other) || equal(mine, other)) pushClean(chunks, mine);
  else chunks.push({ kind: 'conflict', baseStart: start, base, ours: mine, theirs: other });
  pushClean(chunks, ours.slice(ours.length - suffix));
}

function equal(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, i) => line === other[i]);
}
