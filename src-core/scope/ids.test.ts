import { expect, test } from 'vitest';
import { idSchema } from '../contract/shared.ts';
import { idFrom, newId, versionId } from './ids.ts';

test('ids that are made one after the other are in their order, and ids of the past are before them', () => {
  const ids = Array.from({ length: 2_000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  const past = Array.from({ length: 100 }, (_, sequence) => idFrom('2026-01-31T10:00:00.000Z', sequence));
  expect(past.toSorted()).toEqual(past);
  expect(past.at(-1)! < ids[0]!).toBe(true);
  for (const id of [...ids.slice(0, 5), ...past]) expect(idSchema.safeParse(id).success, id).toBe(true);
});

test('a time that is none gives an id all the same', () => {
  expect(idSchema.safeParse(idFrom('yesterday', 3)).success).toBe(true);
});

test('the same version has the same id wherever it is made, and every part of it counts', () => {
  const version = { prompt: 'p', content: 'c', parents: ['a', 'b'], author: 'me', note: 'n', at: '2026-01-31' };
  expect(versionId(version)).toBe(versionId({ ...version }));
  expect(idSchema.safeParse(versionId(version)).success).toBe(true);
  expect(versionId(version)[14]).toBe('8');
  const others = [
    { ...version, prompt: 'q' },
    { ...version, content: 'd' },
    { ...version, parents: ['b', 'a'] },
    { ...version, author: 'you' },
    { ...version, note: 'm' },
    { ...version, at: '2026-02-01' },
  ];
  expect(new Set([version, ...others].map(versionId)).size).toBe(others.length + 1);
});
