import { describe, expect, test } from 'vitest';
import { speedOf, speedOfAll } from './speed.ts';

describe('the speed of an answer', () => {
  test('counts the tokens after the first over the time in which they came', () => {
    expect(speedOf({ tokens: 21, generationMs: 400, pieces: 21 })).toBe(50);
  });

  test.each([
    ['came in one piece', { tokens: 400, generationMs: 900, pieces: 1 }],
    ['took no time that can be measured', { tokens: 400, generationMs: 1, pieces: 3 }],
    ['is one token', { tokens: 1, generationMs: 900, pieces: 2 }],
    ['has no count of tokens', { tokens: null, generationMs: 900, pieces: 2 }],
    ['has no time', { tokens: 20, generationMs: null, pieces: 2 }],
  ])('is not told when the answer %s', (_, window) => {
    expect(speedOf(window)).toBeNull();
  });

  test('needs no pieces where the engine took the time itself', () => {
    expect(speedOf({ tokens: 11, generationMs: 100, pieces: null })).toBe(100);
  });
});

describe('the speed of many answers', () => {
  test('is their tokens over their time, so that a short one counts little', () => {
    const answers = [
      { tokensPerSecond: 100, generationMs: 1_000 },
      { tokensPerSecond: 4_000, generationMs: 50 },
    ];
    expect(speedOfAll(answers)).toBeCloseTo(300_000 / 1_050);
  });

  test('leaves out what cannot be measured, and is not told when nothing can', () => {
    const short = { tokensPerSecond: 408_592, generationMs: 0.9 };
    expect(speedOfAll([short, { tokensPerSecond: 100, generationMs: 1_000 }])).toBe(100);
    expect(speedOfAll([short, { tokensPerSecond: 300, generationMs: null }])).toBeNull();
    expect(speedOfAll([])).toBeNull();
  });
});
