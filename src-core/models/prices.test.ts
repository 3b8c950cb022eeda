import { describe, expect, test } from 'vitest';
import { costOf, listPrice } from './prices.ts';

const openai = 'https://api.openai.com/v1';

describe('list prices', () => {
  test('a dated snapshot costs what its family costs, a smaller model has its own price', () => {
    expect(listPrice(openai, 'gpt-4o')).toMatchObject({ inputPerMillion: 2.5, outputPerMillion: 10 });
    expect(listPrice(openai, 'gpt-4o-2024-08-06')).toEqual(listPrice(openai, 'gpt-4o'));
    expect(listPrice(openai, 'gpt-4o-mini')).toMatchObject({ inputPerMillion: 0.15, outputPerMillion: 0.6 });
  });

  test('a model of the same name elsewhere has no known price', () => {
    expect(listPrice('http://127.0.0.1:8000/v1', 'gpt-4o')).toBeNull();
    expect(listPrice('https://api.openai.com.example.org/v1', 'gpt-4o')).toBeNull();
    expect(listPrice(openai, 'gpt-4o-audio-preview')).toBeNull();
    expect(listPrice('not an address', 'gpt-4o')).toBeNull();
  });

  test('says where it comes from and when it was true', () => {
    expect(listPrice(openai, 'gpt-4o')).toMatchObject({ source: 'list', asOf: expect.stringMatching(/^20\d\d-\d\d$/) });
  });
});

describe('cost', () => {
  test('is tokens times price per million', () => {
    const price = { inputPerMillion: 2.5, outputPerMillion: 10 };
    expect(costOf({ inputTokens: 1_000, outputTokens: 500 }, price)).toBeCloseTo(0.0075, 10);
    expect(costOf({ inputTokens: 0, outputTokens: 0 }, price)).toBe(0);
  });

  test('has its own price for input that was cached, where one is known', () => {
    const usage = { inputTokens: 1_000, outputTokens: 0, cachedTokens: 800 };
    const price = { inputPerMillion: 10, outputPerMillion: 0 };
    expect(costOf(usage, price)).toBeCloseTo(0.01, 12);
    expect(costOf(usage, { ...price, cachedInputPerMillion: 1 })).toBeCloseTo(0.0028, 12);
    expect(costOf({ ...usage, cachedTokens: 5_000 }, { ...price, cachedInputPerMillion: 1 })).toBeCloseTo(0.001, 12);
    expect(listPrice(openai, 'gpt-4o')).toMatchObject({ cachedInputPerMillion: 1.25 });
  });

  test('is unknown where a count is', () => {
    const price = { inputPerMillion: 1, outputPerMillion: 1 };
    expect(costOf({ inputTokens: null, outputTokens: 3 }, price)).toBeNull();
    expect(costOf({ inputTokens: 3, outputTokens: null }, price)).toBeNull();
  });

  test('is unknown without a price, and nothing for a free model', () => {
    expect(costOf({ inputTokens: 10, outputTokens: 10 }, null)).toBeNull();
    expect(costOf({ inputTokens: 10, outputTokens: 10 }, { inputPerMillion: 0, outputPerMillion: 0 })).toBe(0);
  });
});
