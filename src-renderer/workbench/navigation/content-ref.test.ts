import { expect, test } from 'vitest';
import { draftRef, pairText, parsePair, parseRef, refText, stepRef, versionRef } from './content-ref.ts';

const [prompt, version, step] = [
  '0d3f1c52-7d1f-4a41-9a59-0d2c7b5f1f01',
  '5b0a7c1e-53ce-4f0a-8f52-2b9d6a7c8e02',
  '01961a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b',
];

test('the id of a diff tab says which two contents it compares', () => {
  const pair = { before: versionRef(version), after: draftRef(prompt) };
  expect(parsePair(pairText(pair))).toEqual(pair);
  const stepped = { before: stepRef(prompt, step), after: draftRef(prompt) };
  expect(parsePair(pairText(stepped))).toEqual(stepped);
});

test.each(['', 'draft', 'draft.', `file.${prompt}`, `step.${prompt}`, `step.${prompt}.`])(
  'a tab that asks for "%s" is told that there is no such content',
  (text) => {
    expect(parseRef(text)).toBeNull();
    expect(parsePair(`${text}~${refText(draftRef(prompt))}`)).toBeNull();
  },
);
