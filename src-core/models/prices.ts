import type { Price } from '../contract/models.ts';

/**
 * When the few list prices below were noted. They are for endpoints that state none (OpenRouter, Together and Venice state
 * theirs); providers change them, so each is shown with this date and a person can edit it.
 */
const pricesNotedIn = '2025-08';

/** US dollars per million input and output tokens, and of input tokens that the provider had cached. */
type ListPrice = readonly [pattern: RegExp, input: number, output: number, cachedInput?: number];

/** A dated snapshot (`gpt-4o-2024-08-06`) costs what its family costs, so a pattern allows a date after the name. */
const openai: readonly ListPrice[] = [
  [/^gpt-5(-\d{4}.*)?$/, 1.25, 10, 0.125],
  [/^gpt-5-mini/, 0.25, 2, 0.025],
  [/^gpt-5-nano/, 0.05, 0.4, 0.005],
  [/^gpt-4\.1(-\d{4}.*)?$/, 2, 8, 0.5],
  [/^gpt-4\.1-mini/, 0.4, 1.6, 0.1],
  [/^gpt-4\.1-nano/, 0.1, 0.4, 0.025],
  [/^gpt-4o(-\d{4}.*)?$/, 2.5, 10, 1.25],
  [/^gpt-4o-mini(-\d{4}.*)?$/, 0.15, 0.6, 0.075],
  [/^o3(-\d{4}.*)?$/, 2, 8, 0.5],
  [/^o4-mini(-\d{4}.*)?$/, 1.1, 4.4, 0.275],
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

const byOrigin: Readonly<Record<string, readonly ListPrice[]>> = {
  'https://api.openai.com': openai,
  'https://api.mistral.ai': mistral,
  'https://api.groq.com': groq,
};

/** The list price of a well-known model at this base URL, or null: a price that is not known is not guessed. */
export function listPrice(baseUrl: string, model: string): Price | null {
  const origin = /^https:\/\/[^/:?#]+/.exec(baseUrl)?.[0] ?? '';
  const found = Object.hasOwn(byOrigin, origin) ? match(byOrigin[origin]!, model) : null;
  if (found === null) return null;
  const [, inputPerMillion, outputPerMillion, cachedInputPerMillion] = found;
  return {
    inputPerMillion,
    outputPerMillion,
    ...(cachedInputPerMillion !== undefined && { cachedInputPerMillion }),
    source: 'list',
    asOf: pricesNotedIn,
  };
}

function match(prices: readonly ListPrice[], model: string): ListPrice | null {
  return prices.find(([pattern]) => pattern.test(model)) ?? null;
}

/** Tokens as far as they are known; those that were cached are a part of the input. */
export interface PricedTokens {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cachedTokens?: number | null;
}

/** US dollars, or null when the price or a count is unknown. Cached input costs as much as other input unless it has a price of its own. */
export function costOf({ inputTokens, outputTokens, cachedTokens }: PricedTokens, price: Price | null): number | null {
  if (!price || inputTokens === null || outputTokens === null) return null;
  const { inputPerMillion, outputPerMillion, cachedInputPerMillion = inputPerMillion } = price;
  const cached = Math.min(cachedTokens ?? 0, inputTokens);
  const dollars =
    (inputTokens - cached) * inputPerMillion + cached * cachedInputPerMillion + outputTokens * outputPerMillion;
  return dollars / 1_000_000;
}
