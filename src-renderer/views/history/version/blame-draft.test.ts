import { expect, test } from 'vitest';
import type { BlamedMessage } from '../../../../src-core/content/diff/blame.ts';
import { contentSchema } from '../../../../src-core/contract/content.ts';
import { blameDraft } from './blame-draft.ts';

const blamed = (role: BlamedMessage['role'], ...lines: readonly (readonly [string, number])[]): BlamedMessage => ({
  role,
  lines: lines.map(([text, versionNumber]) => ({
    text,
    versionId: String(versionNumber),
    versionNumber,
    confirmed: true,
    author: 'Ada',
    at: '2026-11-21T10:00:00.000Z',
  })),
});
const base = [
  blamed('system', ['You are kind.', 1], ['Answer briefly.', 3], ['Never guess.', 2]),
  blamed('user', ['{{ question }}', 1]),
];
const numbers = (messages: readonly { readonly role: string; readonly content: string }[]) =>
  blameDraft(base, contentSchema.parse({ messages })).map((lines) => lines.map((line) => line?.versionNumber ?? null));

test('lines that stand as they were saved keep their version, typed ones have none', () => {
  expect(
    numbers([
      { role: 'system', content: 'You are kind.\nBe polite.\nAnswer briefly.\nNever guess.' },
      { role: 'user', content: '{{ question }}' },
    ]),
  ).toEqual([[1, null, 3, 2], [1]]);
});

test('a message that moved takes its versions along, a new one has none', () => {
  expect(
    numbers([
      { role: 'user', content: '{{ question }}' },
      { role: 'assistant', content: 'Something entirely different' },
      { role: 'system', content: 'You are kind.\nAnswer briefly.\nNever guess.' },
    ]),
  ).toEqual([[1], [null], [1, 3, 2]]);
});
