import { describe, expect, test } from 'vitest';
import { endpointSchema, modelSlugSchema } from '../contract/models.ts';
import { endpointPresets, findEndpointPreset } from './presets.ts';

describe('endpoint presets', () => {
  test.each(endpointPresets)('$slug fills the form with values that the contract accepts', (preset) => {
    expect(modelSlugSchema.safeParse(preset.slug).success).toBe(true);
    expect(endpointSchema.shape.baseUrl.safeParse(preset.baseUrl).success).toBe(true);
    expect(endpointSchema.shape.maxConcurrency.safeParse(preset.defaultConcurrency).success).toBe(true);
    expect(preset.baseUrl).not.toMatch(/\/$/);
  });

  test('a service on the internet is asked over TLS and with a key, a server on this computer without one', () => {
    for (const { baseUrl, needsKey } of endpointPresets) {
      expect(needsKey).toBe(baseUrl.startsWith('https://'));
      if (!needsKey) expect(new URL(baseUrl).hostname).toBe('127.0.0.1');
    }
  });

  test('slugs are unique, lead back to their preset, and never hide a local model', () => {
    const slugs = endpointPresets.map((preset) => preset.slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(slugs).not.toContain('local');
    expect(slugs).not.toContain('starter');
    expect(findEndpointPreset('ollama')?.title).toBe('Ollama');
    expect(findEndpointPreset('unknown')).toBeNull();
  });
});
