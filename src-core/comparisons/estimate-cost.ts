import type { PromptContent } from '../contract/content.ts';
import { textOf as templateTextOf } from '../contract/message-texts.ts';
import type { Price } from '../contract/models.ts';
import type { JsonObject } from '../contract/shared.ts';

/** Characters per token of English text, for models whose tokenizer is not at hand. */
const charactersPerToken = 4;
/** Assumed length of an answer when nothing bounds it, tokens. */
const assumedAnswer = 256;

export interface CostEstimate {
  /** US dollars of all models whose price is known; null when none is. */
  readonly dollars: number | null;
  /** How many of the models have no known price. */
  readonly unpriced: number;
}

/** A rough cost of a comparison before it starts: templates and inputs at four characters a token, answers at their bound. */
export function estimateCost(
  prompts: readonly PromptContent[],
  prices: readonly (Price | null)[],
  rows: readonly JsonObject[],
  maxTokens: number | undefined,
): CostEstimate {
  const known = prices.filter((price) => price !== null);
  const unpriced = prices.length - known.length;
  if (known.length === 0) return { dollars: null, unpriced };
  const rowTokens = rows.reduce((sum, row) => sum + tokensOf(Object.values(row).map(textOf).join('')), 0);
  let dollars = 0;
  for (const prompt of prompts) {
    const template = tokensOf(prompt.messages.map(templateTextOf).join(''));
    const input = template * rows.length + rowTokens;
    const output = Math.min(maxTokens ?? prompt.settings.maxTokens ?? assumedAnswer, assumedAnswer) * rows.length;
    for (const price of known) dollars += (input * price.inputPerMillion + output * price.outputPerMillion) / 1_000_000;
  }
  return { dollars, unpriced };
}

const tokensOf = (text: string) => Math.ceil(text.length / charactersPerToken);

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
