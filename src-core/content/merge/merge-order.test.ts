import { describe, expect, test } from 'vitest';
import { interleave, mergeOrder } from './merge-order.ts';

/** Merges lists of one-letter ids; answers the kept ones with what was added after them, as in "a b +x|+y". */
function merge(base: string, ours: string, theirs: string, removed = ''): string {
  const ids = { base: [...base], ours: [...ours], theirs: [...theirs] };
  const order = mergeOrder(
    ids,
    (id) => !removed.includes(id),
    () => 'theirs',
  );
  return ['', ...order.kept]
    .flatMap((id) => {
      const added = order.added.get(id);
      return added ? [id, `+${added.ours.join('')}|+${added.theirs.join('')}`] : [id];
    })
    .filter(Boolean)
    .join(' ');
}

describe('the merged order of a list', () => {
  test('is that of the side that moved something', () => {
    expect(merge('abc', 'cab', 'abc')).toBe('c a b');
    expect(merge('abc', 'abc', 'bca')).toBe('b c a');
  });

  test('is what both sides agree on, and asked for where they do not', () => {
    expect(merge('abc', 'cab', 'cab')).toBe('c a b');
    expect(merge('abc', 'bac', 'acb')).toBe('a c b');
  });

  test('keeps additions behind the item that they follow on their own side', () => {
    expect(merge('ab', 'axb', 'aby')).toBe('a +x|+ b +|+y');
    expect(merge('abc', 'cxab', 'abc')).toBe('c +x|+ a b');
    expect(merge('ab', 'xab', 'yab')).toBe('+x|+y a b');
  });

  test('lets additions behind a removed item follow the one before', () => {
    expect(merge('abc', 'abxc', 'ac', 'b')).toBe('a +x|+ c');
  });

  test('has an item once that both added, at the earlier place', () => {
    expect(merge('ab', 'axb', 'abx')).toBe('a +x|+ b');
  });

  test('puts an item back in place that one side removed but a person may keep', () => {
    expect(merge('abcd', 'dac', 'abcd')).toBe('d a b c');
  });
});

test('items that both added at one place come once each, in an order that favours no side', () => {
  const both = (ours: string, theirs: string) => interleave({ ours: [...ours], theirs: [...theirs] }).join('');
  for (const [ours, theirs, merged] of [
    ['b', 'a', 'ab'],
    ['zx', 'xa', 'zxa'],
    ['xy', 'yx', 'xy'],
    ['mn', 'mn', 'mn'],
    ['', 'q', 'q'],
  ] as const) {
    expect(both(ours, theirs)).toBe(merged);
    expect(both(theirs, ours)).toBe(merged);
  }
});
