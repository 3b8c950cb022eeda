import { expect, test } from 'vitest';
import { tagSchema } from '../../src-core/contract/prompts.ts';
import { tooLong } from './too-long.ts';

test.each(['x'.repeat(50), '😀'.repeat(50), '😀'.repeat(51), ` ${'東'.repeat(50)} `])(
  'a field takes %j when the host does, and counts as it does',
  (text) => {
    const problem = tooLong('A tag', text, 50);
    expect(problem === null).toBe(tagSchema.safeParse(text).success);
    if (problem !== null) expect(problem).toBe('A tag has at most 50 characters; this one has 51.');
  },
);
