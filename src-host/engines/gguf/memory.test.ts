import { describe, expect, it } from 'vitest';
import { estimateMemory, planContext } from './memory.ts';

const gibibyte = 1024 ** 3;
/** Llama 3.1 8B as Q4_K_M. */
const eightBillion = {
  sizeBytes: 4_920_000_000,
  contextLength: 131_072,
  blockCount: 32,
  embeddingLength: 4_096,
  headCount: 32,
  headCountKv: 8,
  vocabularySize: 128_256,
};

describe('the memory estimate', () => {
  it('counts 128 KiB of keys and values per token of an 8B model', () => {
    const one = estimateMemory(eightBillion, 8_192, 64 * gibibyte).contextBytes;
    const two = estimateMemory(eightBillion, 16_384, 64 * gibibyte).contextBytes;
    expect((two - one) / 8_192).toBe(128 * 1024);
  });

  it('offers the trained context when all of it fits, and less when not', () => {
    expect(estimateMemory(eightBillion, null, 64 * gibibyte)).toMatchObject({ fits: true, contextSize: 131_072 });
    const tight = estimateMemory(eightBillion, null, 8 * gibibyte);
    expect(tight.fits).toBe(true);
    expect(tight.contextSize).toBeGreaterThan(4_096);
    expect(tight.contextSize).toBeLessThan(32_768);
  });

  it('says when the weights alone are too much', () => {
    expect(estimateMemory(eightBillion, null, 4 * gibibyte)).toMatchObject({ fits: false, contextSize: 0 });
  });

  it('uses the length of a head when the file gives it', () => {
    const wide = { ...eightBillion, headLength: 256 };
    expect(estimateMemory(wide, 8_192, 64 * gibibyte).contextBytes).toBeGreaterThan(
      estimateMemory(eightBillion, 8_192, 64 * gibibyte).contextBytes,
    );
  });
});

describe('the plan for a load', () => {
  it('gives as many parallel runs as half of the spare memory holds', () => {
    expect(planContext(eightBillion, 8_192, 64 * gibibyte, 4)).toEqual({ contextSize: 8_192, sequences: 4 });
    expect(planContext(eightBillion, 8_192, 8 * gibibyte, 4)).toEqual({ contextSize: 8_192, sequences: 1 });
  });

  it('does not reserve a huge context that nobody asked for, but obeys who asks', () => {
    expect(planContext(eightBillion, null, 64 * gibibyte, 4)?.contextSize).toBe(16_384);
    expect(planContext(eightBillion, 100_000, 64 * gibibyte, 4)).toEqual({ contextSize: 100_000, sequences: 2 });
  });

  it('is none when the model does not fit', () => {
    expect(planContext(eightBillion, null, 4 * gibibyte, 4)).toBeNull();
    expect(planContext(eightBillion, 131_072, 16 * gibibyte, 4)).toBeNull();
  });
});
