import { expect, test } from 'vitest';
import { shownNumber, versionName, versionRefOf } from './version-name.ts';
import { parseVersionRef } from './version-ref.ts';

const hash = '0123456789ab'.padEnd(64, 'c');

test('a version is called by its number, and says so while the number is not given for good', () => {
  expect(versionName({ number: 7, confirmed: true })).toBe('v7');
  expect(versionName({ number: 7, confirmed: false })).toBe('v7 · not synced');
  expect(`Version ${shownNumber({ number: 7, confirmed: false })}`).toBe('Version 7 · not synced');
});

test('a reference to a version names its number only when that number finds it', () => {
  expect(versionRefOf('support/greet', { number: 7, confirmed: true, hash })).toBe('support/greet@7');
  const byHash = versionRefOf('support/greet', { number: 7, confirmed: false, hash });
  expect(parseVersionRef(byHash)).toEqual({ kind: 'hash', name: 'support/greet', hash: hash.slice(0, 12) });
});
