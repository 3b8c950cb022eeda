/** A known OpenAI-compatible service, to fill in the form for a new endpoint. */
export interface EndpointPreset {
  readonly slug: string;
  readonly title: string;
  readonly baseUrl: string;
  readonly needsKey: boolean;
  /** Where to get a key, or how to start the server. */
  readonly keyHint: string;
  readonly defaultConcurrency: number;
}

/** Services first, then servers on this computer; a server that works on one request at a time is asked one at a time. */
export const endpointPresets: readonly EndpointPreset[] = [
  {
    slug: 'openai',
    title: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    needsKey: true,
    keyHint: 'Create a key at platform.openai.com/api-keys.',
    defaultConcurrency: 8,
  },
  {
    slug: 'venice',
    title: 'Venice.ai',
    baseUrl: 'https://api.venice.ai/api/v1',
    needsKey: true,
    keyHint: 'Create a key at venice.ai/settings/api.',
    defaultConcurrency: 4,
  },
  {
    slug: 'mistral',
    title: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    needsKey: true,
    keyHint: 'Create a key at console.mistral.ai/api-keys.',
    defaultConcurrency: 4,
  },
  {
    slug: 'openrouter',
    title: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    needsKey: true,
    keyHint: 'Create a key at openrouter.ai/settings/keys.',
    defaultConcurrency: 8,
  },
  {
    slug: 'groq',
    title: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    needsKey: true,
    keyHint: 'Create a key at console.groq.com/keys.',
    defaultConcurrency: 4,
  },
  {
    slug: 'together',
    title: 'Together',
    baseUrl: 'https://api.together.xyz/v1',
    needsKey: true,
    keyHint: 'Create a key at api.together.ai/settings/api-keys.',
    defaultConcurrency: 8,
  },
  {
    slug: 'ollama',
    title: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    needsKey: false,
    keyHint: 'Needs no key; start it with "ollama serve".',
    defaultConcurrency: 1,
  },
  {
    slug: 'lm-studio',
    title: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    needsKey: false,
    keyHint: 'Needs no key; start the server in its Developer tab or with "lms server start".',
    defaultConcurrency: 1,
  },
  {
    slug: 'vllm',
    title: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    needsKey: false,
    keyHint: 'Needs a key only when it was started with --api-key; start it with "vllm serve MODEL".',
    defaultConcurrency: 16,
  },
  {
    slug: 'llama-server',
    title: 'llama-server',
    baseUrl: 'http://127.0.0.1:8080/v1',
    needsKey: false,
    keyHint: 'Needs a key only when it was started with --api-key; start it with "llama-server -m FILE.gguf".',
    defaultConcurrency: 1,
  },
];

/** The preset with this slug, or null. */
export function findEndpointPreset(slug: string): EndpointPreset | null {
  return endpointPresets.find((preset) => preset.slug === slug) ?? null;
}
