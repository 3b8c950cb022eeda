import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelNameSchema } from '../contract/label-name.ts';
import { AppError } from '../scope/errors.ts';
import { formatVersionRef, parseVersionRef, type VersionRef } from './version-ref.ts';

describe('a reference to a version', () => {
  const hash = 'e8ff889c211064dea9a0a7ad999a8ef1f02bba9008c3998fcf803a9aed5f4bb0';
  test.each<[string, VersionRef]>([
    ['greet', { kind: 'latest', name: 'greet' }],
    ['greet@latest', { kind: 'latest', name: 'greet' }],
    ['support/refund/reply@12', { kind: 'number', name: 'support/refund/reply', number: 12 }],
    ['greet@production', { kind: 'label', name: 'greet', label: 'production' }],
    ['greet@v2', { kind: 'label', name: 'greet', label: 'v2' }],
    ['Team A/greet@2', { kind: 'number', name: 'Team A/greet', number: 2 }],
    ['team/greet@e8ff889', { kind: 'hash', name: 'team/greet', hash: 'e8ff889' }],
    [`greet@${hash}`, { kind: 'hash', name: 'greet', hash }],
    ['greet@sha256:1234567', { kind: 'hash', name: 'greet', hash: '1234567' }],
    [' greet@3 ', { kind: 'number', name: 'greet', number: 3 }],
  ])('reads %s', (text, ref) => {
    expect(parseVersionRef(text)).toEqual(ref);
  });

  test.each([
    ['', 'is no name'],
    ['Greet', '"Greet" is no name'],
    ['a//b@1', '"a//b" is no name'],
    ['@3', '"" is no name'],
    ['greet@', 'not ""'],
    ['greet@0', 'start at 1'],
    ['greet@1@2', 'not "1@2"'],
    ['greet@Production', 'not "Production"'],
    ['greet@sha256:xyz', 'not "sha256:xyz"'],
    ['greet@99999999999999999999', 'below a billion'],
  ])('that is wrong says why: %j', (text, reason) => {
    expect(() => parseVersionRef(text)).toThrow(AppError);
    expect(() => parseVersionRef(text)).toThrow(reason);
  });

  test('is read back from how it is written', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}(\/[a-z0-9][a-z0-9._-]{0,9}){0,2}$/);
    const ref: fc.Arbitrary<VersionRef> = fc.oneof(
      fc.record({ kind: fc.constant('latest' as const), name }),
      fc.record({ kind: fc.constant('number' as const), name, number: fc.integer({ min: 1, max: 1_000_000_000 }) }),
      fc.record({ kind: fc.constant('hash' as const), name, hash: fc.stringMatching(/^[0-9a-f]{7,64}$/) }),
      fc.record({
        kind: fc.constant('label' as const),
        name,
        label: fc.stringMatching(/^[a-z0-9._-]{1,36}$/).filter((label) => labelNameSchema.safeParse(label).success),
      }),
    );
    fc.assert(
      fc.property(ref, (written) => {
        expect(parseVersionRef(formatVersionRef(written))).toEqual(written);
      }),
    );
  });
});

test.each([
  ['staging', null],
  ['eu-west.2_b', null],
  ['', '1 to 36'],
  ['x'.repeat(37), '1 to 36'],
  ['Mine', 'lower-case'],
  ['latest', 'follows the newest version'],
  ['12', 'digits alone'],
  ['deadbeef', 'hash of a version'],
])('the label name %j is judged by whether a reference can name it', (name, problem) => {
  const parsed = labelNameSchema.safeParse(name);
  if (problem === null) expect(parsed.success).toBe(true);
  else expect(parsed.error?.issues[0]?.message).toContain(problem);
});
