import { describe, expect, test } from 'vitest';
import { endpointPresets } from './presets.ts';
import { costOf, listPrice } from './prices.ts';

const openai = 'https://api.openai.com/v1';

describe('list prices', () => {
  test('a dated snapshot costs what its family costs, a smaller model has its own price', () => {
    expect(listPrice(openai, 'gpt-4o')).toEqual({ inputPerMillion: 2.5, outputPerMillion: 10 });
    expect(listPrice(openai, 'gpt-4o-2024-08-06')).toEqual(listPrice(openai, 'gpt-4o'));
    expect(listPrice(openai, 'gpt-4o-mini')).toEqual({ inputPerMillion: 0.15, outputPerMillion: 0.6 });
  });

  test('a model of the same name elsewhere has no known price', () => {
    expect(listPrice('http://127.0.0.1:8000/v1', 'gpt-4o')).toBeNull();
    expect(listPrice('https://api.openai.com.example.org/v1', 'gpt-4o')).toBeNull();
    expect(listPrice(openai, 'gpt-4o-audio-preview')).toBeNull();
    expect(listPrice('not an address', 'gpt-4o')).toBeNull();
  });

  test('OpenRouter passes the prices of OpenAI on', () => {
    expect(listPrice('https://openrouter.ai/api/v1', 'openai/gpt-4.1-mini')).toEqual(listPrice(openai, 'gpt-4.1-mini'));
    expect(listPrice('https://openrouter.ai/api/v1', 'openai/unheard-of')).toBeNull();
  });

  test('every preset of a paid service knows at least one price at its own address', () => {
    const samples: Readonly<Record<string, string>> = {
      openai: 'gpt-4.1',
      venice: 'llama-3.3-70b',
      mistral: 'mistral-small-latest',
      openrouter: 'anthropic/claude-sonnet-4',
      groq: 'llama-3.1-8b-instant',
      together: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    };
    for (const { slug, baseUrl } of endpointPresets.filter((preset) => preset.needsKey)) {
      expect(listPrice(baseUrl, samples[slug] ?? ''), slug).not.toBeNull();
    }
  });
});

describe('cost', () => {
  test('is tokens times price per million', () => {
    const price = { inputPerMillion: 2.5, outputPerMillion: 10 };
    expect(costOf({ inputTokens: 1_000, outputTokens: 500 }, price)).toBeCloseTo(0.0075, 10);
    expect(costOf({ inputTokens: 0, outputTokens: 0 }, price)).toBe(0);
  });

  test('is unknown without a price, and nothing for a free model', () => {
    expect(costOf({ inputTokens: 10, outputTokens: 10 }, null)).toBeNull();
    expect(costOf({ inputTokens: 10, outputTokens: 10 }, { inputPerMillion: 0, outputPerMillion: 0 })).toBe(0);
  });
});
