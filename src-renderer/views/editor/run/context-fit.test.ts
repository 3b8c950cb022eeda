import { expect, it } from 'vitest';
import { fitOf } from './context-fit.ts';

it('warns before a prompt with its answer overflows the context', () => {
  expect(fitOf(100, null, undefined)).toEqual({ kind: 'unknown' });
  expect(fitOf(100, 2048, undefined)).toEqual({ kind: 'fits' });
  expect(fitOf(1900, 2048, undefined)).toEqual({ kind: 'tight', left: 148 });
  expect(fitOf(1900, 2048, 100)).toEqual({ kind: 'fits' });
  expect(fitOf(1900, 2048, 512)).toEqual({ kind: 'tight', left: 148 });
  expect(fitOf(2048, 2048, 1)).toEqual({ kind: 'over', by: 0 });
  expect(fitOf(3000, 2048, 1)).toEqual({ kind: 'over', by: 952 });
});
