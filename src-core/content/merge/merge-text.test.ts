import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines } from '../diff/line-diff.ts';
import { type MergeChunk, mergeSequences, mergeText } from './merge-text.ts';

const line = fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f');
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
const lines = (letters: string) => [...letters];

/** Three texts where ours and theirs are edits of base, as in life. */
const edited = (base: readonly string[]) =>
  fc
    .array(fc.tuple(fc.nat(base.length), fc.nat(2), fc.array(fc.constantFrom('A', 'B', 'C', 'D'), { maxLength: 2 })), {
      maxLength: 3,
    })
    .map((edits) => edits.reduce((all, [at, drop, add]) => all.toSpliced(at, drop, ...add), [...base]).join('\n'));
const threeWay = fc
  .uniqueArray(fc.constantFrom(...'abcdefghijklmnop'), { minLength: 1, maxLength: 14 })
  .chain((base) => fc.record({ base: fc.constant(base.join('\n')), ours: edited(base), theirs: edited(base) }));
const anyThree = fc.oneof(threeWay, fc.record({ base: text, ours: text, theirs: text }));

const swapped = (chunks: readonly MergeChunk[]) =>
  chunks.map((chunk) => (chunk.kind === 'clean' ? chunk : { ...chunk, ours: chunk.theirs, theirs: chunk.ours }));

describe('a three-way merge of texts', () => {
  test('takes edits of different places from both sides', () => {
    expect(mergeText('a\nb\nc\nd', 'A\nb\nc\nd', 'a\nb\nc\nD\ne')).toEqual({ kind: 'clean', text: 'A\nb\nc\nD\ne' });
    expect(mergeText('a\nb\nc', 'a\nc', 'a\nb\nc\nd')).toEqual({ kind: 'clean', text: 'a\nc\nd' });
  });

  test('takes edits of neighbouring lines from both sides', () => {
    expect(mergeText('a\nb\nc\nd', 'a\nB\nc\nd', 'a\nb\nC\nd')).toEqual({ kind: 'clean', text: 'a\nB\nC\nd' });
  });

  test('is a conflict where both changed the same lines differently, and only there', () => {
    expect(mergeText('a\nb\nc', 'a\nours\nc', 'a\ntheirs\nc\nd')).toEqual({
      kind: 'conflict',
      chunks: [
        { kind: 'clean', lines: ['a'] },
        { kind: 'conflict', baseStart: 1, base: ['b'], ours: ['ours'], theirs: ['theirs'] },
        { kind: 'clean', lines: ['c', 'd'] },
      ],
    });
  });

  test('is a conflict where both inserted at one place, or one deleted what the other edited', () => {
    expect(mergeSequences(lines('ab'), lines('axb'), lines('ayb'))).toEqual([
      { kind: 'clean', lines: ['a'] },
      { kind: 'conflict', baseStart: 1, base: [], ours: ['x'], theirs: ['y'] },
      { kind: 'clean', lines: ['b'] },
    ]);
    expect(mergeSequences(lines('abc'), lines('ac'), lines('aBc'))).toEqual([
      { kind: 'clean', lines: ['a'] },
      { kind: 'conflict', baseStart: 1, base: ['b'], ours: [], theirs: ['B'] },
      { kind: 'clean', lines: ['c'] },
    ]);
  });

  test('settles what both sides changed alike and asks only about the rest', () => {
    expect(mergeSequences(lines('b'), lines('1x2'), lines('1y2'))).toEqual([
      { kind: 'clean', lines: ['1'] },
      { kind: 'conflict', baseStart: 0, base: ['b'], ours: ['x'], theirs: ['y'] },
      { kind: 'clean', lines: ['2'] },
    ]);
    expect(mergeText('', 'a\nc', 'a\nb\nc')).toEqual({ kind: 'clean', text: 'a\nb\nc' });
  });

  test('with a side that changed nothing, or the same, is the other side', () => {
    fc.assert(
      fc.property(text, text, (base, side) => {
        expect(mergeText(base, side, base)).toEqual({ kind: 'clean', text: side });
        expect(mergeText(base, base, side)).toEqual({ kind: 'clean', text: side });
        expect(mergeText(base, side, side)).toEqual({ kind: 'clean', text: side });
      }),
      { numRuns: 1_000 },
    );
  });

  test('does not depend on whose side is called ours', () => {
    fc.assert(
      fc.property(anyThree, ({ base, ours, theirs }) => {
        const [one, other] = [mergeText(base, ours, theirs), mergeText(base, theirs, ours)];
        if (one.kind === 'clean') expect(other).toEqual(one);
        else expect(other).toEqual({ kind: 'conflict', chunks: swapped(one.chunks) });
      }),
      { numRuns: 1_000 },
    );
  });

  test('never loses a line that one side added, nor keeps one that a side removed and the other left alone', () => {
    fc.assert(
      fc.property(threeWay, ({ base, ours, theirs }) => {
        const merged = mergeText(base, ours, theirs);
        const chunks =
          merged.kind === 'clean' ? [{ kind: 'clean' as const, lines: splitLines(merged.text) }] : merged.chunks;
        const clean = chunks.flatMap((chunk) => (chunk.kind === 'clean' ? chunk.lines : []));
        const mine = chunks.flatMap((chunk) => (chunk.kind === 'clean' ? chunk.lines : chunk.ours));
        const other = chunks.flatMap((chunk) => (chunk.kind === 'clean' ? chunk.lines : chunk.theirs));
        const [was, us, them] = [base, ours, theirs].map((all) => new Set(splitLines(all)));
        for (const added of us!) if (!was!.has(added)) expect(mine).toContain(added);
        for (const added of them!) if (!was!.has(added)) expect(other).toContain(added);
        for (const kept of was!) if (!us!.has(kept)) expect(clean).not.toContain(kept);
      }),
      { numRuns: 1_000 },
    );
  });
});
