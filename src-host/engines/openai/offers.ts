import type { ModelOffer } from '../../../src-core/ports.ts';

type Facts = Readonly<Record<string, unknown>>;

const perMillion = 1_000_000;

/** What some endpoints tell of a model beside its name; each in its own way, and every field is doubted. */
export function offerOf(model: string, entry: Facts): ModelOffer {
  const price = perTokenPrice(factsIn(entry.pricing)) ?? perMillionPrice(factsIn(entry.pricing)) ?? venicePrice(entry);
  return { model, price, contextLength: contextLengthOf(entry) };
}

/** OpenRouter: dollars per token, as text; -1 where it depends. */
function perTokenPrice({ prompt, completion }: Facts): ModelOffer['price'] {
  return priceOf(dollars(prompt) * perMillion, dollars(completion) * perMillion);
}

/** Together: dollars per million tokens. */
function perMillionPrice({ input, output }: Facts): ModelOffer['price'] {
  return priceOf(dollars(input), dollars(output));
}

/** Venice: the same, inside of the model's specification. */
function venicePrice(entry: Facts): ModelOffer['price'] {
  const { input, output } = factsIn(factsIn(entry.model_spec).pricing);
  return priceOf(dollars(factsIn(input).usd), dollars(factsIn(output).usd));
}

function priceOf(inputPerMillion: number, outputPerMillion: number): ModelOffer['price'] {
  if (!(inputPerMillion >= 0 && outputPerMillion >= 0)) return null;
  return { inputPerMillion: rounded(inputPerMillion), outputPerMillion: rounded(outputPerMillion) };
}

/** 0.0000025 × 1 000 000 is not quite 2.5. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** NaN for what is no number. */
function dollars(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** OpenRouter and Together, Groq, vLLM, Mistral and LM Studio, llama-server, Venice. */
function contextLengthOf(entry: Facts): number | null {
  const candidates: readonly unknown[] = [
    entry.context_length,
    entry.context_window,
    entry.max_model_len,
    entry.max_context_length,
    factsIn(entry.meta).n_ctx_train,
    factsIn(entry.model_spec).availableContextTokens,
  ];
  return candidates.find(isLength) ?? null;
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

function factsIn(value: unknown): Facts {
  return typeof value === 'object' && value !== null ? (value as Facts) : {};
}
