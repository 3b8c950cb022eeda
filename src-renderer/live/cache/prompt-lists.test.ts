import { expect, test } from 'vitest';
import type { PromptSummary } from '../../../src-core/contract/prompts.ts';
import {
  belongs,
  isElsewhere,
  type PromptList,
  rowsOf,
  startsWithNewest,
  withMark,
  withNewest,
  withoutRows,
  withRow,
} from './prompt-lists.ts';

const row = (name: string, minute: number, rest: Partial<PromptSummary> = {}): PromptSummary => ({
  id: name,
  name,
  project: 'default',
  title: '',
  description: '',
  type: 'chat',
  scope: 'user',
  owner: '',
  domain: '',
  tags: [],
  metadata: {},
  source: 'human',
  status: 'active',
  latestVersion: 1,
  latestConfirmed: true,
  hasChanges: false,
  snippet: null,
  createdAt: at(0),
  updatedAt: at(minute),
  ...rest,
});
const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`;
const mark = (promptId: string, minute: number) => ({ promptId, revision: 1, hasChanges: true, updatedAt: at(minute) });
const names = (list: PromptList) => rowsOf(list).map(({ name }) => name);

const read: PromptList = {
  pages: [
    { items: [row('d', 40), row('c', 30)], nextCursor: 'c', total: 5 },
    { items: [row('b', 20), row('a', 10)], nextCursor: 'a', total: 5 },
  ],
  pageParams: [undefined, 'c'],
};

test('a draft that is typed comes to the top of what is sorted by time, across pages that keep their lengths', () => {
  const next = withRow({}, read, withMark(row('a', 10), mark('a', 50)));
  expect(names(next)).toEqual(['a', 'd', 'c', 'b']);
  expect(rowsOf(next)[0]).toMatchObject({ hasChanges: true, updatedAt: at(50) });
  expect('pages' in next && next.pages.map(({ items }) => items.length)).toEqual([2, 2]);
});

test('in a list by name and in a search it stays where it is, and a search keeps what it found', () => {
  const typed = withMark(row('a', 10), mark('a', 50));
  expect(names(withRow({ order: 'name' }, read, typed))).toEqual(['d', 'c', 'b', 'a']);
  const found = { items: [row('c', 30), row('a', 10, { snippet: '<mark>a</mark>' })], nextCursor: null, total: 2 };
  const next = withRow({ search: 'a' }, found, typed);
  expect(rowsOf(next)).toMatchObject([{ name: 'c' }, { name: 'a', hasChanges: true, snippet: '<mark>a</mark>' }]);
});

test('pages without the row stay the same values, so that nothing is drawn again for them', () => {
  const next = withRow({ order: 'name' }, read, row('d', 41, { title: 'D' }));
  expect('pages' in next && 'pages' in read && next.pages[1] === read.pages[1]).toBe(true);
  expect(withRow({}, read, row('z', 99))).toBe(read);
  expect(withoutRows(read, new Set(['z']))).toBe(read);
});

test('what is gone is taken out and not counted any more', () => {
  const next = withoutRows(read, new Set(['c', 'a']));
  expect(names(next)).toEqual(['d', 'b']);
  expect('pages' in next && next.pages.map(({ total }) => total)).toEqual([3, 3]);
});

test('a row further down than what was read is put on top only where the newest stands there', () => {
  expect(names(withNewest(read, row('e', 50)))).toEqual(['e', 'd', 'c', 'b', 'a']);
  const page = { items: [row('d', 40), row('c', 30)], nextCursor: 'c', total: 5 };
  expect(names(withNewest(page, row('e', 50)))).toEqual(['e', 'd']);
  expect(startsWithNewest({}, read)).toBe(true);
  expect(startsWithNewest({ order: 'name' }, read)).toBe(false);
  expect(startsWithNewest({ search: 'x' }, read)).toBe(false);
  expect(startsWithNewest({}, { items: [row('a', 1)], nextCursor: null, total: 1 })).toBe(false);
});

test.each([
  [{}, true],
  [{ project: 'default', status: 'active', folder: 'support/', tags: ['MAIL'] } as const, true],
  [{ folder: 'support/mail', direct: true }, true],
  [{ folder: 'support', direct: true }, false],
  [{ direct: true }, false],
  [{ folder: 'supp' }, false],
  [{ project: 'other' }, false],
  [{ status: 'trashed' } as const, false],
  [{ tags: ['mail', 'letter'] }, false],
  [{ search: 'tone' }, null],
  [{ search: 'tone', project: 'other' }, false],
])('whether a prompt belongs into the list of %o is %o', (input, expected) => {
  expect(belongs(input, row('support/mail/tone', 1, { tags: ['Mail'] }))).toBe(expected);
});

test('a change moves a prompt when its name, status, project or tags are others', () => {
  const before = row('a', 1, { tags: ['x'] });
  expect(isElsewhere(before, { ...before, title: 'A', hasChanges: true, latestVersion: 2, updatedAt: at(9) })).toBe(
    false,
  );
  for (const change of [{ name: 'b' }, { status: 'archived' } as const, { project: 'p' }, { tags: [] }])
    expect(isElsewhere(before, { ...before, ...change })).toBe(true);
});
