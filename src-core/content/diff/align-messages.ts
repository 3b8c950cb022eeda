import { documentOf, isPlaceholder } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import { canonicalJson } from '../hash-content.ts';
import { diffSequences } from './sequence-diff.ts';

/** Indices of a message before and of what became of it. */
export interface MessagePair {
  readonly before: number;
  readonly after: number;
}

/** Share of words in common from which two messages are taken for the same one. */
const minSimilarity = 0.5;
/** Words of a message that are looked at, so that 200 long messages stay cheap to compare with 200 others. */
const comparedWords = 500;

/**
 * Which message became which, in the order of `before`: identical ones first (in place, then moved), then similar ones
 * whatever their role, then rewritten ones of the same role at the same place. The rest was removed or added.
 */
export function alignMessages(
  before: readonly MessageTemplate[],
  after: readonly MessageTemplate[],
): readonly MessagePair[] {
  const pairing: Pairing = { before, after, afterOf: new Map(), beforeOf: new Map() };
  pairInPlace(pairing);
  pairMoved(pairing);
  pairSimilar(pairing);
  pairRewritten(pairing);
  return [...pairing.afterOf].map(([i, j]) => ({ before: i, after: j })).sort((a, b) => a.before - b.before);
}

/** The pairs that changed their order: as few as possible, so that moving one message up is one move, not many. */
export function movedPairs(pairs: readonly MessagePair[]): ReadonlySet<MessagePair> {
  const best: { readonly length: number; readonly previous: number }[] = [];
  let end = -1;
  for (const [i, pair] of pairs.entries()) {
    let candidate = { length: 1, previous: -1 };
    for (let k = 0; k < i; k++) {
      if (pairs[k]!.after < pair.after && best[k]!.length >= candidate.length) {
        candidate = { length: best[k]!.length + 1, previous: k };
      }
    }
    best.push(candidate);
    if (end < 0 || candidate.length > best[end]!.length) end = i;
  }
  const moved = new Set(pairs);
  for (let i = end; i >= 0; i = best[i]!.previous) moved.delete(pairs[i]!);
  return moved;
}

interface Pairing {
  readonly before: readonly MessageTemplate[];
  readonly after: readonly MessageTemplate[];
  readonly afterOf: Map<number, number>;
  readonly beforeOf: Map<number, number>;
}

function pair({ afterOf, beforeOf }: Pairing, i: number, j: number): void {
  afterOf.set(i, j);
  beforeOf.set(j, i);
}

function freeBefore({ before, afterOf }: Pairing): readonly number[] {
  return [...before.keys()].filter((i) => !afterOf.has(i));
}

function freeAfter({ after, beforeOf }: Pairing): readonly number[] {
  return [...after.keys()].filter((j) => !beforeOf.has(j));
}

/** Equal for messages that say the same. No role begins as JSON does, so the short form of a plain text is no other's. */
function identityOf(message: MessageTemplate): string {
  const { role, content, extra } = message;
  return typeof content === 'string' && extra === undefined ? `${role}\n${content}` : canonicalJson(message);
}

/** Whether two messages say the same, whatever the order of their keys. */
export function sameMessage(one: MessageTemplate, other: MessageTemplate): boolean {
  if (one.role !== other.role || typeof one.content !== typeof other.content) return false;
  if (typeof one.content === 'string' && one.content !== other.content) return false;
  if (typeof one.content === 'string' && one.extra === undefined && other.extra === undefined) return true;
  return canonicalJson(one) === canonicalJson(other);
}

/** What stays the same when a message is rewritten: its role, or that it is a placeholder. */
function kindOf(message: MessageTemplate): string {
  return isPlaceholder(message) ? 'placeholder' : message.role;
}

function pairInPlace(pairing: Pairing): void {
  const { before, after } = pairing;
  let [i, j] = [0, 0];
  for (const hunk of diffSequences(before.map(identityOf), after.map(identityOf))) {
    while (i < hunk.beforeStart) pair(pairing, i++, j++);
    [i, j] = [hunk.beforeEnd, hunk.afterEnd];
  }
  while (i < before.length) pair(pairing, i++, j++);
}

function pairMoved(pairing: Pairing): void {
  const takePlace = queues(freeAfter(pairing), (j) => identityOf(pairing.after[j]!));
  for (const i of freeBefore(pairing)) {
    const j = takePlace(identityOf(pairing.before[i]!));
    if (j !== undefined) pair(pairing, i, j);
  }
}

function pairSimilar(pairing: Pairing): void {
  const { before, after } = pairing;
  const fresh = freeAfter(pairing).map((j) => ({ j, words: wordCounts(documentOf(after[j]!)) }));
  const candidates = freeBefore(pairing).flatMap((i) => {
    const words = wordCounts(documentOf(before[i]!));
    const alike = fresh.filter(({ j }) => isPlaceholder(after[j]!) === isPlaceholder(before[i]!));
    return alike.map((other) => {
      const roleBonus = before[i]!.role === after[other.j]!.role ? 0.2 : 0;
      const likeness = similarity(words, other.words);
      return { i, j: other.j, likeness, rank: likeness + roleBonus };
    });
  });
  const likely = candidates.filter(({ likeness }) => likeness >= minSimilarity);
  likely.sort((a, b) => b.rank - a.rank || Math.abs(a.i - a.j) - Math.abs(b.i - b.j) || a.i - b.i || a.j - b.j);
  for (const { i, j } of likely) if (!pairing.afterOf.has(i) && !pairing.beforeOf.has(j)) pair(pairing, i, j);
}

function pairRewritten(pairing: Pairing): void {
  const { before, after, afterOf, beforeOf } = pairing;
  // A place is known by the paired message before it, seen from either side.
  const takePlace = queues(freeAfter(pairing), (j) => {
    const previous = after.slice(0, j).findLastIndex((_, k) => beforeOf.has(k));
    return `${beforeOf.get(previous) ?? -1} ${kindOf(after[j]!)}`;
  });
  const found = freeBefore(pairing).map((i) => {
    const previous = before.slice(0, i).findLastIndex((_, k) => afterOf.has(k));
    return { i, j: takePlace(`${previous} ${kindOf(before[i]!)}`) };
  });
  for (const { i, j } of found) if (j !== undefined) pair(pairing, i, j);
}

/** Groups items by key and hands them out one by one, in order. */
function queues(items: readonly number[], keyOf: (item: number) => string): (key: string) => number | undefined {
  const groups = new Map<string, number[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return (key) => groups.get(key)?.shift();
}

interface WordCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

function wordCounts(text: string): WordCounts {
  const counts = new Map<string, number>();
  let total = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    if (++total === comparedWords) break;
  }
  return { counts, total };
}

/** Share of words in common (Dice), 0 to 1; texts without words have nothing in common. */
function similarity(one: WordCounts, other: WordCounts): number {
  if (one.total === 0 || other.total === 0) return 0;
  let common = 0;
  for (const [word, count] of one.counts) common += Math.min(count, other.counts.get(word) ?? 0);
  return (2 * common) / (one.total + other.total);
}
