import type { Price } from '../contract/models.ts';

/** When the list prices below were noted; providers change them, so a person can edit each one. */
export const pricesNotedIn = '2025-08';

/** US dollars per million input and output tokens. */
type ListPrice = readonly [pattern: RegExp, input: number, output: number];

/** A dated snapshot (`gpt-4o-2024-08-06`) costs what its family costs, so a pattern allows a date after the name. */
const openai: readonly ListPrice[] = [
  [/^gpt-5(-\d{4}.*)?$/, 1.25, 10],
  [/^gpt-5-mini/, 0.25, 2],
  [/^gpt-5-nano/, 0.05, 0.4],
  [/^gpt-4\.1(-\d{4}.*)?$/, 2, 8],
  [/^gpt-4\.1-mini/, 0.4, 1.6],
  [/^gpt-4\.1-nano/, 0.1, 0.4],
  [/^gpt-4o(-\d{4}.*)?$/, 2.5, 10],
  [/^gpt-4o-mini(-\d{4}.*)?$/, 0.15, 0.6],
  [/^o3(-\d{4}.*)?$/, 2, 8],
  [/^o4-mini(-\d{4}.*)?$/, 1.1, 4.4],
  [/^gpt-3\.5-turbo(-0125)?$/, 0.5, 1.5],
];

const mistral: readonly ListPrice[] = [
  [/^mistral-large-(latest|2411)$/, 2, 6],
  [/^mistral-medium-(latest|2505|2508)$/, 0.4, 2],
  [/^mistral-small-(latest|2503|2506)$/, 0.1, 0.3],
  [/^codestral-(latest|2501|2508)$/, 0.3, 0.9],
  [/^ministral-8b-(latest|2410)$/, 0.1, 0.1],
  [/^ministral-3b-(latest|2410)$/, 0.04, 0.04],
];

const groq: readonly ListPrice[] = [
  [/^llama-3\.3-70b-versatile$/, 0.59, 0.79],
  [/^llama-3\.1-8b-instant$/, 0.05, 0.08],
];

const together: readonly ListPrice[] = [
  [/^meta-llama\/Llama-3\.3-70B-Instruct-Turbo$/, 0.88, 0.88],
  [/^meta-llama\/Meta-Llama-3\.1-8B-Instruct-Turbo$/, 0.18, 0.18],
];

const openrouter: readonly ListPrice[] = [
  [/^anthropic\/claude-sonnet-4$/, 3, 15],
  [/^anthropic\/claude-opus-4(\.1)?$/, 15, 75],
  [/^anthropic\/claude-3\.5-haiku$/, 0.8, 4],
  [/^google\/gemini-2\.5-pro$/, 1.25, 10],
  [/^google\/gemini-2\.5-flash$/, 0.3, 2.5],
];

const venice: readonly ListPrice[] = [
  [/^llama-3\.3-70b$/, 0.7, 2.8],
  [/^llama-3\.2-3b$/, 0.15, 0.6],
];

const byOrigin: Readonly<Record<string, readonly ListPrice[]>> = {
  'https://api.openai.com': openai,
  'https://api.mistral.ai': mistral,
  'https://api.groq.com': groq,
  'https://api.together.xyz': together,
  'https://openrouter.ai': openrouter,
  'https://api.venice.ai': venice,
};

/** The list price of a well-known model at this base URL, or null: a price that is not known is not guessed. */
export function listPrice(baseUrl: string, model: string): Price | null {
  const origin = /^https:\/\/[^/:?#]+/.exec(baseUrl)?.[0] ?? '';
  if (!Object.hasOwn(byOrigin, origin)) return null;
  const found = match(byOrigin[origin]!, model) ?? (origin === 'https://openrouter.ai' ? resold(model) : null);
  return found && { inputPerMillion: found[1], outputPerMillion: found[2] };
}

/** OpenRouter passes OpenAI's own prices on. */
function resold(model: string): ListPrice | null {
  return model.startsWith('openai/') ? match(openai, model.slice('openai/'.length)) : null;
}

function match(prices: readonly ListPrice[], model: string): ListPrice | null {
  return prices.find(([pattern]) => pattern.test(model)) ?? null;
}

/** US dollars, or null when the price is unknown. */
export function costOf(
  usage: { readonly inputTokens: number; readonly outputTokens: number },
  price: Price | null,
): number | null {
  if (!price) return null;
  return (usage.inputTokens * price.inputPerMillion + usage.outputTokens * price.outputPerMillion) / 1_000_000;
}
