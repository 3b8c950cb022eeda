import { expect, test } from 'vitest';
// @ts-expect-error The scripts are plain JavaScript without types.
import { retriedE2e, retriedUnit } from './retried.mjs';

test('a unit test that passed at the second try is named, one that passed or failed for good is not', () => {
  const result = (fullName: string, status: string, failureMessages: readonly string[]) => ({
    fullName,
    status,
    failureMessages,
  });
  const assertionResults = [
    result('runs shaky', 'passed', ['AssertionError: expected 1 to be 2']),
    result('runs well', 'passed', []),
    result('runs never', 'failed', ['AssertionError: no']),
  ];
  const report = { testResults: [{ name: '/home/me/promptdev/src-host/runs.test.ts', assertionResults }] };
  expect(retriedUnit(report)).toEqual(['src-host/runs.test.ts: runs shaky']);
  expect(retriedUnit(null)).toEqual([]);
});

test('a browser test that Playwright calls flaky is named with the group it is in', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
  const group = { file: 'runs.spec.ts', title: 'a group', specs: [spec('shakes', 'flaky')] };
  const file = { file: 'runs.spec.ts', title: 'runs.spec.ts', specs: [spec('holds', 'expected')], suites: [group] };
  expect(retriedE2e({ suites: [file] })).toEqual(['runs.spec.ts: a group shakes']);
  expect(retriedE2e(null)).toEqual([]);
});
