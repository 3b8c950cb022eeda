import { expect, test } from 'vitest';
import type { PlannedItem, ReadFileReport } from '../../../../src-core/contract/packs.ts';
import { actionOf, chooseForAll, commonAction, countImported, countStates, toldActions } from './actions.ts';
import { keptSentence, whyNothing } from './import-words.ts';
import { keyOfRow, planRows } from './plan-rows.ts';

const actionsOf = {
  new: ['create', 'skip'],
  identical: ['skip', 'keep-both'],
  changed: ['new-version', 'replace-draft', 'keep-both', 'skip'],
  conflicting: ['keep-both', 'new-version', 'replace-draft', 'skip'],
} as const;

function itemOf(key: string, state: PlannedItem['state']): PlannedItem {
  const actions = [...actionsOf[state]];
  const path = key.slice(0, key.indexOf('#'));
  return {
    ...{ key, path, state, actions, action: actions[0]!, format: 'x', name: 'n', title: '', promptId: null },
    ...{ versions: 1, labels: [], change: '', excerpt: '' },
  };
}

function fileOf(path: string, more: Partial<ReadFileReport> = {}): ReadFileReport {
  const nothing = { refusal: null, losses: [], problems: [], choices: [], prompts: 1, tests: 0, rows: 0 };
  return { path, format: 'x', ...nothing, ...more };
}

const items = [
  itemOf('a#0', 'new'),
  itemOf('b#0', 'conflicting'),
  itemOf('b#1', 'conflicting'),
  itemOf('b#2', 'changed'),
  itemOf('c#0', 'identical'),
];

test('without a choice the plan holds, and only what differs from it is told', () => {
  expect(countImported(items, {})).toBe(4);
  expect(countStates(items)).toEqual({ new: 1, conflicting: 2, changed: 1, identical: 1 });
  const chosen = chooseForAll(items, 'conflicting', 'new-version', { 'a#0': 'skip', 'b#2': 'new-version' });
  expect(commonAction(items, 'conflicting', chosen)).toBe('new-version');
  expect(toldActions(items, chosen)).toEqual({ 'a#0': 'skip', 'b#0': 'new-version', 'b#1': 'new-version' });
  expect(countImported(items, chosen)).toBe(3);
  expect(commonAction(items, 'conflicting', { ...chosen, 'b#1': 'skip' })).toBeUndefined();
});

test('a choice that does not suit a prompt any more is none', () => {
  expect(actionOf(itemOf('a#0', 'new'), { 'a#0': 'replace-draft' })).toBe('create');
  expect(chooseForAll(items, 'new', 'replace-draft', {})).toEqual({});
});

test('refused files stand first, each other file above its prompts, and a report opens below its file', () => {
  const loss = (kind: ReadFileReport['losses'][number]['kind']) => ({ kind, what: 'w', where: '', why: 'Why.' });
  const files = [
    fileOf('a'),
    fileOf('no', { refusal: { message: 'No.' } }),
    fileOf('b', { losses: [loss('kept'), loss('refused'), loss('kept')], problems: [{ message: 'Odd.', line: 3 }] }),
    fileOf('c'),
  ];
  const shown = { open: new Set(['b']), showsRefusals: null, state: 'all' as const };
  const rows = planRows({ files, items }, shown);
  expect(rows.map((row) => keyOfRow(row))).toEqual([
    ...['refused no', 'file a', 'item a#0', 'file b', 'problem 0 b', 'losses refused b', 'loss 1 b'],
    ...['losses kept b', 'loss 0 b', 'loss 2 b', 'item b#0', 'item b#1', 'item b#2', 'file c', 'item c#0'],
  ]);
  const changed = planRows({ files, items }, { ...shown, open: new Set(), state: 'changed' });
  expect(changed.map((row) => keyOfRow(row))).toEqual(['file b', 'item b#2']);
});

test('many refused files are folded away until they are asked for', () => {
  const files = Array.from({ length: 4 }, (_, index) => fileOf(String(index), { refusal: { message: 'No.' } }));
  const rows = (showsRefusals: boolean | null, shown: readonly PlannedItem[] = items) =>
    planRows({ files, items: shown }, { open: new Set(), showsRefusals, state: 'all' }).length;
  expect([rows(null), rows(true), rows(false)]).toEqual([1, 5, 1]);
  // Nothing else is there to be read.
  expect(rows(null, [])).toBe(5);
});

test('ten thousand prompts become rows in no time that a person sees', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => itemOf(`f${index % 5_000}#${index}`, 'new'));
  const files = Array.from({ length: 5_000 }, (_, index) => fileOf(`f${index}`));
  const begin = performance.now();
  expect(planRows({ files, items: many }, { open: new Set(), showsRefusals: null, state: 'all' })).toHaveLength(15_000);
  expect(performance.now() - begin).toBeLessThan(500);
});

test('a sentence says why nothing would be imported', () => {
  const refused = [fileOf('a', { refusal: { message: 'No.' } })];
  expect(whyNothing([], items, 1)).toBeNull();
  expect(whyNothing(refused, [], 0)).toBe('No prompt can be imported. The list says why.');
  expect(whyNothing([fileOf('a')], [], 0)).toBe('There is no prompt in it.');
  expect(whyNothing([], [itemOf('a#0', 'identical')], 0)).toBe('This prompt is here already.');
  expect(whyNothing([], items, 0)).toBe('All prompts are left out.');
});

test('an undo names a few of those that stay, and counts the others', () => {
  const kept = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `p${at}`, why: 'It was changed since.' }));
  expect(keptSentence([])).toBe('');
  expect(keptSentence(kept(1))).toBe('“p0” stays. It was changed since.');
  expect(keptSentence(kept(5))).toMatch(/“p2” stays\. It was changed since\. 2 more stay\.$/);
});
