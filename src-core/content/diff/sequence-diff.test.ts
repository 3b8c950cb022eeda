import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timed } from '../../templates/corpus/hostile.ts';
import { diffSequences, type Hunk } from './sequence-diff.ts';

/** Rebuilds `after` out of `before` and the hunks alone. */
function apply(before: readonly string[], after: readonly string[], hunks: readonly Hunk[]): readonly string[] {
  const result: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    result.push(...before.slice(at, hunk.beforeStart), ...after.slice(hunk.afterStart, hunk.afterEnd));
    at = hunk.beforeEnd;
  }
  return [...result, ...before.slice(at)];
}

/** Length of the longest common subsequence by the textbook table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const item of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++) next.push(item === b[j] ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row[b.length]!;
}

const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'x', 'y'), { maxLength: 40 });
const changed = (hunks: readonly Hunk[]) => hunks.reduce((sum, hunk) => sum + hunk.beforeEnd - hunk.beforeStart, 0);

describe('the difference of two sequences', () => {
  test('turns one into the other, by as few changes as possible', () => {
    fc.assert(
      fc.property(letters, letters, (before, after) => {
        const hunks = diffSequences(before, after);
        expect(apply(before, after, hunks)).toEqual(after);
        expect(before.length - changed(hunks)).toBe(commonLength(before, after));
      }),
      { numRuns: 500 },
    );
  });

  test('has ordered hunks with something unchanged between them', () => {
    fc.assert(
      fc.property(letters, letters, (before, after) => {
        const hunks = diffSequences(before, after);
        for (const [i, hunk] of hunks.entries()) {
          expect(hunk.beforeEnd - hunk.beforeStart + hunk.afterEnd - hunk.afterStart).toBeGreaterThan(0);
          const previous = hunks[i - 1];
          if (previous) expect(hunk.beforeStart).toBeGreaterThan(previous.beforeEnd);
          if (previous) expect(hunk.beforeStart - previous.beforeEnd).toBe(hunk.afterStart - previous.afterEnd);
        }
      }),
    );
  });

  test('is nothing for equal sequences and everything for unrelated ones', () => {
    expect(diffSequences(['a', 'b'], ['a', 'b'])).toEqual([]);
    expect(diffSequences([], [])).toEqual([]);
    expect(diffSequences(['a', 'b'], ['c'])).toEqual([{ beforeStart: 0, beforeEnd: 2, afterStart: 0, afterEnd: 1 }]);
  });

  test('stays right, and quick, where the shortest path would be far too long to look for', () => {
    const forth = Array.from({ length: 20_000 }, (_, i) => `item ${i % 7_000}`);
    const back = forth.toReversed();
    const { outcome: hunks, milliseconds } = timed(() => diffSequences(forth, back));
    expect(milliseconds).toBeLessThan(10_000);
    expect(apply(forth, back, hunks)).toEqual(back);
  });
});
