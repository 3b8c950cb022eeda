import { expect, it } from 'vitest';
import { contentSchema } from '../../contract/content.ts';
import { includedReaders } from './included-readers.ts';

const sources = new Map([
  ['tone', 'Be {{ mood }}. {% include "deep" %}'],
  ['deep', '{{ topic }}'],
  ['own', '{% set topic = 1 %}{{ topic }}'],
]);
const loader = {
  load: (name: string) => {
    const source = sources.get(name);
    return source === undefined ? null : { source };
  },
};
const including = (...names: readonly string[]) =>
  contentSchema.parse({
    messages: names.map((name) => ({ role: 'user', content: `{{ topic }}{% include "${name}" %}` })),
  });

it('names the included prompts that read an input, at any depth and each once', () => {
  expect(includedReaders(including('tone', 'deep'), 'topic', loader)).toEqual(['deep']);
  expect(includedReaders(including('tone'), 'mood', loader)).toEqual(['tone']);
  expect(includedReaders(including('own', 'missing'), 'topic', loader)).toEqual([]);
});
