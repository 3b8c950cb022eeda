import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeIssue } from './describe-issue.ts';

const schema = z.object({
  models: z.array(z.string().min(1).max(3)).min(1).max(50).optional(),
  pair: z.array(z.string()).min(2).optional(),
  count: z.number().int().min(1).max(10_000).optional(),
  share: z.number().gt(0).lt(1).optional(),
  id: z.uuid().optional(),
  url: z.url().optional(),
  slug: z
    .string()
    .regex(/^[a-z]+$/)
    .optional(),
  said: z
    .string()
    .regex(/^[a-z]+$/, { error: 'A slug is small letters.' })
    .optional(),
  kind: z.enum(['a', 'b', 'c']).optional(),
  item: z.discriminatedUnion('kind', [z.object({ kind: z.literal('x') })]).optional(),
  strict: z.strictObject({}).optional(),
  flag: z.boolean().optional(),
  rows: z.array(z.record(z.string(), z.string())).optional(),
  deep: z.object({ name: z.string() }).optional(),
  many: z.array(z.string().max(200)).max(10_000).optional(),
});

test.each<[unknown, string]>([
  [{ models: Array.from({ length: 51 }, () => 'm') }, '"models" may have at most 50 entries, not 51.'],
  [{ models: [] }, '"models" needs at least one entry.'],
  [{ models: ['a', 'abcd'] }, '"models[1]" may have at most 3 characters, not 4.'],
  [{ models: ['😀😀😀😀'] }, '"models[0]" may have at most 3 characters, not 4.'],
  [{ models: [''] }, '"models[0]" must not be empty.'],
  [{ models: 'starter' }, '"models" must be a list, not "starter".'],
  [{ pair: ['a'] }, '"pair" needs at least 2 entries, not 1.'],
  [{ count: 10_001 }, '"count" must be at most 10,000, not 10,001.'],
  [{ count: 0 }, '"count" must be at least 1, not 0.'],
  [{ count: 2.5 }, '"count" must be a whole number, not 2.5.'],
  [{ count: 'x'.repeat(100) }, `"count" must be a number, not "${'x'.repeat(58)}….`],
  [{ count: Number.NaN }, '"count" must be a number, not NaN.'],
  [{ share: 1 }, '"share" must be less than 1, not 1.'],
  [{ share: 0 }, '"share" must be more than 0, not 0.'],
  [{ id: 'x' }, '"id" must be an id such as 0190cd7e-1d2f-7a3b-8c4d-5e6f7a8b9c0d, not "x".'],
  [{ url: 'x' }, '"url" must be a web address, not "x".'],
  [{ slug: 'A' }, '"slug" does not have the form that it must have.'],
  [{ said: 'A' }, '"said": A slug is small letters.'],
  [{ kind: 'd' }, '"kind" must be "a", "b" or "c", not "d".'],
  [{ item: { kind: 'y' } }, '"item.kind" must be "x", not "y".'],
  [{ strict: { a: 1, b: 2 } }, '"strict" has no field "a", "b".'],
  [{ flag: null }, '"flag" must be true or false, not null.'],
  [{ rows: [{ a: 1 }] }, '"rows[0].a" must be text, not 1.'],
  [{ rows: [[]] }, '"rows[0]" must be an object, not a list.'],
  [{ deep: {} }, '"deep.name" is missing.'],
  [7, 'The input of do.it must be an object, not 7.'],
])('a limit of the contract is said in a sentence of ours: %j', (input, sentence) => {
  const issue = schema.safeParse(input).error!.issues[0]!;
  expect(describeIssue('do.it', issue, input)).toBe(sentence);
});
